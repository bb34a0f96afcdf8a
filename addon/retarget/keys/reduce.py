"""An action with few keys beside the one with all, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.hermite import curve_through
from ....motion.refusal import Refusal
from ....motion.retarget.keys.bone_ends import CHANNEL_COUNT, ROTATION_COUNT, BoneEnds
from ....motion.retarget.keys.reduce_keys import ReducedKeys, reduced_keys
from ....motion.retarget.rig.carriage import Carriage, carriage_of
from ...action import bone_curves
from ...contact_strips import title_of
from ...take_scene import SEEN
from ..rig.borrowed_rig import BorrowedRig, borrowed
from ..rig.control_rig import needs_measuring
from ..rig.measured_carriage import measured_carriage
from ..rig.read_rig import read_rig, refuse_unusable
from .assigned_action import Assigned, fingerprint
from .bone_curves import BoneCurves, held_values, read_curves, thin_out
from .correction_layer import has_correction_layer
from .kept_contacts import contact_ends
from .write_keys import refuse_tweaking

FULL, OUTCOME = "mambocap_full_keys", "mambocap_reduced"   # on a reduced action: the full one, and how it came out
_WRITTEN = "mambocap_as_reduced"   # on a reduced action: the fingerprint of its keys
_FEWEST_FRAMES = 3
_LOOKED_AT = 16         # frames in which a rig that hangs on more than its parents is posed both ways
_MOST_TRIES = 4
_SPARE = 0.95           # of what would just have been near enough


@dataclass(frozen=True, eq=False)
class _Work:
    """A character whose action is a copy with all keys, about to be thinned out."""

    character: bpy.types.Object
    read: BoneCurves
    ends: BoneEnds
    is_measured: bool      # whether the carriage was, so that Blender has the last word on errors


@dataclass(frozen=True)
class _Worst:
    error_m: float
    bone: str


def reduce_keys(character: bpy.types.Object, tolerance_m: float) -> str:
    """Give a character an action with as few keys as leave both ends of all keyed bones where they are, up to
    tolerance_m of the world. Returns how it went.

    The full action stays, with a fake user; from a reduced one it is taken again. Raises Refusal when there is nothing
    to reduce, or the character cannot be animated.
    """
    _refuse(character)
    before = Assigned.to(character)
    full = full_keys_of(character) or before.action
    reduced = full.copy()
    try:
        before.instead(character, reduced)
        work = _work(character)
        keys, worst = _solved(work, tolerance_m)
        thin_out(work.read, keys.keys, keys.slopes)
    except BaseException:
        before.again(character)
        bpy.data.actions.remove(reduced)
        raise
    if full.library is None:
        full.use_fake_user = True
    _drop_unchanged(full, reduced)
    reduced.name = f"{full.name} Reduced"
    reduced[FULL], reduced[OUTCOME] = full, _words(work, keys, worst)
    reduced[_WRITTEN] = fingerprint(reduced)
    return outcome_of(character)


def why_not_reduced(character: bpy.types.Object) -> str:
    """Why there is nothing to reduce, "" when there may be."""
    if has_correction_layer(character):
        return "Remove the correction layer first"
    has_keys = any(len(curve.keyframe_points) >= _FEWEST_FRAMES for curve in bone_curves(character))
    return "" if has_keys else f"{character.name} has no motion with keys on its bones"


def why_not_all_keys(character: bpy.types.Object) -> str:
    """Why an action is not the one to write a motion's keys into, "" when it is."""
    if has_correction_layer(character):
        return "Remove the correction layer first, under Retarget, Keys"
    return "Press Back to Full Keys first, under Retarget, Keys" if full_keys_of(character) is not None else ""


def full_keys_of(character: bpy.types.Object) -> bpy.types.Action | None:
    """The action with all keys from which the character's reduced one was made."""
    action = character.animation_data.action if character.animation_data else None
    return action.get(FULL) if action is not None else None


def bring_full_keys_back(character: bpy.types.Object) -> None:
    """Assign the full action again; the reduced one stays in the file."""
    assigned, full = Assigned.to(character), full_keys_of(character)
    assigned.action.use_fake_user = True
    assigned.instead(character, full)


def outcome_of(character: bpy.types.Object) -> str:
    """Such as "74 of 1,000 frames keep keys, at most 4.6 mm off (Left Wrist)", "" when its action was not reduced."""
    action = character.animation_data.action if character.animation_data else None
    return str(action.get(OUTCOME, "")) if action is not None else ""


def _refuse(character: bpy.types.Object) -> None:
    refuse_unusable(character)
    refuse_tweaking(character)
    if has_correction_layer(character):
        raise Refusal("correction-layer", f"{character.name} has a correction layer over its keys.",
                      "Remove the correction layer first.")  # fmt: skip
    if len(read_curves(character).frames) < _FEWEST_FRAMES:
        raise Refusal("no-keys", f"{character.name} has no motion with keys on its bones.",
                      "Choose a character with a captured or retargeted motion.")  # fmt: skip


def _work(character: bpy.types.Object) -> _Work:
    rig, read = read_rig(character), read_curves(character)
    is_measured = needs_measuring(character, read.bones)
    carriage = _measured(character, read) if is_measured else carriage_of(rig, read.bones)
    read = read.reordered(carriage.bones)
    bones = [character.pose.bones[name] for name in read.bones]
    tails = np.array([[0.0, bone.length, 0.0] for bone in bones])
    ends = BoneEnds(carriage, tuple(bone.rotation_mode for bone in bones), tails, rig.scale)
    return _Work(character, read, ends, is_measured)


def _measured(character: bpy.types.Object, read: BoneCurves) -> Carriage:
    locations = read.channels.reshape(len(read.frames), -1, CHANNEL_COUNT)[..., ROTATION_COUNT:]
    moves = np.ptp(locations, axis=0).any(axis=-1)
    moving = [name for name, does in zip(read.bones, moves, strict=True) if does]
    with _switched_as_keyed(character) as rig:
        return measured_carriage(character, rig, read.bones, moving).carriage


@contextmanager
def _switched_as_keyed(character: bpy.types.Object) -> Iterator[BorrowedRig]:
    """The character without its action, but with the switches that this sets."""
    values = held_values(character)
    with borrowed(character) as rig:
        for owner, name, value in values:
            rig.switch(owner, name, value)
        yield rig


def _solved(work: _Work, tolerance_m: float) -> tuple[ReducedKeys, _Worst]:
    """The keys, and what is farthest off. On a measured rig the tolerance shrinks until Blender finds it kept."""
    read, names = work.read, work.read.bones
    always, wanted_m = contact_ends(work.character, read.frames), tolerance_m
    look = _Look(work) if work.is_measured else None
    for _ in range(_MOST_TRIES):
        keys = reduced_keys(read.frames, read.channels, work.ends.points, wanted_m, always)
        worst = _Worst(float(keys.error_m.max()), names[keys.worst_point % len(names)])
        if look is not None:
            worst = max(worst, look.worst(keys), key=lambda each: each.error_m)
        if worst.error_m <= tolerance_m:
            break
        wanted_m *= _SPARE * tolerance_m / worst.error_m
    return keys, worst


class _Look:
    """Where Blender has the ends of deforming and keyed bones, in some frames."""

    def __init__(self, work: _Work) -> None:
        bones = [bone for bone in work.character.data.bones if bone.use_deform or bone.name in work.read.bones]
        self._work = work
        self._names, self._lengths = [bone.name for bone in bones], np.array([bone.length for bone in bones])
        self._frames = np.unique(np.linspace(0, len(work.read.frames) - 1, _LOOKED_AT).astype(int))
        self._points = self._shown(work.read.channels)

    def worst(self, keys: ReducedKeys) -> _Worst:
        """What these keys leave farthest off, beside all keys."""
        read = self._work.read
        after = self._shown(curve_through(read.frames, keys.keys, read.channels, keys.slopes))
        off = self._work.ends.scale * np.linalg.norm(after - self._points, axis=-1).max(axis=0)
        worst = int(off.argmax())
        return _Worst(float(off[worst]), self._names[worst % len(self._names)])

    def _shown(self, channels: Array) -> Array:
        """Heads and tails [N, 2B, 3] in rig units, posed by channels [T, 7 K]."""
        points = []
        with _switched_as_keyed(self._work.character) as rig:
            for R_basis, locations in zip(*self._work.ends.basis(channels[self._frames]), strict=True):
                rig.pose(self._work.read.bones, R_basis, locations)
                R, heads = rig.seen(self._names)
                points.append(np.concatenate([heads, heads + R[:, :, 1] * self._lengths[:, None]]))
        return np.array(points)


def _words(work: _Work, keys: ReducedKeys, worst: _Worst) -> str:
    where = title_of(worst.bone) if SEEN in work.character else worst.bone
    frames, count = len(work.read.frames), len(keys.keys)
    return f"{count:,} of {frames:,} frames keep keys, at most {1000.0 * worst.error_m:.1f} mm off ({where})"


def _drop_unchanged(full: bpy.types.Action, reduced: bpy.types.Action) -> None:
    """Remove what was reduced from the full action before, where nobody uses or changed it; keep what somebody did."""
    for action in [each for each in bpy.data.actions if each.get(FULL) == full and each != reduced]:
        is_used = action.users > int(action.use_fake_user)
        if not is_used and action.get(_WRITTEN) == fingerprint(action):
            bpy.data.actions.remove(action)
        elif action.library is None:
            action.use_fake_user = True
