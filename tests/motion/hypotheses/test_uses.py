"""What was used of other poses is kept as text and taken over again, in order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.hypotheses.limbs import LIMBS
from motion.hypotheses.take_over import taken_over
from motion.hypotheses.uses import Use, added, read_uses, uses_text, with_uses
from motion.motion import Motion
from motion.refusal import Refusal
from motion.resample import resampled
from tests.motion.made_up import made_up_motion

NTSC = Fraction(30000, 1001)
ARM, LEG = Use(1, "left_arm", 0.5, 1.0, 0.2), Use(0, "right_leg", 0.25, 1.25, 0.1)


def ambiguous() -> Motion:
    return made_up_motion(np.random.default_rng(4), 120, Fraction(60))


def uses() -> st.SearchStrategy[Use]:
    seconds = st.floats(0.0, 1e5)
    return st.builds(lambda number, limb, one_s, other_s, fade_s: Use(number, limb, *sorted((one_s, other_s)), fade_s),
                     st.integers(0, 4), st.sampled_from(list(LIMBS)), seconds, seconds, seconds)  # fmt: skip


@given(st.lists(uses(), max_size=5))
def test_a_text_holds_them_to_the_bit(said):
    assert read_uses(uses_text(said)) == said
    assert read_uses("") == []


@pytest.mark.parametrize("text", [
    "mine", "{}", "[1]", '[{"number":0}]', "[" * 100_000, uses_text([ARM]).replace("left_arm", "tail"),
    uses_text([ARM]).replace("1.0", "NaN"), uses_text([ARM]).replace("0.5", "1.5"),
    uses_text([ARM]).replace(":1,", ":-1,"), uses_text([ARM]).replace(":1,", ":1e400,"),
])  # fmt: skip
def test_a_broken_text_is_refused_in_words(text):
    with pytest.raises(Refusal) as refused:
        read_uses(text)
    assert refused.value.sentence == "What was used of other poses cannot be read."


@given(st.integers(0, 100_000), st.integers(0, 1000), st.integers(0, 60),
       st.sampled_from([Fraction(24), NTSC, Fraction(60)]))  # fmt: skip
def test_frames_come_back_at_any_rate(first, length, fade, rate):
    use = Use.of_frames(0, "head", first, first + length, fade, rate)
    assert use.frames(rate) == (first, first + length, fade)


def test_uses_are_taken_over_in_order():
    motion = ambiguous()
    wanted = taken_over(taken_over(motion, 1, "left_arm", 30, 60, 12), 0, "right_leg", 15, 75, 6)
    used = with_uses(motion, [ARM, LEG], motion)
    np.testing.assert_array_equal(used.R_parent_from_joint, wanted.R_parent_from_joint)
    np.testing.assert_array_equal(used.root_world, wanted.root_world)


def test_the_same_seconds_are_used_at_another_rate():
    motion = ambiguous()
    half = resampled(motion, Fraction(30))
    used = with_uses(half, [ARM], half)
    np.testing.assert_allclose(used.R_parent_from_joint[15:31], with_uses(motion, [ARM], motion)
                               .R_parent_from_joint[30:61:2], atol=1e-9)  # fmt: skip


def test_a_motion_takes_the_poses_of_another_one_and_stays_what_it_is_otherwise():
    motion = ambiguous()
    raw = replace(motion, hypotheses=None, hypotheses_root=None, hypotheses_weights=None, choices=())
    used = with_uses(raw, [ARM], motion)
    assert len(used.hypotheses) == 0
    np.testing.assert_array_equal(used.R_parent_from_joint, with_uses(motion, [ARM], motion).R_parent_from_joint)
    assert with_uses(raw, [], motion) is raw


def test_a_motion_that_ends_before_a_use_takes_what_there_is():
    motion = ambiguous()
    beyond = replace(ARM, to_s=50.0)
    wanted = taken_over(motion, 1, "left_arm", 30, 119, 12)
    np.testing.assert_array_equal(with_uses(motion, [beyond], motion).R_parent_from_joint, wanted.R_parent_from_joint)


def test_a_pose_that_is_gone_is_told():
    motion = ambiguous()
    with pytest.raises(Refusal) as refused:
        with_uses(motion, [replace(ARM, number=2)], motion)
    assert refused.value.sentence == "The motion file no longer holds pose 3, which was used."


def test_what_a_new_use_leaves_nothing_of_is_dropped():
    wider, elsewhere = replace(ARM, number=0, to_s=1.5), replace(ARM, number=0, from_s=0.75)
    assert added([ARM, LEG], wider) == [LEG, wider]
    assert added([ARM, LEG], elsewhere) == [ARM, LEG, elsewhere]
    assert added([LEG], ARM) == [LEG, ARM]
