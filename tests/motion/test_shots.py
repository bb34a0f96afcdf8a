from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from motion.motion import Motion
from motion.shots import shots_of
from motion.skeleton import Skeleton

RATE = Fraction(30000, 1001)


def motion(first: int, frames: int, rate: Fraction = RATE) -> Motion:
    turns = np.tile(np.eye(3), (frames, 55, 1, 1))
    return Motion(Skeleton(np.zeros((55, 3))), rate, turns, np.zeros((frames, 3)), start_s=first / float(rate))


def test_whoever_shares_time_shares_a_shot():
    assert shots_of([motion(0, 90), motion(60, 60), motion(119, 5)]) == [0, 0, 0]


@pytest.mark.parametrize("first", [1, 7, 1001, 98765])
def test_a_shot_that_begins_where_another_ends_is_another(first):
    assert shots_of([motion(first + 13, 20), motion(0, first), motion(first, 13), motion(first, 13)]) == [2, 0, 1, 1]


def test_shots_are_counted_in_the_order_of_time_without_those_in_which_nobody_is():
    assert shots_of([motion(500, 10), motion(30, 10)]) == [1, 0]


def test_nobody_is_in_no_shot():
    assert shots_of([]) == []
