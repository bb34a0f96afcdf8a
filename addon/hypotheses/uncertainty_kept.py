"""How unsure a person's motion is, kept on its armature: a number a joint and key, packed into whole numbers.

Whatever is made of it is found again by those very numbers, so that it is right after undo and after another file.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import bpy
import numpy as np

from ...motion.arrays import Array, frozen
from ...motion.hypotheses.to_check import ToCheck, begins_at_m, stretches_to_check
from ...motion.skeleton import BODY_JOINT_COUNT

SPREAD = "mambocap_spread"   # on a person's armature: [T, 22] bytes, four to a whole number
STEP_M = 0.005               # of a byte, which reaches to 1.275 m
_SEEN_FROM, _WORST_FROM = 0.7, 1.3   # of the spread that is worth a look; below it wrists would colour every frame


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What is known of one person."""

    spread_m: Array                  # [T, 22] within which a joint lies in nine of ten cases
    begins_m: float                  # from here on a limb is worth a look
    to_check: tuple[ToCheck, ...]    # the worst first; frames count from the first key

    def severity(self, spread_m: Array) -> Array:
        """0 for what is as sure as most of the motion, 1 for what is far beyond that."""
        return np.clip((spread_m / self.begins_m - _SEEN_FROM) / (_WORST_FROM - _SEEN_FROM), 0.0, 1.0)


def keep_spread(person: bpy.types.Object, spread_m: Array) -> None:
    """Keep the spread [T, 22] of a motion in place of the one before; where all of it is zero, nobody says any."""
    person.pop(SPREAD, None)
    if not np.nan_to_num(spread_m).any():
        return
    steps = np.clip(np.rint(np.nan_to_num(spread_m) / STEP_M), 0, 255).astype(np.uint8).tobytes()
    person[SPREAD] = np.frombuffer(steps + bytes(-len(steps) % 4), dtype=np.int32)


def grow_spread(person: bpy.types.Object, factor: float) -> None:
    """Make what is kept of a person's spread `factor` times as large."""
    if (known := uncertainty_of(person, 1.0)) is not None:
        keep_spread(person, factor * known.spread_m)


def uncertainty_of(person: bpy.types.Object, rate: float) -> Uncertainty | None:
    """None for people of whom nothing is known; `rate` in keys a second."""
    kept = person.get(SPREAD)
    is_ours = getattr(kept, "typecode", "") == "i"   # an artist may have typed something else
    return _read(np.array(kept, dtype=np.int32).tobytes(), rate) if is_ours else None


@functools.lru_cache(maxsize=8)
def _read(packed: bytes, rate: float) -> Uncertainty:
    steps = np.frombuffer(packed, dtype=np.uint8)
    steps = steps[: len(steps) // BODY_JOINT_COUNT * BODY_JOINT_COUNT].reshape(-1, BODY_JOINT_COUNT)
    spread_m = frozen(STEP_M * steps)
    return Uncertainty(spread_m, begins_at_m(spread_m), stretches_to_check(spread_m, rate))
