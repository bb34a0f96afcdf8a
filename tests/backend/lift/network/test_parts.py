"""The tables of the body's parts."""

from __future__ import annotations

import pytest

from backend.lift.network.parts import (
    LANDMARKS_OF_PART,
    LIMB_ORDER,
    MIDDLE_OF_PART,
    PART_ABOVE,
    PARTS,
    WHOLE_ORDER,
)  # fmt: skip
from motion.landmarks import LANDMARK_NAMES


def test_parts_hang_together_as_a_tree_that_begins_at_the_trunk() -> None:
    assert PARTS[0] == "trunk" and PART_ABOVE[0] == -1
    assert all(0 <= above < part for part, above in enumerate(PART_ABOVE[1:], start=1))
    by_name = {part: PARTS[above] for part, above in zip(PARTS[1:], PART_ABOVE[1:], strict=True)}
    assert by_name["head"] == by_name["left_shoulder"] == by_name["right_hip"] == "trunk"
    assert by_name["left_wrist"] == "left_elbow" and by_name["right_ankle"] == "right_knee"


@pytest.mark.parametrize("order", [WHOLE_ORDER, LIMB_ORDER])
def test_a_scan_meets_every_part_once(order: tuple[int, ...]) -> None:
    assert sorted(order) == list(range(len(PARTS)))


def test_a_limb_is_followed_outwards() -> None:
    names = [PARTS[part] for part in LIMB_ORDER]
    for side in ("left", "right"):
        first = names.index(f"{side}_shoulder")
        assert names[first : first + 3] == [f"{side}_{name}" for name in ("shoulder", "elbow", "wrist")]


def test_every_landmark_but_the_eyes_tells_of_some_part() -> None:
    told = {LANDMARK_NAMES[landmark] for part in LANDMARKS_OF_PART for landmark in part}
    assert set(LANDMARK_NAMES) - told == {name for name in LANDMARK_NAMES if "eye" in name}


def test_sides_are_not_mixed_up() -> None:
    for table in (LANDMARKS_OF_PART, MIDDLE_OF_PART):
        for part, landmarks in zip(PARTS, table, strict=True):
            side = part.split("_")[0]
            assert side not in ("left", "right") or all(LANDMARK_NAMES[each].startswith(side) for each in landmarks)
