"""The constant turns that bring a resting character into our T-pose, bone by bone.

Everything here is seen from the character at rest: left, up, front, as our T-pose is (Y up, facing +Z).
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...limb_ik import LIMBS
from ...rotations import frame_from_axes, matrix_from_axis_angle, normalised, smallest_rotation
from ..slots import FINGERS, NEXT_PART, SIDES, part_of, side_of
from .anatomy import joint_followed

T_POSE_UP: Array = np.array([0.0, 1.0, 0.0])
# A limb that rests bent less than the first tells nothing of its hinge, one bent more than the second all.
_STRAIGHT_DEG, _BENT_DEG = 8.0, 20.0
_KNUCKLES = ("index", "middle", "ring", "pinky")


class _Rest:
    """Places of slots in the character and in the source, both at rest."""

    def __init__(self, slots: tuple[str, ...], places: Array, ends: Array, source_rest: Array) -> None:
        self.slots, self.places, self.ends, self.source_rest = slots, places, ends, source_rest

    def has(self, slot: str) -> bool:
        return slot in self.slots

    def all_of(self, slot: str) -> list[int]:
        return [joint for joint, other in enumerate(self.slots) if other == slot]

    def place(self, slot: str) -> Array:
        return self.places[self.slots.index(slot)]

    def source(self, slot: str, place: int = 0) -> Array:
        return self.source_rest[joint_followed(slot, place)]

    def bone(self, slot: str) -> Array:
        """From a limb's joint to the next one, else to its tail."""
        after = f"{side_of(slot)}_{NEXT_PART[part_of(slot)]}"
        end = self.place(after) if self.has(after) else self.ends[self.slots.index(slot)]
        return end - self.place(slot)

    def source_bone(self, slot: str) -> Array:
        return self.source(f"{side_of(slot)}_{NEXT_PART[part_of(slot)]}") - self.source(slot)


def aligned(slots: tuple[str, ...], places: Array, ends: Array, source_rest: Array) -> Array:
    """R_rest_from_trunk [J, 3, 3], which brings J bones into the T-pose; `places` and `ends` [J, 3] m are their heads
    and tails at rest.

    source_rest [55, 3] m are the joints of the source in its T-pose. Spine, neck, head and collars keep their posture.
    """
    rest = _Rest(slots, places, ends, source_rest)
    turns = np.broadcast_to(np.eye(3), (len(slots), 3, 3)).copy()
    for side in SIDES:
        arm = _limb(rest, side, ("upper_arm", "forearm"), turns)
        _hand(rest, side, arm, turns)
        _limb(rest, side, ("thigh", "shin"), turns)
        _foot(rest, side, turns)
    return turns


def _limb(rest: _Rest, side: str, parts: tuple[str, str], turns: Array) -> Array:
    """Turns both bones of a limb; each by the least turn beyond the one before it. Returns the lower one's [3, 3]."""
    upper, lower = (f"{side}_{part}" for part in parts)
    A_upper = smallest_rotation(rest.bone(upper), rest.source_bone(upper))
    A_upper = _twisted_to_hinge(rest, upper, lower, A_upper)
    A_lower = smallest_rotation(A_upper @ rest.bone(lower), rest.source_bone(lower)) @ A_upper
    turns[rest.slots.index(upper)], turns[rest.slots.index(lower)] = A_upper, A_lower
    return A_lower


def _twisted_to_hinge(rest: _Rest, upper: str, lower: str, A: Array) -> Array:
    """A [3, 3] with the twist that lets a limb that rests bent be bent about the source's hinge."""
    along, next_bone = normalised(A @ rest.bone(upper)), normalised(A @ rest.bone(lower))
    across = np.cross(along, next_bone)
    bend_deg = np.degrees(np.arctan2(np.linalg.norm(across), along @ next_bone))
    trust = float(np.clip((bend_deg - _STRAIGHT_DEG) / (_BENT_DEG - _STRAIGHT_DEG), 0.0, 1.0))
    hinge = np.array(LIMBS[f"{side_of(upper)}_{'leg' if part_of(upper) == 'thigh' else 'arm'}"].hinge_rest)
    hinge = hinge - along * (hinge @ along)
    angle = np.arctan2(along @ np.cross(across, hinge), across @ hinge)
    # What is bent the other way round is a limb drawn badly, not one that was twisted half a turn.
    angle = 0.0 if abs(angle) > np.pi / 2.0 else angle
    return matrix_from_axis_angle(trust * angle * along) @ A


def _hand(rest: _Rest, side: str, A_forearm: Array, turns: Array) -> None:
    """Hand and fingers: the palm's direction and, where two fingers tell it, its normal; fingers bone by bone."""
    slot = f"{side}_hand"
    if not rest.has(slot):
        return
    known = [finger for finger in _KNUCKLES if rest.has(f"{side}_{finger}")]
    A = A_forearm
    if known:
        knuckles = np.mean([rest.place(f"{side}_{finger}") for finger in known], axis=0) - rest.place(slot)
        ours = np.mean([rest.source(f"{side}_{finger}") for finger in known], axis=0) - rest.source(slot)
        A = smallest_rotation(A @ knuckles, ours) @ A
        if len(known) > 1:
            first, last = f"{side}_{known[0]}", f"{side}_{known[-1]}"
            theirs = knuckles, rest.place(first) - rest.place(last)
            A = frame_from_axes(ours, rest.source(first) - rest.source(last)) @ frame_from_axes(*theirs).T
    else:
        palm = rest.ends[rest.slots.index(slot)] - rest.place(slot)
        A = smallest_rotation(A @ palm, rest.source(f"{side}_middle") - rest.source(slot)) @ A
    turns[rest.slots.index(slot)] = A
    for finger in FINGERS:
        _finger(rest, f"{side}_{finger}", A, turns)


def _finger(rest: _Rest, slot: str, A: Array, turns: Array) -> None:
    joints = rest.all_of(slot)
    for place, joint in enumerate(joints):
        end = rest.places[joints[place + 1]] if place + 1 < len(joints) else rest.ends[joint]
        A = smallest_rotation(A @ (end - rest.places[joint]), _finger_bone(rest, slot, place)) @ A
        turns[joint] = A


def _finger_bone(rest: _Rest, slot: str, place: int) -> Array:
    """[3] m of the source; its last bone, whose tip is no joint, points on as the one before it."""
    start = min(place, 1)
    return rest.source(slot, start + 1) - rest.source(slot, start)


def _foot(rest: _Rest, side: str, turns: Array) -> None:
    """Foot and toes by yaw alone: how the sole lies at rest is the character's own."""
    foot, toe = f"{side}_foot", f"{side}_toe"
    if not rest.has(foot):
        return
    end = rest.place(toe) if rest.has(toe) else rest.ends[rest.slots.index(foot)]
    ahead, ours = end - rest.place(foot), rest.source(toe) - rest.source(foot)
    level = np.array([1.0, 0.0, 1.0])
    if np.linalg.norm(ahead * level) < 1e-6 * max(np.linalg.norm(ahead), 1e-9):
        return
    yaw = smallest_rotation(ahead * level, ours * level)
    for slot in (foot, toe):
        if rest.has(slot):
            turns[rest.slots.index(slot)] = yaw
