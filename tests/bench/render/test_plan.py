"""The table of clips is complete, and says nothing that is unknown."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.render.plan import CATEGORIES, SETS, SIDES, read_plans
from tests.bench.render.made_plan import planned


def test_a_word_that_nothing_is_known_about_is_named_with_those_that_are():
    known = "static, pan, track, push, handheld"
    with pytest.raises(ValueError, match=f"march: camera must be one of {known}, not 'drone'."):
        planned(camera="drone")


@pytest.mark.parametrize("which", SETS)
def test_each_set_shows_everything_for_long_enough(which):
    plans = [plan for plan in read_plans() if plan.set == which]
    assert len(plans) >= 24 and sum(plan.seconds for plan in plans) >= 90.0
    assert {plan.category for plan in plans} == set(CATEGORIES)
    assert {plan.side for plan in plans} == set(SIDES)
    assert {plan.picture for plan in plans} == {"landscape", "portrait"}
    assert {"static", "pan", "handheld"} <= {plan.camera for plan in plans}


def test_no_two_clips_share_a_name_or_a_seed():
    for count in (Counter((plan.set, plan.name) for plan in read_plans()), Counter(plan.seed for plan in read_plans())):
        assert max(count.values()) == 1


def test_the_two_sets_share_no_motion():
    plans = read_plans()
    dev, test = ({name for plan in plans if plan.set == which for name in plan.motion.split("+")} for which in SETS)
    assert not dev & test
