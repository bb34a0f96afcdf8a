"""Poses over time as the numbers that a bone's channels take, in its own rotation mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.eulers import eulers_from_matrix, matrix_from_eulers
from ....motion.retarget.rig.rig_keys import RigKeys
from ....motion.rotations import quaternion_from_matrix, same_half_sphere
from ..rig.pose_channels import rotation_property

_OF_FOUR = ("QUATERNION", "AXIS_ANGLE")


@dataclass(frozen=True, eq=False)
class Channel:
    """A property of a bone over T frames."""

    bone: str
    property: str       # such as rotation_quaternion
    index: int
    values: Array       # [T]


def channels_of(character: bpy.types.Object, keys: RigKeys) -> tuple[list[Channel], list[str]]:
    """All channels that keys ask for, and a note for each bone whose locks keep some of them as they are.

    Quaternions stay on one half-sphere, angles count on beyond whole turns.
    """
    bones = [character.pose.bones[name] for name in keys.bones]
    channels, notes = [], []
    turns = _turns(bones, keys)
    for index, bone in enumerate(bones):
        wanted = list(turns.get(index, ()))
        if keys.moves[index]:
            wanted += [Channel(bone.name, "location", axis, keys.locations[:, index, axis]) for axis in range(3)]
        channels += [channel for channel in wanted if not _is_locked(bone, channel)]
        if locked := _locked_words(bone, bool(keys.moves[index]), bool(keys.turns[index])):
            notes.append(f"{bone.name} keeps its locked {locked}")
    return channels, notes


def _turns(bones: Sequence[bpy.types.PoseBone], keys: RigKeys) -> dict[int, list[Channel]]:
    """The channels of rotations by the bone's place in keys, all bones of one rotation mode at a time."""
    by_mode: dict[str, list[int]] = {}
    for index, bone in enumerate(bones):
        if keys.turns[index] and not _is_held(bone):
            by_mode.setdefault(bone.rotation_mode, []).append(index)
    turns = {}
    for mode, places in by_mode.items():
        R = keys.R_basis[:, places]
        for at, place in enumerate(places):
            if _turns_within_locks(bones[place]):
                R[:, at] = _within_locks(bones[place], R[:, at])
        name, values = rotation_property(mode), _numbers(mode, R)
        for at, place in enumerate(places):
            turns[place] = [Channel(bones[place].name, name, part, values[:, at, part])
                            for part in range(values.shape[-1])]  # fmt: skip
    return turns


def _numbers(mode: str, R: Array) -> Array:
    """What rotations [T, N, 3, 3] are in a rotation mode: [T, N, 3 or 4]."""
    if mode == "QUATERNION":
        return same_half_sphere(quaternion_from_matrix(R))
    return axis_angles(R) if mode == "AXIS_ANGLE" else eulers_from_matrix(R, mode)


def axis_angles(R: Array) -> Array:
    """Angle rad and unit axis [T, ..., 4] of rotations [T, ..., 3, 3] over time, without jumps of either."""
    wxyz = same_half_sphere(quaternion_from_matrix(R))
    sine = np.linalg.norm(wxyz[..., 1:], axis=-1, keepdims=True)
    axis = _last_known(wxyz[..., 1:] / np.maximum(sine, 1e-12), sine[..., 0] > 1e-6)
    axis = same_half_sphere(axis)
    half = np.arctan2(np.sum(wxyz[..., 1:] * axis, axis=-1), wxyz[..., 0])
    return np.concatenate([2.0 * np.unwrap(half, axis=0)[..., None], axis], axis=-1)


def _last_known(axis: Array, known: Array) -> Array:
    """Axes [T, ..., 3] where they are known, else as before; Blender's own, Y, where no turn ever tells one."""
    frames = np.arange(len(axis)).reshape((-1,) + (1,) * (known.ndim - 1))
    latest = np.maximum.accumulate(np.where(known, frames, -1), axis=0)
    latest = np.where(latest < 0, np.argmax(known, axis=0), latest)
    held = np.take_along_axis(axis, latest[..., None], axis=0)
    return np.where(known.any(axis=0)[..., None], held, np.array([0.0, 1.0, 0.0]))


def _is_locked(bone: bpy.types.PoseBone, channel: Channel) -> bool:
    if channel.property == "location":
        return bone.lock_location[channel.index]
    if channel.property == "rotation_euler":
        return bone.lock_rotation[channel.index]
    if not bone.lock_rotations_4d:
        return False
    return bone.lock_rotation_w if channel.index == 0 else bone.lock_rotation[channel.index - 1]


def _is_held(bone: bpy.types.PoseBone) -> bool:
    """Whether no turn at all is left free."""
    goes_by_w = bone.lock_rotations_4d and bone.rotation_mode in _OF_FOUR
    return all(bone.lock_rotation) and (bone.lock_rotation_w or not goes_by_w)


def _turns_within_locks(bone: bpy.types.PoseBone) -> bool:
    """Whether locks speak of angles that the bone's own four numbers do not have."""
    return bone.rotation_mode in _OF_FOUR and not bone.lock_rotations_4d and any(bone.lock_rotation)


def _within_locks(bone: bpy.types.PoseBone, R: Array) -> Array:
    """Rotations [T, 3, 3] less what is locked: as Blender's own tools do it, in Euler angles XYZ."""
    angles = eulers_from_matrix(R, "XYZ")
    now = bone.matrix_basis.to_euler("XYZ")
    for axis in range(3):
        if bone.lock_rotation[axis]:
            angles[:, axis] = now[axis]
    return matrix_from_eulers(angles, "XYZ")


def _locked_words(bone: bpy.types.PoseBone, moves: bool, turns: bool) -> str:
    """Such as "location X, Z and rotation", "" where nothing is locked that is to be keyed."""
    words = []
    if moves:
        words += _words("location", bone.lock_location, "XYZ")
    if turns and bone.lock_rotations_4d and bone.rotation_mode in _OF_FOUR:
        words += _words("rotation", (bone.lock_rotation_w, *bone.lock_rotation), "WXYZ")
    elif turns:
        words += _words("rotation", bone.lock_rotation, "XYZ")
    return " and ".join(words)


def _words(name: str, locks: Sequence[bool], letters: str) -> list[str]:
    locked = [letter for letter, lock in zip(letters, locks, strict=True) if lock]
    return [name if len(locked) == len(letters) else f"{name} {', '.join(locked)}"] if locked else []
