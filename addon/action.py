"""A motion as an action on an armature of 55 bones."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import bpy
import numpy as np

from ..motion.arrays import Array
from ..motion.motion import Motion
from ..motion.refusal import Refusal
from ..motion.rotations import matrix_from_quaternion, quaternion_from_matrix, same_half_sphere
from ..motion.skeleton import JOINT_NAMES
from .armature import R_BLENDER_FROM_REST
from .curves import Keys, curves_of

WRITTEN = "mambocap_written"   # on an action: the fingerprint of its bones' keys as they were last written


def key_motion(armature: bpy.types.Object, motion: Motion, frames: Array, name: str) -> bpy.types.Action:
    """Put `motion` on an armature as a new action, its T poses at scene frames [T].

    Works on a new armature and on one that has an action already: the old action stays in the file.
    Raises Refusal when bones are missing.
    """
    refuse_missing_bones(armature)
    _set_old_action_aside(armature)
    keys = Keys(armature, name)
    _write(keys, armature, motion, frames)
    return keys.action


def rekey_motion(armature: bpy.types.Object, motion: Motion, frames: Array) -> bpy.types.Action | None:
    """Put `motion` into the action that an armature has, in place of the keys of its bones; other curves stay.

    Returns a copy of the old action when somebody changed its keys by hand since they were written, else None.
    Raises Refusal when bones are missing.
    """
    refuse_missing_bones(armature)
    keys = Keys(armature, armature.name)
    kept = copied_by_hand(keys.action) if is_changed_by_hand(armature) else None
    _write(keys, armature, motion, frames)
    return kept


def _write(keys: Keys, armature: bpy.types.Object, motion: Motion, frames: Array) -> None:
    for path, index, bone_name, values in bone_channels(armature, motion):
        keys.add(path, index, bone_name, frames, values)
    note_written(armature)


def bone_channels(armature: bpy.types.Object, motion: Motion) -> Iterator[tuple[str, int, str, Array]]:
    """All that is keyed of a motion: data path, index, bone and values [T], the pelvis' location first.

    The bones are turned by quaternions from here on.
    """
    for bone_name in JOINT_NAMES:
        armature.pose.bones[bone_name].rotation_mode = "QUATERNION"
    rotations_wxyz, locations = bone_transforms(armature, motion)
    for axis in range(3):
        yield 'pose.bones["pelvis"].location', axis, JOINT_NAMES[0], locations[:, axis]
    for joint, bone_name in enumerate(JOINT_NAMES):
        for part in range(4):
            yield f'pose.bones["{bone_name}"].rotation_quaternion', part, bone_name, rotations_wxyz[:, joint, part]


def is_changed_by_hand(armature: bpy.types.Object) -> bool:
    """Whether somebody changed keys of an armature's bones since they were written."""
    return bool(bone_curves(armature)) and armature.animation_data.action.get(WRITTEN) != _fingerprint(armature)


def note_written(armature: bpy.types.Object) -> None:
    """Take the keys that an armature's bones have now as written, not as changed by hand."""
    armature.animation_data.action[WRITTEN] = _fingerprint(armature)


def copied_by_hand(action: bpy.types.Action) -> bpy.types.Action:
    """A copy that stays in the file, of an action whose keys somebody changed."""
    kept = action.copy()
    kept.name, kept.use_fake_user = f"{action.name} By Hand", True
    return kept


def bone_curves(armature: bpy.types.Object) -> list[bpy.types.FCurve]:
    """The curves of an armature's bones that have keys; none without an action."""
    return [curve for curve in curves_of(armature)
            if curve.data_path.startswith("pose.bones") and len(curve.keyframe_points)]  # fmt: skip


def _fingerprint(armature: bpy.types.Object) -> str:
    """Changes with every key of a bone, but not when all are moved in time together."""
    seen = 0
    for curve in bone_curves(armature):
        points_2d = np.empty(2 * len(curve.keyframe_points), dtype=np.float32)
        curve.keyframe_points.foreach_get("co", points_2d)
        points_2d[::2] = np.round(points_2d[::2] - points_2d[0], 2)
        seen = zlib.crc32(points_2d.tobytes(), zlib.crc32(curve.data_path.encode(), seen))
    return f"{seen:08x}"


def bone_transforms(armature: bpy.types.Object, motion: Motion) -> tuple[Array, Array]:
    """What Blender calls a bone's rotation [T, 55, 4] (wxyz, sign-continuous), and the pelvis' location [T, 3].

    Both are relative to the bones' own rest places, so any tails, rolls and rest origin give the same motion.
    """
    R_blender_from_bone, pelvis = _rest_places(armature)
    R_bone_from_rest = np.swapaxes(R_blender_from_bone, -1, -2) @ R_BLENDER_FROM_REST
    R = np.array(motion.R_parent_from_joint)
    R[:, 0] = R_BLENDER_FROM_REST.T @ R[:, 0]   # the parent of the pelvis is the world, which has Z up
    wxyz = quaternion_from_matrix(R)
    # A rotation seen from other axes keeps its angle, and its axis turns with them.
    wxyz[..., 1:] = np.einsum("jab,tjb->tja", R_bone_from_rest, wxyz[..., 1:])
    return same_half_sphere(wxyz), (motion.root_world - pelvis) @ R_blender_from_bone[0]


def poses_of_bones(armature: bpy.types.Object, wxyz: Array, locations: Array) -> tuple[Array, Array]:
    """R_parent_from_joint [T, 55, 3, 3] and root_world [T, 3] of what bone_transforms gives, of any length."""
    R_blender_from_bone, pelvis = _rest_places(armature)
    R_bone_from_rest = np.swapaxes(R_blender_from_bone, -1, -2) @ R_BLENDER_FROM_REST
    turned = np.array(wxyz)
    turned[..., 1:] = np.einsum("jab,tja->tjb", R_bone_from_rest, turned[..., 1:])
    R = matrix_from_quaternion(turned)
    R[:, 0] = R_BLENDER_FROM_REST @ R[:, 0]
    return R, locations @ R_blender_from_bone[0].T + pelvis


def _rest_places(armature: bpy.types.Object) -> tuple[Array, Array]:
    """R_blender_from_bone [55, 3, 3] at rest, and the pelvis' head [3] m."""
    bones = [armature.data.bones[name] for name in JOINT_NAMES]
    return np.array([bone.matrix_local.to_3x3() for bone in bones]), np.array(bones[0].head_local)


def refuse_missing_bones(armature: bpy.types.Object) -> None:
    """Raise Refusal for an armature without the 55 bones of a person."""
    missing = [name for name in JOINT_NAMES if name not in armature.data.bones]
    if missing:
        raise Refusal("missing-bones", f"{armature.name} has no bone {', '.join(missing[:3])}.",
                      "Choose an armature that Mambocap made, with its bones' names unchanged.")  # fmt: skip


def _set_old_action_aside(armature: bpy.types.Object) -> None:
    if armature.animation_data and armature.animation_data.action:
        armature.animation_data.action.use_fake_user = True
        armature.animation_data.action = None
