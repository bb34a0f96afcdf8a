"""What frames to check are called."""

from __future__ import annotations

from ...motion.hypotheses.to_check import ToCheck

_SIDES = {"left": "L", "right": "R"}


def words_of(stretch: ToCheck) -> str:
    """Such as "left wrist ± 25 cm"."""
    return f"{_joint(stretch)} ± {100.0 * stretch.spread_m:.0f} cm"


def short_words(stretch: ToCheck) -> str:
    """Such as "wrist L", for where there is little room."""
    side, _, part = stretch.joint_name.rpartition("_")
    return f"{part} {_SIDES[side]}" if side else _joint(stretch)


def _joint(stretch: ToCheck) -> str:
    return stretch.joint_name.replace("_", " ").rstrip("123")
