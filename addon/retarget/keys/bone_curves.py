"""The curves of a character's bones as arrays, and fewer keys in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass

import bpy
import numpy as np

from ....motion.arrays import Array, Indices
from ....motion.retarget.keys.bone_ends import CHANNEL_COUNT, ROTATION_COUNT
from ...curves import curves_of, keys_of, values_at
from ..rig.pose_channels import CHANNELS, rotation_property

_PATH = re.compile(r'pose\.bones\["(?P<bone>(?:[^"\\]|\\.)*)"\]\.(?P<property>location|rotation_\w+)')
_SWITCH = re.compile(r'pose\.bones\["(?:[^"\\]|\\.)*"\](?:\.constraints\["(?:[^"\\]|\\.)*"\])?'
                     r'(?:\["(?P<custom>(?:[^"\\]|\\.)*)"\]|\.(?P<own>\w+))')
_SAME_FRAME = 1e-3


@dataclass(frozen=True, eq=False)
class BoneCurves:
    """What an action says of K bones over the T frames in which it has keys, or in all where these are few."""

    bones: tuple[str, ...]
    frames: Array           # [T] rising
    channels: Array         # [T, 7 K] as motion/retarget/keys/bone_ends.py has them
    curves: tuple[tuple[int, bpy.types.FCurve], ...]   # which channel each curve is

    def reordered(self, bones: tuple[str, ...]) -> BoneCurves:
        """With the bones in another order."""
        order = np.array([self.bones.index(name) for name in bones])
        columns = (CHANNEL_COUNT * order[:, None] + np.arange(CHANNEL_COUNT)).ravel()
        place = np.argsort(columns)
        return BoneCurves(bones, self.frames, self.channels[:, columns],
                          tuple((int(place[channel]), curve) for channel, curve in self.curves))  # fmt: skip


def read_curves(character: bpy.types.Object) -> BoneCurves:
    """The rotations and locations that a character's action keys; bones without such keys are left out."""
    found = _transforms(character)
    bones = tuple(dict.fromkeys(name for name, _, _ in found))
    keyed = [keys_of(curve)[:, 0] for _, _, curve in found]
    frames = _frames(np.concatenate(keyed)) if keyed else np.zeros(0)
    channels = np.tile(np.concatenate([_now(character.pose.bones[name]) for name in bones] or [[]]), (len(frames), 1))
    curves = []
    for name, offset, curve in found:
        channel = CHANNEL_COUNT * bones.index(name) + offset
        channels[:, channel] = values_at(curve, frames)
        curves.append((channel, curve))
    return BoneCurves(bones, frames, channels, tuple(curves))


def held_values(character: bpy.types.Object) -> list[tuple[bpy.types.bpy_struct, str, float]]:
    """What else than its transforms the action keys on the character's bones and constraints, as it is at first:
    whose number, its name and value.
    """
    values = []
    for curve in curves_of(character):
        match = _SWITCH.fullmatch(curve.data_path)
        if match and match["own"] not in CHANNELS and len(curve.keyframe_points):
            name = bpy.utils.unescape_identifier(match["custom"]) if match["custom"] is not None else match["own"]
            end = f'["{match["custom"]}"]' if match["custom"] is not None else f'.{name}'
            owner = character.path_resolve(curve.data_path.removesuffix(end), False)
            values.append((owner, name, curve.evaluate(curve.range()[0])))
    return values


def thin_out(read: BoneCurves, keys: Indices, slopes: Array) -> None:
    """Give the curves keys in N of their frames, [N], with slopes [N, 7 K] a frame; those that never move keep one.

    The numbers of a rotation, and those of a location, stay together.
    """
    moving = _moving_together(read)
    for channel, curve in read.curves:
        values = read.channels[:, channel]
        chosen = keys if moving[channel] else keys[:1]
        _write_bezier(curve, read.frames[chosen], values[chosen], slopes[: len(chosen), channel])


def _transforms(character: bpy.types.Object) -> list[tuple[str, int, bpy.types.FCurve]]:
    """Bone, which of its channels, and the curve, of what Blender obeys."""
    found = []
    for curve in curves_of(character):
        match = _PATH.fullmatch(curve.data_path)
        name = bpy.utils.unescape_identifier(match["bone"]) if match else ""
        if name not in character.pose.bones or not len(curve.keyframe_points):
            continue
        if match["property"] == "location":
            found.append((name, ROTATION_COUNT + curve.array_index, curve))
        elif match["property"] == rotation_property(character.pose.bones[name].rotation_mode):
            found.append((name, curve.array_index, curve))
    return found


def _frames(keyed: Array) -> Array:
    """The frames of all keys, and whole frames too where keys lie farther apart."""
    frames = np.unique(keyed)
    if np.diff(frames).max(initial=0.0) > 1.0 + _SAME_FRAME:
        frames = np.unique(np.concatenate([frames, np.arange(np.ceil(frames[0]), frames[-1])]))
    return frames[np.diff(frames, prepend=-np.inf) > _SAME_FRAME]


def _now(bone: bpy.types.PoseBone) -> Array:
    """The seven channels that a bone has now, for those without keys."""
    rotation = tuple(getattr(bone, rotation_property(bone.rotation_mode)))
    return np.array([*rotation, *(0.0,) * (4 - len(rotation)), *bone.location])


def _moving_together(read: BoneCurves) -> Array:
    """[7 K] whether a channel or another one of its property ever moves."""
    moves = (np.ptp(read.channels, axis=0) > 0.0).reshape(-1, CHANNEL_COUNT)
    together = np.empty_like(moves)
    for part in (slice(0, ROTATION_COUNT), slice(ROTATION_COUNT, None)):
        together[:, part] = moves[:, part].any(axis=1, keepdims=True)
    return together.ravel()


def _write_bezier(curve: bpy.types.FCurve, frames: Array, values: Array, slopes: Array) -> None:
    """Keys whose handles reach a third of the way to their neighbours: Blender then plays a cubic Hermite curve."""
    thirds = np.diff(frames) / 3.0
    before, after = np.append(thirds[:1], thirds), np.append(thirds, thirds[-1:])
    if len(frames) == 1:
        before = after = np.ones(1)
    points = curve.keyframe_points
    points.clear()
    points.add(len(frames))
    for name, reach in (("co", 0.0), ("handle_left", -before), ("handle_right", after)):
        both = np.stack([frames + reach, values + reach * slopes], axis=-1).astype(np.float32)
        points.foreach_set(name, both.ravel())
    for name, kind in (("interpolation", "BEZIER"), ("handle_left_type", "ALIGNED"), ("handle_right_type", "ALIGNED")):
        number = bpy.types.Keyframe.bl_rna.properties[name].enum_items[kind].value
        points.foreach_set(name, np.full(len(frames), number, dtype=np.int32))
    curve.update()
