"""Followings on one body become one, and none leads from one body to another."""

from __future__ import annotations

from dataclasses import replace

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
def test_a_following_that_stays_on_the_body_in_front_for_a_while_does_no_harm(front, behind, rng):
    before, after = between(1, 0, 54, (0, 54, 63)), between(1, 67, COUNT, (0, 59, 67))
    assert_two_people(tracks_of(crossing(front, behind), rng, [between(0, 0, COUNT), before, after]))


@CLOTHES
def test_a_following_that_goes_over_to_the_other_body_is_cut(front, behind, rng):
    """The one of the hidden person goes on with the body in front, whose own one ends as a double."""
    jumping, ends, found_again = between(1, 0, 54, (0, 54, COUNT)), between(0, 0, 58), between(1, 67, COUNT)
    assert_two_people(tracks_of(crossing(front, behind), rng, [jumping, ends, found_again]))


@CLOTHES
def test_followings_forwards_and_backwards_are_one_person_each(front, behind, rng):
    forwards = [between(0, 0, COUNT), between(1, 0, 54), between(1, 75, COUNT)]
    backwards = [between(0, 0, 40), between(1, 0, 30), between(1, 67, 75)]
    assert_two_people(tracks_of(crossing(front, behind), rng, forwards + backwards))


def test_two_followings_that_exchange_their_bodies_are_put_right_by_the_clothes(rng):
    """Both come to a stand one behind the other and go back where they came from."""
    there, back = np.linspace(0, 1, 60), np.linspace(1, 0, 60)
    way = np.concatenate([there, back])[:, None]
    walkers = [Walker([300, 500] + way * [600, 0], clothes=RED), Walker([1520, 505] - way * [600, 0], clothes=NAVY)]
    first, second = between(0, 0, 60, (1, 60, COUNT)), between(1, 0, 60, (0, 60, COUNT))
    tracks = tracks_of(walkers, rng, [first, second])
    assert sorted(map(who, (track.landmarks_camera for track in tracks)), key=min) == [{0}, {1}]


def test_the_surer_of_two_findings_is_taken_for_a_while_not_picture_by_picture(rng):
    """The scores of both flicker; what counts is the mean over about half a second."""
    half = COUNT // 2
    scores = [np.where(np.arange(COUNT) < half, 0.9, 0.5), np.where(np.arange(COUNT) < half, 0.5, 0.9)]
    clip, walker = even_clip(COUNT), Walker(walking((500, 500), (600, 500), COUNT), clothes=RED)
    detections = found([walker, walker], clip.times_s, rng, [between(0, 0, COUNT), between(1, 0, COUNT)])
    sure = np.array([scores[n][k] for n, k in zip(detections.tracklet, detections.picture, strict=True)])
    flickering = (sure + rng.uniform(-0.1, 0.1, len(sure)))[:, None] * np.ones(33)
    (track,) = follow(replace(detections, scores=flickering), clip, TrackSettings())
    whose = track.landmarks_camera[:, 0, 0]
    assert set(whose[: half - 8]) == {0} and set(whose[half + 8 :]) == {1} and np.sum(np.diff(whose) != 0) == 1


def test_what_is_cut_without_a_gap_is_joined_even_where_no_gap_is_allowed(rng):
    walkers = [Walker(walking((300, 500), (1500, 500), COUNT), clothes=RED),
               Walker(walking((1500, 530), (300, 530), COUNT), clothes=NAVY)]  # fmt: skip
    clip = even_clip(COUNT)
    detections = found(walkers, clip.times_s, rng, [between(0, 0, COUNT), between(1, 0, COUNT)])
    tracks = follow(detections, clip, TrackSettings(max_gap_s=0.0))
    assert [who(track.landmarks_camera) for track in tracks] in ([{0}, {1}], [{1}, {0}])
    assert all(track.seen.all() for track in tracks)
