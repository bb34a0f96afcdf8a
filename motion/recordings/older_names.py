"""SmartBody's older joint names, which motions have whose skeletons were renamed since."""

from __future__ import annotations

import json
from collections.abc import Set
from functools import cache
from pathlib import Path

from .naming import SIDES

TABLE = Path(__file__).resolve().parents[2] / "assets" / "smartbody_older_names.json"


def name_in(skeleton: Set[str], joint: str, moved: Set[str]) -> str | None:
    """What a skeleton calls a joint that a motion moves: the same, or the newer name unless that moves on its own."""
    if joint in skeleton:
        return joint
    newer = _newer_names().get(joint)
    return newer if newer in skeleton and newer not in moved else None


def joints_in(skeleton: Set[str], moved: Set[str]) -> int:
    """How many of the joints that a motion moves a skeleton has, under either name."""
    return sum(name_in(skeleton, joint, moved) is not None for joint in moved)


@cache
def _newer_names() -> dict[str, str]:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return {older.format_map(side): newer.format_map(side) for older, newer in table.items() for side in SIDES.values()}
