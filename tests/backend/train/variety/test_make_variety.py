from functools import cache

import numpy as np
import pytest

from backend.train.variety import make_variety as making
from backend.train.variety.make_variety import action_weights, make_variety
from tests.backend.train.variety.made_up_clips import LENIENT, marching

CLIPS = [marching(f"clip {i}", frames=150, seed=i) for i in range(4)] + [
    marching("kept out", split="test", arms_rad=0.9)
]


@pytest.fixture(autouse=True)
def two_kinds(monkeypatch):
    monkeypatch.setattr(making, "KINDS", {name: making.KINDS[name] for name in ("squat", "back bend")})


def newly_made(seed):
    return list(make_variety(CLIPS, np.random.default_rng(seed), 0.8, LENIENT))


made = cache(newly_made)


def test_the_minutes_asked_for_are_made_half_of_them_of_limbs():
    clips = made(0)
    limbs = sum(clip.seconds for clip in clips if clip.origin.source != "made")
    assert 0.8 <= sum(clip.seconds for clip in clips) / 60.0 < 2.5 and 24.0 <= limbs < 40.0


def test_names_are_unique_and_everything_is_for_training():
    clips = made(0)
    assert len({clip.origin.name for clip in clips}) == len(clips)
    assert {clip.origin.split for clip in clips} == {"train"}
    assert not any("kept out" in (clip.origin.subject, clip.origin.action) for clip in clips)


def test_made_motion_says_whose_body_it_moves():
    subjects = {clip.origin.subject for clip in made(0) if clip.origin.source == "made"}
    assert len(subjects) > 1 and subjects <= {f"test clip {i}" for i in range(4)}


def test_the_same_chance_makes_the_same_clips():
    for one, other in zip(made(0), newly_made(0), strict=True):
        assert one.origin == other.origin
        np.testing.assert_array_equal(one.R_parent_from_joint, other.R_parent_from_joint)


def test_an_action_recorded_for_long_weighs_less_than_its_time():
    weights = action_weights([marching("a", frames=900), marching("b", frames=900), *CLIPS[:1]])
    assert np.isclose(weights.sum(), 1.0) and np.isclose(weights[0], weights[1])
