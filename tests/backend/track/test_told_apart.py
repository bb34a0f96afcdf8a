"""Two whom the detector looked at one without the other are two, unless one of them is what is left of the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.detect.detections import Detections
from backend.track.follow import TrackSettings, follow
from backend.track.phantoms import is_phantom
from backend.track.told_apart import told_apart
from motion.arrays import Array
from tests.backend.track.made_up_crossings import CLOTHES, COUNT, NAVY, between
from tests.backend.track.made_up_people import Walker, even_clip, found, walking, who

CLIP = even_clip(COUNT)
STANDING_PX = (900.0, 500.0)
STAY = slice(20, 100)


@pytest.fixture(params=range(3))
def rng(request) -> np.random.Generator:
    return np.random.default_rng(request.param)


def beside_px(farthest_px: float) -> Array:
    """From `farthest_px` beside the one who stands, to a place just behind for most of the clip, and back again."""
    way = np.interp(np.arange(COUNT), [0, STAY.start, STAY.stop, COUNT - 1], [1.0, 0.0, 0.0, 1.0])
    return np.array(STANDING_PX) + np.outer(way, [farthest_px, 0]) + [32, 8]


def meeting(farthest_px: float, rng, clothes=(NAVY, NAVY)) -> Detections:
    """Number 1 stays just behind number 0, each followed all the time and not told apart."""
    walkers = [Walker(walking(STANDING_PX, STANDING_PX, COUNT), 420, clothes=clothes[0]),
               Walker(beside_px(farthest_px), 400, clothes=clothes[1])]  # fmt: skip
    return found(walkers, CLIP.times_s, rng, [between(0, 0, COUNT), between(1, 0, COUNT)])


def looked_apart(detections: Detections) -> Detections:
    met = (detections.picture >= STAY.start) & (detections.picture < STAY.stop)
    return replace(detections, masks=np.where(met[:, None, None], 255, detections.masks))


def with_scores(detections: Detections, number: int, scores: Array) -> Detections:
    """The scores [COUNT] of all landmarks of one tracklet in every picture."""
    own = (detections.tracklet == number)[:, None]
    return replace(detections, scores=np.where(own, scores[detections.picture][:, None], detections.scores))


@CLOTHES
def test_two_who_stay_on_one_another_are_kept_all_the_time_where_they_were_told_apart(front, behind, rng):
    detections = meeting(500, rng, (front, behind))
    tracks = follow(looked_apart(detections), CLIP, TrackSettings())
    assert sorted(map(who, (track.landmarks_camera for track in tracks)), key=min) == [{0}, {1}]
    assert all(track.seen.all() for track in tracks)
    assert not all(track.seen.all() for track in follow(detections, CLIP, TrackSettings()))


def test_one_body_that_is_found_twice_is_one_even_where_it_was_told_apart_from_others(rng):
    walker = Walker(walking(STANDING_PX, STANDING_PX, COUNT))
    twice = found([walker, walker], CLIP.times_s, rng, [between(0, 0, COUNT), between(1, 30, COUNT)])
    (track,) = follow(looked_apart(twice), CLIP, TrackSettings())
    assert track.seen.all()


@pytest.mark.parametrize("sure", [0, 5])
def test_what_is_left_of_a_body_painted_over_is_nobody(sure, rng):
    left = with_scores(meeting(0, rng), 1, np.where(np.arange(COUNT) < sure, 0.9, 0.5))
    (track,) = follow(looked_apart(left), CLIP, TrackSettings())
    assert who(track.landmarks_camera) == {0} and track.seen.all()


def test_who_is_restless_behind_somebody_is_no_phantom(rng):
    hidden = with_scores(meeting(500, rng), 1, np.where(np.arange(COUNT) < STAY.start, 0.9, 0.4))
    jitter = rng.normal(0, 12, hidden.landmarks_px.shape) * (hidden.scores < 0.5)[..., None]
    restless = looked_apart(replace(hidden, landmarks_px=hidden.landmarks_px + jitter))
    assert len(follow(restless, CLIP, TrackSettings())) == 2
    behind = np.flatnonzero(restless.tracklet == 1)
    assert is_phantom(restless, behind, np.zeros(len(restless.picture), bool))
    assert not is_phantom(restless, behind, told_apart(restless))


def test_only_findings_with_masks_of_those_surely_seen_for_a_while_are_told_apart(rng):
    detections = looked_apart(with_scores(meeting(500, rng), 1, np.where(np.arange(COUNT) < 8, 0.9, 0.5)))
    met = (detections.picture >= STAY.start) & (detections.picture < STAY.stop)
    np.testing.assert_array_equal(told_apart(detections), met & (detections.tracklet == 0))
    assert told_apart(found([], CLIP.times_s)).shape == (0,)
