"""How an armature's bones stand over time: by its curves where nothing else moves it, else as Blender shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bpy
import numpy as np

from ....motion.arrays import Array, Indices
from ....motion.eulers import matrix_from_eulers
from ....motion.retarget.rig.rig import Rig
from ....motion.retarget.rig.rig_pose import posed_bones
from ....motion.rotations import matrix_from_axis_angle, matrix_from_quaternion, nearest_rotation
from ...curves import curves_of, keys_of, values_at
from ...hypotheses.kept_hypotheses import main_motion_shown
from .held_values import bone_path
from .moved_besides import carriers_of, stirs_itself
from .pose_channels import rotation_property
from .read_rig import refuse_hidden

_SAME_SCALE = 1e-4


def stand_over_time(
    armature: bpy.types.Object, rig: Rig, frames: Array, bones: Indices
) -> Callable[[], tuple[Array, Array]]:  # fmt: skip
    """Gives R_world_from_bone [T, N, 3, 3] and heads [T, N, 3] m of the rig's bones [N] at scene frames [T].

    Read now, and worked out when the function that comes back is called: without Blender, in any thread.
    """
    if not is_moved_by_curves_alone(armature):
        with main_motion_shown(armature):
            shown = shown_over_time(armature, [rig.names[bone] for bone in bones], frames)
        return lambda: shown
    poses = _poses(armature, rig, frames)
    return lambda: _in_world(rig, bones, *posed_bones(rig, *poses))


def _in_world(rig: Rig, bones: Indices, R_rig_from_bone: Array, heads: Array) -> tuple[Array, Array]:
    return rig.R_world_from_rig @ R_rig_from_bone[:, bones], rig.to_world(heads[:, bones])


def shown_over_time(armature: bpy.types.Object, names: Sequence[str], frames: Array) -> tuple[Array, Array]:
    """R_world_from_bone [T, N, 3, 3] and heads [T, N, 3] m of bones as Blender evaluates them; the frame comes back.

    Raises Refusal for an armature that is hidden, which Blender does not evaluate.
    """
    refuse_hidden(armature)
    scene = bpy.context.scene
    before = scene.frame_current, scene.frame_subframe
    place = {bone.name: index for index, bone in enumerate(armature.pose.bones)}
    places = [place[name] for name in names]
    matrices, poses = np.empty((len(frames), len(names), 4, 4)), np.empty(16 * len(place), dtype=np.float32)
    try:
        for index, frame in enumerate(frames):
            scene.frame_set(int(frame // 1), subframe=float(frame % 1))
            seen = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
            seen.pose.bones.foreach_get("matrix", poses)   # which come column by column
            matrices[index] = np.array(seen.matrix_world) @ poses.reshape(-1, 4, 4)[places].swapaxes(-1, -2)
    finally:
        scene.frame_set(before[0], subframe=before[1])
    return nearest_rotation(matrices[..., :3, :3]), matrices[..., :3, 3]


def is_moved_by_curves_alone(armature: bpy.types.Object) -> bool:
    """Whether nothing but the curves of its bones' rotations and locations poses an armature that stands still."""
    animation = armature.animation_data
    has_tracks = animation is not None and animation.use_nla and any(not track.mute for track in animation.nla_tracks)
    if animation is None or animation.action is None or animation.drivers or has_tracks:
        return False
    is_mixed = animation.action_influence != 1.0 or animation.action_blend_type != "REPLACE"
    bones = armature.pose.bones
    if is_mixed or armature.constraints or any(bone.constraints for bone in bones):
        return False
    if any(stirs_itself(thing) for thing in carriers_of(armature)):
        return False
    return all(map(_only_turns_or_moves, curves_of(armature))) and all(
        abs(factor - 1.0) < _SAME_SCALE for bone in bones for factor in bone.scale)  # fmt: skip


def _only_turns_or_moves(curve: bpy.types.FCurve) -> bool:
    """Whether a curve turns or moves a bone, or poses nothing: scales of 1, custom properties."""
    if curve.data_path.endswith(".scale"):
        return len(curve.keyframe_points) > 0 and np.abs(keys_of(curve)[:, 1] - 1.0).max() < _SAME_SCALE
    is_pose = curve.data_path.endswith((".location", ".rotation_quaternion", ".rotation_euler", ".rotation_axis_angle"))
    return curve.data_path.startswith('["') or (is_pose and curve.data_path.startswith("pose.bones") and not curve.mute)


def _poses(armature: bpy.types.Object, rig: Rig, frames: Array) -> tuple[Array, Array]:
    """R_basis [T, B, 3, 3] and locations [T, B, 3] by the curves; what has none stays as it is posed now."""
    curves = {(curve.data_path, curve.array_index): curve for curve in curves_of(armature)}
    R_basis = np.tile(rig.R_rest_from_posed, (len(frames), 1, 1, 1))
    locations = np.tile(rig.posed_locations, (len(frames), 1, 1))
    for place, name in enumerate(rig.names):
        bone = armature.pose.bones[name]
        turned = _channel(curves, bone, rotation_property(bone.rotation_mode), frames)
        if turned is not None:
            R_basis[:, place] = _matrices(bone.rotation_mode, turned)
        moved = _channel(curves, bone, "location", frames)
        if moved is not None:
            locations[:, place] = moved
    return R_basis, locations


def _channel(
    curves: dict[tuple[str, int], bpy.types.FCurve], bone: bpy.types.PoseBone, name: str, frames: Array
) -> Array | None:  # fmt: skip
    """A property [T, 3 or 4] over time, None where no curve moves it."""
    path, now = bone_path(bone.name, name), getattr(bone, name)
    found = [curves.get((path, index)) for index in range(len(now))]
    if not any(found):
        return None
    return np.stack([np.full(len(frames), value) if curve is None else values_at(curve, frames)
                     for curve, value in zip(found, now, strict=True)], axis=-1)  # fmt: skip


def _matrices(mode: str, values: Array) -> Array:
    """[T, 3, 3] of a bone's rotation [T, 3 or 4] in its own mode."""
    if mode == "QUATERNION":
        return matrix_from_quaternion(np.where(np.any(values, axis=-1, keepdims=True), values, (1.0, 0.0, 0.0, 0.0)))
    if mode == "AXIS_ANGLE":
        lengths = np.linalg.norm(values[:, 1:], axis=-1, keepdims=True)
        return matrix_from_axis_angle(values[:, :1] * values[:, 1:] / np.where(lengths > 1e-9, lengths, 1.0))
    return matrix_from_eulers(values, mode)
