"""The unknowns of refinement in every frame: turns of the body's parts, then a shift of the whole body."""

from __future__ import annotations

from dataclasses import dataclass

from backend.lift.refine.parts import JOINT_FROM_PART, PART_COUNT
from backend.lift.refine.turned import Bones, Turned, turned
from motion.arrays import Array

UNKNOWN_COUNT = 3 * PART_COUNT + 3   # rotation vectors in the camera's axes, rad; the pelvis' shift, m
TURNS, SHIFT = slice(0, 3 * PART_COUNT), slice(3 * PART_COUNT, UNKNOWN_COUNT)


@dataclass(frozen=True, eq=False)
class Corrected:
    """T lifted frames under a correction."""

    correction: Array    # [T, UNKNOWN_COUNT]
    slope: Array         # [T, UNKNOWN_COUNT] its change a frame
    turns_rad: Array     # [T, 22, 3] of the body joints
    body: Turned


def corrected(bones: Bones, correction: Array, slope: Array) -> Corrected:
    """The body with its parts turned and moved."""
    turns_rad = joint_turns(correction)
    return Corrected(correction, slope, turns_rad, turned(bones, turns_rad, correction[:, SHIFT]))


def joint_turns(correction: Array) -> Array:
    """Rotation vectors [T, 22, 3] rad of the body joints."""
    return JOINT_FROM_PART @ correction[:, TURNS].reshape(len(correction), PART_COUNT, 3)
