"""Poses read from the keys of an armature's bones, and written into them where something changed."""

from __future__ import annotations

from collections.abc import Iterable

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.motion import Motion
from ...motion.refusal import Refusal
from ...motion.skeleton import JOINT_NAMES
from ..action import bone_curves, bone_transforms, poses_of_bones
from ..curves import Keys, interpolation, values_at

_IDENTITY_WXYZ = (1.0, 0.0, 0.0, 0.0)
_PLACE = 'pose.bones["pelvis"].location'
_SAME = 1e-9         # between entries of rotations
_ROUNDING = 1e-5     # of keys and of bones at rest, which have 32 bits
_SAME_FRAME = 1e-3
# All that a key holds, in numbers; the rest of the artist's keys comes back with these.
_PARTS = {"co": 2, "handle_left": 2, "handle_right": 2, "handle_left_type": 1, "handle_right_type": 1,
          "interpolation": 1, "easing": 1, "type": 1, "back": 1, "amplitude": 1, "period": 1}  # fmt: skip
_VALUED = ("co", "handle_left", "handle_right")


def keyed_poses(
    person: bpy.types.Object, curves: Iterable[bpy.types.FCurve], frames: Array
) -> tuple[Array, Array]:  # fmt: skip
    """R_parent_from_joint [T, 55, 3, 3] and root_world [T, 3] that curves give a person at frames [T].

    What has no curve is at rest. Raises Refusal for bones that are not turned by quaternions.
    """
    return poses_of_bones(person, *_channels(person, curves, frames))


def write_changed(person: bpy.types.Object, before: Motion, after: Motion, frames: Array) -> None:
    """Key what differs between two motions of the same frames [T], at these scene frames, in a person's action.

    Bones that move alike keep their keys, and so do all bones before and behind these frames.
    """
    changed = np.abs(after.R_parent_from_joint - before.R_parent_from_joint).max(axis=(0, 2, 3), initial=0.0) > _SAME
    curves = {(curve.data_path, curve.array_index): curve for curve in bone_curves(person)}
    keys, (now_wxyz, now_places) = Keys(person, person.name), _channels(person, curves.values(), frames)
    wxyz, locations = bone_transforms(person, after)
    for joint in np.flatnonzero(changed):
        own = [curves.get((_turn(JOINT_NAMES[joint]), part)) for part in range(4)]
        same_side = _joined(own, now_wxyz[:, joint], wxyz[:, joint], frames[-1])
        for part, curve in enumerate(own):
            _put(keys, curve, _turn(JOINT_NAMES[joint]), part, JOINT_NAMES[joint], frames, same_side[:, part])
    if np.abs(after.root_world - before.root_world).max(initial=0.0) > _SAME:
        places = _kept_where_same(now_places, locations)
        for axis in range(3):
            _put(keys, curves.get((_PLACE, axis)), _PLACE, axis, JOINT_NAMES[0], frames, places[:, axis])


def _turn(bone_name: str) -> str:
    return f'pose.bones["{bone_name}"].rotation_quaternion'


def _channels(
    person: bpy.types.Object, curves: Iterable[bpy.types.FCurve], frames: Array
) -> tuple[Array, Array]:  # fmt: skip
    """Rotations wxyz [T, 55, 4] and the pelvis' location [T, 3], as Blender has them."""
    _refuse_eulers(person)
    by_name = {(curve.data_path, curve.array_index): curve for curve in curves}
    wxyz, locations = np.tile(_IDENTITY_WXYZ, (len(frames), len(JOINT_NAMES), 1)), np.zeros((len(frames), 3))
    for joint, name in enumerate(JOINT_NAMES):
        for part in range(4):
            if (curve := by_name.get((_turn(name), part))) is not None:
                wxyz[:, joint, part] = values_at(curve, frames)
    for axis in range(3):
        if (curve := by_name.get((_PLACE, axis))) is not None:
            locations[:, axis] = values_at(curve, frames)
    return np.where(np.any(wxyz, axis=-1, keepdims=True), wxyz, _IDENTITY_WXYZ), locations


def _refuse_eulers(person: bpy.types.Object) -> None:
    other = [name for name in JOINT_NAMES if person.pose.bones[name].rotation_mode != "QUATERNION"]
    if other:
        raise Refusal("no-quaternions", f"The bone {other[0]} of {person.name} is not turned by a quaternion.",
                      "Choose Pose > Convert Rotation Modes > Quaternion for it.")  # fmt: skip


def _joined(curves: list[bpy.types.FCurve | None], now_wxyz: Array, wxyz: Array, last_frame: float) -> Array:
    """Rotations [T, 4] on the half-sphere of the keys before them; those behind are brought to theirs."""
    if now_wxyz[0] @ wxyz[0] < 0.0:
        wxyz = -wxyz
    if now_wxyz[-1] @ wxyz[-1] < 0.0:   # q and -q are one rotation, but not what lies between them
        for curve in filter(None, curves):
            _negate_behind(curve, last_frame)
    return _kept_where_same(-now_wxyz, _kept_where_same(now_wxyz, wxyz))


def _kept_where_same(now: Array, new: Array) -> Array:
    """New values [T, N], with those of now, to the bit, in frames in which they differ only by rounding."""
    is_same = np.abs(now - new).max(axis=-1, keepdims=True) < _ROUNDING
    return np.where(is_same, now, new)


def _put(
    keys: Keys, curve: bpy.types.FCurve | None, path: str, index: int, group: str, frames: Array, values: Array
) -> None:  # fmt: skip
    if curve is None:
        keys.add(path, index, group, frames, values)
    else:
        _replace_between(curve, frames, values)


def _replace_between(curve: bpy.types.FCurve, frames: Array, values: Array) -> None:
    """Put straight keys [T] in the place of those from the first to the last frame; all others stay as they are."""
    at = _part_of(curve, "co")[:, 0]
    first, last = int(np.sum(at < frames[0] - _SAME_FRAME)), int(np.sum(at <= frames[-1] + _SAME_FRAME))
    if last - first != len(frames) or np.abs(at[first:last] - frames).max() > _SAME_FRAME:
        _make_room(curve, first, last, len(frames))
    stop = first + len(frames)
    places = np.stack([frames, values], axis=-1)
    for name, between in [*((name, places) for name in _VALUED), ("interpolation", interpolation("LINEAR"))]:
        part = _part_of(curve, name)
        part[first:stop] = between
        _write_part(curve, name, part)
    curve.update()


def _make_room(curve: bpy.types.FCurve, first: int, last: int, count: int) -> None:
    """Put `count` new keys in the place of those from `first` to before `last`."""
    before = {name: _part_of(curve, name) for name in _PARTS}
    after = len(before["co"]) - last
    curve.keyframe_points.clear()
    curve.keyframe_points.add(first + count + after)
    for name, old in before.items():
        part = _part_of(curve, name)
        part[:first], part[first + count:] = old[:first], old[last:]
        _write_part(curve, name, part)


def _negate_behind(curve: bpy.types.FCurve, frame: float) -> None:
    behind = _part_of(curve, "co")[:, 0] > frame + _SAME_FRAME
    for name in _VALUED:
        part = _part_of(curve, name)
        part[behind, 1] *= -1.0
        _write_part(curve, name, part)
    curve.update()


def _part_of(curve: bpy.types.FCurve, name: str) -> np.ndarray:
    """One thing that a curve's keys hold, [N, 1 or 2]."""
    part = np.empty((len(curve.keyframe_points), _PARTS[name]), dtype=_kind(name))
    curve.keyframe_points.foreach_get(name, part.ravel())
    return part


def _write_part(curve: bpy.types.FCurve, name: str, part: np.ndarray) -> None:
    curve.keyframe_points.foreach_set(name, part.ravel())


def _kind(name: str) -> type:
    return np.float32 if bpy.types.Keyframe.bl_rna.properties[name].type == "FLOAT" else np.int32

