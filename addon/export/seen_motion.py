"""What a rig does, frame by frame, seen in a scene of its own: the artist's scene stays as it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import bpy
import numpy as np

from ...motion.arrays import Array, Indices
from ...motion.refusal import Refusal
from ..curves import curves_of
from ..hypotheses.kept_hypotheses import main_motion_shown
from ..scene_clock import clock_of

_EVEN = 1e-3   # relative: scales that differ less are one


@dataclass(frozen=True, eq=False)
class SeenMotion:
    """Some bones of an armature in the world, scale and all, whatever moves them."""

    frames: Indices          # [T] of the scene, whole
    rate: Fraction           # frames a second
    world_from_bone: Array   # [T, B, 4, 4]; columns have the length of the bone's scale times the object's
    world_from_object: Array   # [T, 4, 4]


def seen_motion(
    character: bpy.types.Object, bones: Sequence[int], frames: Indices, scene: bpy.types.Scene,
    report: Callable[[float], None] = lambda _: None,
) -> SeenMotion:  # fmt: skip
    """The motion of some bones of a character at whole frames [T] of `scene`, with constraints, drivers and layers.

    Works on linked and hidden rigs and in Pose Mode. Keys write their values into the rig meanwhile: whoever calls
    keeps these (kept_values.py). Raises Refusal for an uneven or negative scale of the object.
    """
    whole_pose = np.empty((len(character.pose.bones), 16), dtype=np.float32)
    in_object = np.empty((len(frames), len(bones), 4, 4))
    objects, chosen = np.empty((len(frames), 4, 4)), list(bones)
    with workshop(scene, scene.name) as room, _shown(character), main_motion_shown(character):
        room.collection.objects.link(character)
        for place, frame in enumerate(frames):
            room.frame_set(int(frame))
            seen = character.evaluated_get(room.view_layers[0].depsgraph)
            seen.pose.bones.foreach_get("matrix", whole_pose.ravel())
            # Blender stores matrices column by column.
            in_object[place] = np.swapaxes(whole_pose[chosen].reshape(-1, 4, 4), -1, -2)
            objects[place] = seen.matrix_world
            report((place + 1) / len(frames))
    _refuse_uneven_scale(character, objects)
    return SeenMotion(np.array(frames), clock_of(scene).rate, objects[:, None] @ in_object, objects)


def key_range(character: bpy.types.Object) -> tuple[int, int]:
    """The first and last whole frame of what moves a character, layers of the NLA too. Raises Refusal without any.

    Keys between whole frames count in the frame in which they are seen, so that as many frames leave as there are keys.
    """
    ranges = [curve.range() for curve in curves_of(character) if len(curve.keyframe_points)]
    tracks = character.animation_data.nla_tracks if character.animation_data is not None else ()
    ranges += [(strip.frame_start, strip.frame_end) for track in tracks if not track.mute
               for strip in track.strips if not strip.mute]  # fmt: skip
    if not ranges:
        raise Refusal("no-action", f"{character.name} has no action, so that nothing moves it.",
                      "Assign its action, or choose the frames to export yourself.")  # fmt: skip
    first, last = np.floor(np.array(ranges) + 0.5).astype(int).T
    return int(first.min()), int(last.max())


@contextlib.contextmanager
def workshop(scene: bpy.types.Scene, name: str) -> Iterator[bpy.types.Scene]:
    """A scene with the clock and the units of another one, which is gone afterwards."""
    room = bpy.data.scenes.new(name)
    try:
        room.render.fps, room.render.fps_base = scene.render.fps, scene.render.fps_base
        for unit in ("system", "scale_length"):
            setattr(room.unit_settings, unit, getattr(scene.unit_settings, unit))
        yield room
    finally:
        bpy.data.scenes.remove(room)


@contextlib.contextmanager
def _shown(character: bpy.types.Object) -> Iterator[None]:
    """What is switched off for all views is not posed either, and what shows its rest position does not move."""
    was_hidden, position = character.hide_viewport, character.data.pose_position
    character.hide_viewport, character.data.pose_position = False, "POSE"
    try:
        yield
    finally:
        character.hide_viewport, character.data.pose_position = was_hidden, position


def _refuse_uneven_scale(character: bpy.types.Object, world_from_object: Array) -> None:
    lengths = np.linalg.norm(world_from_object[:, :3, :3], axis=1)
    if np.linalg.det(world_from_object[:, :3, :3]).min() <= 0.0:
        raise Refusal("mirrored", f"The object {character.name} is mirrored by a negative scale.",
                      "Give its three scales one positive number.")  # fmt: skip
    if np.any(np.ptp(lengths, axis=1) > _EVEN * lengths.max(axis=1)):
        sizes = ", ".join(f"{length:.3g}" for length in lengths[0])
        raise Refusal("uneven-scale", f"The object {character.name} is scaled unevenly ({sizes}).",
                      "Give its three scales one positive number.")  # fmt: skip
