"""People keep who they are through hiding, leaving and crowds."""

from __future__ import annotations

import numpy as np
import pytest

from backend.track.follow import TrackSettings, follow
from tests.backend.track.made_up_crossings import (
    CLOTHES,
    COUNT,
    NAVY,
    RED,
    assert_two_people,
    between,
    crossing,
    tracks_of,
)  # fmt: skip
from tests.backend.track.made_up_people import Walker, even_clip, found, walking, who


@pytest.fixture(params=range(3))
def rng(request) -> np.random.Generator:
    return np.random.default_rng(request.param)


@CLOTHES
def test_who_is_hidden_behind_somebody_is_found_again(front, behind, rng):
    whole, before, after = between(0, 0, COUNT), between(1, 0, 54), between(1, 67, COUNT)
    assert_two_people(tracks_of(crossing(front, behind), rng, [whole, before, after]))


def test_who_goes_away_and_comes_back_is_known_by_the_clothes(rng):
    stays, at_the_door = (walking((x, 500), (x, 500), COUNT) for x in (1500, 300))
    walkers = [Walker(stays, clothes=NAVY), Walker(at_the_door, clothes=RED), Walker(at_the_door, clothes=NAVY)]
    clip = even_clip(COUNT)
    away = [between(0, 0, COUNT), between(1, 0, 30), between(1, 80, COUNT)]
    other = [between(0, 0, COUNT), between(1, 0, 30), between(2, 80, COUNT)]
    settings = TrackSettings(max_gap_s=1.0)
    assert len(follow(found(walkers, clip.times_s, rng, away), clip, settings)) == 2
    assert len(follow(found(walkers, clip.times_s, rng, other), clip, settings)) == 3


def test_a_crowd_is_followed_one_by_one(rng):
    """Twelve people on lanes near each other, each hidden for a while and followed both ways in time."""
    walkers, followings = [], []
    for n in range(12):
        ends = rng.uniform(200, 1700, 2)
        clothes = (rng.uniform(20, 90), *rng.uniform(-40, 40, 2))
        walkers.append(Walker(walking((ends[0], 300 + 80 * n), (ends[1], 300 + 80 * n), COUNT), clothes=clothes))
        lost = int(rng.integers(30, 80))
        followings += [between(n, 0, lost), between(n, lost + 10, COUNT), between(n, lost + 8, lost + 40)]
    people = [who(track.landmarks_camera) for track in tracks_of(walkers, rng, followings)]
    assert sorted(people, key=min) == [{n} for n in range(12)]


def test_who_walks_on_behind_a_wall_is_met_where_they_come_out(rng):
    """Somebody else in the same clothes stands nearer to where they went in."""
    walkers = [Walker(walking((300, 500), (1500, 500), COUNT), clothes=NAVY),
               Walker(walking((700, 500), (700, 500), COUNT), clothes=NAVY)]  # fmt: skip
    tracks = tracks_of(walkers, rng, [between(0, 0, 40), between(0, 66, COUNT), between(1, 60, COUNT)])
    assert sorted(map(who, (track.landmarks_camera for track in tracks)), key=min) == [{0}, {1}]


def test_a_mistake_of_the_detector_does_not_take_the_place_of_somebody(rng):
    walkers = [Walker(walking((300, 500), (700, 500), COUNT), clothes=RED),
               Walker(walking((520, 500), (520, 500), COUNT), clothes=NAVY)]  # fmt: skip
    (track,) = tracks_of(walkers, rng, [between(0, 0, 50), between(1, 52, 53), between(0, 58, COUNT)])
    assert who(track.landmarks_camera) == {0} and track.seen.sum() == COUNT - 8


@pytest.mark.parametrize("gap, clothes, people", [(12, NAVY, 1), (36, NAVY, 2), (36, RED, 1)])
def test_other_clothes_are_somebody_else_unless_it_was_a_moment_and_may_be_the_light(gap, clothes, people, rng):
    walkers = [Walker(walking((500, 500), (500, 500), COUNT), clothes=each) for each in (RED, clothes)]
    tracks = tracks_of(walkers, rng, [between(0, 0, 50), between(1, 50 + gap, COUNT)])
    assert len(tracks) == people
