"""The motions that can be brought to a character: a person of a take, a file, any armature that moves."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from ...motion.arrays import Array, Mask
from ...motion.body import BodyModel
from ...motion.contacts.body_points import figure_of
from ...motion.figure import Figure
from ...motion.motion import Motion
from ...motion.refusal import Refusal
from ...motion.retarget.mapping.find_mapping import find_mapping
from ...motion.retarget.rig.rig import Rig
from ...motion.retarget.settings import RetargetSettings
from ...motion.retarget.source.rig_as_source import source_of_rig
from ...motion.retarget.source.source_contacts import as_large, contacts_of
from ...motion.retarget.source.source_pose import R_WORLD_FROM_REST, SourcePose
from ...motion.retarget.target.build_target import target_of
from ...motion.skeleton import JOINT_NAMES, Skeleton
from ..action import refuse_missing_bones
from ..body_mesh import body_of
from ..body_model import body_model
from ..clean_up_take import is_person, source_of
from ..contact_strips import property_of
from ..curves import curves_of, keys_of, values_at
from ..imported_files import grouped_by_take, people_in
from ..scene_clock import clock_of
from .panel.character import remembered
from .panel.found_mapping import tables
from .rig.bones_over_time import stand_over_time
from .rig.names_before import names_before
from .rig.own_table import own_table
from .rig.read_rig import read_rig

_EVEN = 1e-3        # of a frame, between keys that lie evenly
_SAME_REST_M = 1e-4


@dataclass(eq=False)
class Source:
    """A motion as it is now, and where it lies in the scene's time.

    What takes long, its contacts, is worked out when it is first asked for; any thread may be the one that does.
    """

    motion: SourcePose | Callable[[], SourcePose]   # the latter touches nothing of Blender's
    frames: Array    # [T] scene frames, evenly spaced
    name: str        # of the motion

    @property
    def is_worked_out(self) -> bool:
        return not callable(self.motion)

    @property
    def pose(self) -> SourcePose:
        if callable(self.motion):
            self.motion = self.motion()
        return self.motion


def source_of_person(person: bpy.types.Object, context: bpy.types.Context) -> Source:
    """What a person of a take does by its keys as they are now, with the contacts as they stand in its channels.

    Raises Refusal when it has no motion or lacks bones.
    """
    refuse_missing_bones(person)
    rig, frames = read_rig(person), motion_frames(person)
    stand = stand_over_time(person, rig, frames, np.array([rig.bone(name) for name in JOINT_NAMES]))
    figure, rate = _figure(person, rig, context), _rate(frames, context)
    said = _said(person, figure, frames)
    return Source(lambda: _pose_of_person(rig, figure, rate, said, *stand()), frames, person.name)


def _pose_of_person(
    rig: Rig, figure: Figure, rate: float, said: dict[str, Mask], R_world_from_bone: Array, heads_world: Array
) -> SourcePose:  # fmt: skip
    joints = [rig.bone(name) for name in JOINT_NAMES]
    R_world_from_joint = R_world_from_bone @ np.swapaxes(rig.R_rig_from_bone[joints], -1, -2) @ R_WORLD_FROM_REST
    # Contacts are decided where the take's floor is level and at z = 0, and people are as large as they were.
    R_take_from_joint = rig.R_world_from_rig.T @ R_world_from_joint
    joints_take = (heads_world - rig.origin_world) @ rig.R_world_from_rig / rig.scale
    contacts = contacts_of(figure, R_take_from_joint, joints_take, rate, said=said)
    figure, contacts = as_large(figure, contacts, rig.scale)
    return SourcePose(figure, rate, R_world_from_joint, heads_world, contacts, float(rig.origin_world[2]))


def source_of_file(path: Path, context: bpy.types.Context, y_up: bool = False) -> Source:
    """What a motion file has, from the scene's first frame on; `y_up` turns archives that do not say which axis is up.

    Raises Refusal when it cannot be read.
    """
    path = path.absolute()
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    model = body_model(context)
    motion = _read(path, changed, model, y_up)
    (name, _), = grouped_by_take([path])   # fmt: skip
    frames = clock_of(context.scene).frames(motion.times_s)
    return Source(lambda: _pose_of_file(path, changed, model, y_up), frames, name)


@functools.lru_cache(maxsize=2)
def _pose_of_file(path: Path, changed: int, model: BodyModel, y_up: bool) -> SourcePose:
    motion = _read(path, changed, model, y_up)
    return _pose_of(motion, figure_of(body_of(motion, model)))


@functools.lru_cache(maxsize=2)
def _read(path: Path, changed: int, model: BodyModel, y_up: bool) -> Motion:
    """The motion of a file. `changed` only makes a file that was replaced be read again."""
    motion = people_in([path], model, y_up)[0].motion
    if not motion.frame_count:
        raise Refusal("no-frames", f"{path.name} holds no frame.", "Choose a motion file with at least one frame.")
    return motion


def source_of_armature(armature: bpy.types.Object, context: bpy.types.Context) -> Source:
    """What any armature of the scene does; its bones are those that the artist once chose, else found by themselves.

    Raises Refusal when it does not move, or too few of its bones are known.
    """
    if is_person(armature):
        return source_of_person(armature, context)
    frames, rig = motion_frames(armature), read_rig(armature)
    chosen = remembered(armature)
    if chosen and not chosen.mapping.missing:
        mapping = chosen.mapping
    else:
        mapping = find_mapping(rig, tuple(tables().values()), names_before(armature))
    if mapping.missing:
        words = ", ".join(slot.replace("_", " ") for slot in mapping.missing)
        raise Refusal("unmapped-source", f"No bone of {armature.name} could be found for {words}.",
                      "Choose it as the character once and pick them under Bones.")  # fmt: skip
    body, table = body_model(context).shaped([]), own_table(armature, rig, mapping.family)
    target = target_of(rig, mapping, figure_of(body), RetargetSettings(), table.shown if table else {})
    stand, rate = stand_over_time(armature, rig, frames, target.shown), _rate(frames, context)
    action = armature.animation_data.action
    return Source(lambda: source_of_rig(rig, target, *stand(), rate, body), frames,
                  action.name if action else armature.name)  # fmt: skip


def motion_frames(armature: bpy.types.Object) -> Array:
    """The scene frames [T] of an armature's motion: of its keys where they lie evenly and at most a frame apart, else
    all whole frames from first to last; of its strips where its own keys are only laid over them. Raises Refusal when
    nothing moves its bones.
    """
    keyed = [keys_of(curve)[:, 0] for curve in curves_of(armature) if curve.data_path.startswith("pose.bones")]
    keyed, strips = [frames for frames in keyed if len(frames)], _strips(armature)
    if keyed and not (strips and armature.animation_data.action_blend_type != "REPLACE"):
        longest = max(keyed, key=len)
        steps = np.diff(longest)
        first, last = min(frames[0] for frames in keyed), max(frames[-1] for frames in keyed)
        if len(longest) > 1 and np.ptp(steps) < _EVEN and steps[0] < 1.0 + _EVEN and last - first <= np.ptp(longest):
            return np.linspace(longest[0], longest[-1], len(longest))
        return _whole_frames(first, last)
    if not strips:
        raise Refusal("no-motion", f"{armature.name} has no keys that move its bones.",
                      "Choose an armature with an action.")  # fmt: skip
    return _whole_frames(min(strip.frame_start for strip in strips), max(strip.frame_end for strip in strips))


def _whole_frames(first: float, last: float) -> Array:
    return np.arange(np.ceil(first - _EVEN), max(np.floor(last + _EVEN), np.ceil(first - _EVEN)) + 1.0)


def _strips(armature: bpy.types.Object) -> list[bpy.types.NlaStrip]:
    """Those that play."""
    animation = armature.animation_data
    tracks = animation.nla_tracks if animation is not None and animation.use_nla else ()
    return [strip for track in tracks if not track.mute for strip in track.strips if not strip.mute]


def _rate(frames: Array, context: bpy.types.Context) -> float:
    """Frames of the motion a second."""
    scene_rate = float(clock_of(context.scene).rate)
    return scene_rate * (len(frames) - 1) / (frames[-1] - frames[0]) if len(frames) > 1 else scene_rate


def _figure(person: bpy.types.Object, rig: Rig, context: bpy.types.Context) -> Figure:
    """The figure of a person's armature, of its file's shape where that is still there."""
    rest_joints = rig.heads[[rig.bone(name) for name in JOINT_NAMES]] @ R_WORLD_FROM_REST
    try:
        made_from = source_of(person, context)
        body, figure = made_from.body, made_from.figure
    except Refusal:   # the file is gone, the person is not
        body, figure = body_model(context).shaped([]), None
    skeleton = Skeleton(rest_joints)
    if figure is not None and np.abs(skeleton.offsets - body.skeleton.offsets).max() < _SAME_REST_M:
        return figure
    return figure_of(body.grown_to(skeleton))


def _said(person: bpy.types.Object, figure: Figure, frames: Array) -> dict[str, Mask]:
    """Whether points rest [T], by name, of those that have a channel."""
    curves = {curve.data_path: curve for curve in curves_of(person)}
    found = {name: curves.get(f'["{property_of(name)}"]') for name in figure.point_names}
    return {name: values_at(curve, frames) > 0.5 for name, curve in found.items() if curve is not None}


def _pose_of(motion: Motion, figure: Figure) -> SourcePose:
    R_world_from_joint, joints_world = figure.kinematics(motion.R_parent_from_joint, motion.root_world)
    told = dict(zip(motion.contact_names, motion.contacts.T, strict=True))
    is_decided = motion.raw is not None   # clean-up leaves 0 and 1
    contacts = contacts_of(
        figure, R_world_from_joint, joints_world, float(motion.rate), believed=told,
        said={name: values > 0.5 for name, values in told.items()} if is_decided else {},
    )  # fmt: skip
    return SourcePose(figure, float(motion.rate), R_world_from_joint, joints_world, contacts)
