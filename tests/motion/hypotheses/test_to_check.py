"""Frames to check: the worst first, one entry for a limb and a while, and nothing where nobody need care."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motion.hypotheses.limbs import LIMBS
from motion.hypotheses.to_check import CARES_M, LIMB_JOINTS, MOST, begins_at_m, is_settled, stretches_to_check
from motion.hypotheses.uses import Use
from motion.skeleton import JOINT

RATE = 30.0
SPREADS = arrays(np.float64, st.tuples(st.integers(0, 40), st.just(22)), elements=st.floats(0.0, 2.0))


def calm(frames: int = 300) -> np.ndarray:
    return np.full((frames, 22), 0.03)


def hill(spread: np.ndarray, joint: str, first: int, last: int, height_m: float) -> np.ndarray:
    """The same with a joint that scatters so over frames, a little more in their middle."""
    frames = np.arange(first, last + 1)
    middle = np.abs(frames - (first + last) / 2) / max(last - first, 1)
    spread[first : last + 1, JOINT[joint]] = height_m * (1.0 - 0.1 * middle)
    return spread


def test_a_calm_motion_has_nothing_to_check():
    assert stretches_to_check(calm(), RATE) == ()
    assert stretches_to_check(np.full((300, 22), 0.99 * CARES_M), RATE) == ()


def test_a_stretch_has_its_frames_its_joint_and_its_worst_frame():
    (found,) = stretches_to_check(hill(calm(), "left_wrist", 90, 130, 0.25), RATE)
    assert (found.first, found.last, found.joint_name, found.frame) == (90, 130, "left_wrist", 110)
    assert found.spread_m == pytest.approx(0.25)


def test_the_joint_of_a_limb_that_scatters_most_names_it():
    spread = hill(hill(calm(), "right_elbow", 40, 80, 0.22), "right_wrist", 45, 75, 0.3)
    (found,) = stretches_to_check(spread, RATE)
    assert (found.first, found.last, found.joint_name) == (40, 80, "right_wrist")


def test_the_worst_comes_first_and_there_are_at_most_ten():
    spread = calm(3000)
    for number in range(15):
        hill(spread, "head", 200 * number, 200 * number + 12, 0.15 + 0.02 * ((7 * number) % 15))
    found = stretches_to_check(spread, RATE)
    heights = [each.spread_m for each in found]
    assert len(found) == MOST and heights == sorted(heights, reverse=True)
    assert heights[0] == pytest.approx(0.15 + 0.02 * 14)


def test_a_short_calm_does_not_break_a_stretch_and_a_long_one_does():
    spread = hill(hill(calm(), "left_foot", 50, 80, 0.2), "left_foot", 86, 110, 0.2)
    assert [(each.first, each.last) for each in stretches_to_check(spread, RATE)] == [(50, 110)]
    spread = hill(hill(calm(), "left_foot", 50, 80, 0.21), "left_foot", 100, 130, 0.2)
    assert [(each.first, each.last) for each in stretches_to_check(spread, RATE)] == [(50, 80), (100, 130)]


def test_a_spread_about_the_bound_does_not_flicker():
    spread = calm()
    spread[100:160, JOINT["right_knee"]] = 0.1 + 0.015 * (-1.0) ** np.arange(60)
    assert [(each.first, each.last) for each in stretches_to_check(spread, RATE)] == [(100, 159)]


def test_twice_the_frame_rate_gives_the_same_seconds():
    spread = hill(calm(), "right_wrist", 90, 130, 0.25)
    (slow,), (fast,) = stretches_to_check(spread, RATE), stretches_to_check(np.repeat(spread, 2, axis=0), 2 * RATE)
    assert (fast.first, fast.last + 1) == (2 * slow.first, 2 * (slow.last + 1))


def test_where_everything_is_unsure_only_the_worst_is_told():
    rng = np.random.default_rng(4)
    spread = 0.2 + 0.05 * rng.random((900, 22))
    (found,) = stretches_to_check(hill(spread, "left_wrist", 400, 460, 0.9), RATE, most=1)
    assert 395 <= found.first and found.last <= 465


def test_a_motion_that_is_as_unsure_from_end_to_end_is_told_whole():
    found = stretches_to_check(np.full((50, 22), 0.4), RATE)
    assert {(each.first, each.last) for each in found} == {(0, 49)}


def test_no_spread_is_no_doubt():
    spread = hill(calm(), "left_wrist", 90, 130, 0.25)
    spread[200:, :] = np.nan
    assert len(stretches_to_check(spread, RATE)) == 1
    assert stretches_to_check(np.full((9, 22), np.nan), RATE) == () == stretches_to_check(np.zeros((0, 22)), RATE)


def test_a_stretch_is_settled_where_its_joint_was_taken_from_another_pose():
    (found,) = stretches_to_check(hill(calm(), "left_wrist", 90, 130, 0.25), RATE)

    def settles(limb: str, first: int, last: int) -> bool:
        return is_settled(found, [Use.of_frames(2, limb, first, last, 5, Fraction(30))], Fraction(30))

    assert settles("left_arm", 100, 120) and settles("body", 110, 110)
    assert not settles("right_arm", 90, 130) and not settles("left_arm", 111, 130)
    assert not is_settled(found, [], Fraction(30))


def test_every_body_joint_belongs_to_one_limb_or_the_trunk():
    assert sorted(joint for joints in LIMB_JOINTS for joint in joints) == list(range(22))
    assert LIMB_JOINTS[0] == tuple(joint for joint in LIMBS["left_arm"] if joint < 22)


@given(SPREADS)
def test_what_is_told_is_so(spread):
    found = stretches_to_check(spread, RATE)
    for each in found:
        assert 0 <= each.first <= each.frame <= each.last < len(spread)
        assert each.spread_m == spread[each.frame, each.joint] >= begins_at_m(spread) >= CARES_M
    assert [each.spread_m for each in found] == sorted((each.spread_m for each in found), reverse=True)


@given(SPREADS, st.floats(0.1, 0.9))
def test_a_surer_motion_never_has_worse_frames(spread, share):
    worst = [max((each.spread_m for each in stretches_to_check(by * spread, RATE)), default=0.0) for by in (1.0, share)]
    assert worst[1] <= worst[0]
