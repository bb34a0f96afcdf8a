"""People keep who they are, and nobody is invented."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from backend.detect.detections import Detections
from backend.track.follow import TrackSettings, follow
from tests.backend.track import made_up_crossings as crossings
from tests.backend.track.made_up_people import Walker, even_clip, found, unseen, walking, who

COUNT = 90


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_people_who_pass_each_other_stay_who_they_are(rng):
    clip = even_clip(COUNT)
    right, left = walking((300, 500), (1500, 520), COUNT), walking((1500, 560), (300, 540), COUNT)
    tracks = follow(found([Walker(right), Walker(left, 430)], clip.times_s, rng), clip, TrackSettings())
    assert [who(track.landmarks_camera) for track in tracks] in ([{0}, {1}], [{1}, {0}])
    assert all(track.seen.all() for track in tracks)


def test_who_is_hidden_while_they_pass_is_found_again(rng):
    clip = even_clip(COUNT)
    right = walking((300, 500), (1500, 500), COUNT)
    left = unseen(walking((1500, 540), (300, 540), COUNT), 40, 52)
    tracks = follow(found([Walker(right), Walker(left)], clip.times_s, rng), clip, TrackSettings())
    assert [who(track.landmarks_camera) for track in tracks] == [{0}, {1}]
    assert list(np.flatnonzero(~tracks[1].seen)) == list(range(40, 52))


def test_a_gap_stays_a_gap():
    clip = even_clip(COUNT)
    detections = found([Walker(unseen(walking((400, 500), (500, 500), COUNT), 20, 50))], clip.times_s)
    (track,) = follow(detections, clip, TrackSettings())
    assert list(np.flatnonzero(~track.seen)) == list(range(20, 50))
    assert np.isnan(track.landmarks_px[~track.seen]).all() and (track.scores[~track.seen] == 0).all()


@pytest.mark.parametrize("max_gap_s, people", [(0.5, 2), (1.5, 1)])
def test_an_absence_longer_than_the_longest_gap_makes_a_new_person(max_gap_s, people):
    clip = even_clip(COUNT)
    detections = found([Walker(unseen(walking((400, 500), (400, 500), COUNT), 30, 60))], clip.times_s)
    assert len(follow(detections, clip, TrackSettings(max_gap_s=max_gap_s))) == people


@pytest.mark.parametrize("min_length_s, people", [(0.5, 1), (0.2, 2)])
def test_who_is_seen_for_less_than_the_least_time_is_left_out(min_length_s, people):
    clip = even_clip(COUNT)
    passer_by = unseen(unseen(walking((1500, 500), (1600, 500), COUNT), 0, 30), 40, COUNT)
    detections = found([Walker(walking((400, 500), (500, 500), COUNT)), Walker(passer_by)], clip.times_s)
    assert len(follow(detections, clip, TrackSettings(min_length_s=min_length_s))) == people


def test_somebody_far_away_is_somebody_else(rng):
    clip = even_clip(COUNT)
    leaves = unseen(walking((300, 500), (300, 500), COUNT), 45, COUNT)
    comes = unseen(walking((1500, 500), (1500, 500), COUNT), 0, 45)
    assert len(follow(found([Walker(leaves), Walker(comes)], clip.times_s, rng), clip, TrackSettings())) == 2


def test_a_small_onlooker_does_not_take_over_when_the_one_in_front_is_lost(rng):
    clip = even_clip(COUNT)
    in_front = Walker(unseen(walking((500, 500), (520, 500), COUNT), 60, COUNT), 800)
    onlooker = Walker(walking((560, 400), (560, 400), COUNT), 180)
    tracks = follow(found([in_front, onlooker], clip.times_s, rng), clip, TrackSettings())
    assert [who(track.landmarks_camera) for track in tracks] == [{0}, {1}]


def test_a_pose_that_jumps_on_a_body_stays_with_it():
    clip = even_clip(COUNT)
    detections = found([Walker(walking((500, 500), (520, 500), COUNT), 400)], clip.times_s)
    landmarks_px = detections.landmarks_px.copy()
    landmarks_px[1::2] = [500, 450] + 0.4 * (landmarks_px[1::2] - [500, 500])
    jumping = type(detections)(**{**vars(detections), "landmarks_px": landmarks_px})
    (track,) = follow(jumping, clip, TrackSettings())
    assert track.seen.all()


def test_the_order_of_findings_in_a_picture_does_not_matter():
    clip = even_clip(COUNT)
    walkers = [Walker(walking((300, 500), (1500, 500), COUNT)), Walker(walking((1500, 560), (300, 540), COUNT)),
               Walker(unseen(walking((900, 480), (900, 480), COUNT), 10, 30), 300)]  # fmt: skip
    one = follow(found(walkers, clip.times_s), clip, TrackSettings())
    other = follow(found(walkers[::-1], clip.times_s), clip, TrackSettings())
    assert len(one) == len(other) == 3
    for track, same in zip(one, other, strict=True):
        np.testing.assert_array_equal(track.landmarks_px, same.landmarks_px)


def test_who_fills_the_clip_comes_first():
    clip = even_clip(COUNT)
    walkers = [Walker(unseen(walking((x, 500), (x, 500), COUNT), 0, hidden), height_px)
               for x, hidden, height_px in ((300, 50, 400), (900, 0, 200), (1500, 20, 400))]  # fmt: skip
    tracks = follow(found(walkers, clip.times_s), clip, TrackSettings())
    assert [who(track.landmarks_camera) for track in tracks] == [{2}, {1}, {0}]
    assert [track.number for track in tracks] == [1, 2, 3]


@pytest.mark.parametrize("rate", [5, 12, 60, 240])
def test_a_runner_is_one_person_at_any_rate(rate, rng):
    count = 3 * rate
    clip = even_clip(count, Fraction(rate))
    runner = Walker(walking((200, 500), (1700, 500), count))
    (track,) = follow(found([runner], clip.times_s, rng), clip, TrackSettings())
    assert track.seen.all()


def test_one_picture_is_enough_for_one_person():
    clip = even_clip(1)
    (track,) = follow(found([Walker(walking((500, 500), (500, 500), 1))], clip.times_s), clip, TrackSettings())
    assert track.seen.all() and track.landmarks_px.shape == (1, 33, 2)


def test_nobody_found_is_nobody():
    clip = even_clip(10)
    assert follow(found([], clip.times_s), clip, TrackSettings()) == []


def test_a_restless_phantom_in_the_furniture_is_nobody(rng):
    clip = even_clip(COUNT)
    onlooker = Walker(unseen(walking((1500, 500), (1500, 500), COUNT), 0, 20), 200, score=0.55)
    detections = found([Walker(walking((400, 500), (600, 500), COUNT)), onlooker], clip.times_s)
    is_far = detections.landmarks_px[:, 0, 0] > 1200
    landmarks_px = detections.landmarks_px + np.where(is_far[:, None, None], rng.normal(0, 12, (len(is_far), 33, 2)), 0)
    restless = type(detections)(**{**vars(detections), "landmarks_px": landmarks_px})
    assert [who(track.landmarks_camera) for track in follow(detections, clip, TrackSettings())] == [{0}, {1}]
    assert [who(track.landmarks_camera) for track in follow(restless, clip, TrackSettings())] == [{0}]


def test_who_is_surely_seen_may_be_restless(rng):
    clip = even_clip(COUNT)
    detections = found([Walker(walking((400, 500), (600, 500), COUNT)),
                        Walker(walking((1500, 500), (1500, 500), COUNT), 200)], clip.times_s)  # fmt: skip
    is_far = detections.landmarks_px[:, 0, 0] > 1200
    landmarks_px = detections.landmarks_px + np.where(is_far[:, None, None], rng.normal(0, 7, (len(is_far), 33, 2)), 0)
    assert len(follow(replace(detections, landmarks_px=landmarks_px), clip, TrackSettings())) == 2
    unsure = np.where(is_far[:, None], 0.55, detections.scores)
    assert len(follow(replace(detections, landmarks_px=landmarks_px, scores=unsure), clip, TrackSettings())) == 1


def test_a_second_finding_on_a_body_is_not_a_second_person_but_a_passer_by_is(rng):
    clip = even_clip(COUNT)
    body = Walker(walking((400, 500), (900, 500), COUNT))
    shadow = Walker(unseen(walking((420, 460), (920, 460), COUNT), 0, 30), 330)
    passing = Walker(walking((900, 500), (400, 500), COUNT), 330)
    (alone,) = follow(found([body, shadow], clip.times_s), clip, TrackSettings())
    assert who(alone.landmarks_camera) == {0}
    assert len(follow(found([body, passing], clip.times_s), clip, TrackSettings())) == 2


def test_nobody_is_the_same_across_a_cut(rng):
    clip = even_clip(COUNT)
    detections = found([Walker(walking((300, 500), (400, 500), COUNT))], clip.times_s, rng)
    shots = (np.arange(COUNT) >= 40).astype(int)
    tracks = follow(replace(detections, shot=shots), clip, TrackSettings())
    assert [(track.number, track.shot, int(track.seen.sum())) for track in tracks] == [(1, 1, 50), (2, 0, 40)]


def test_the_numbers_of_tracklets_do_not_matter(rng):
    clip = even_clip(crossings.COUNT)
    followings = [crossings.between(0, 0, 120), crossings.between(1, 0, 54, (0, 54, 63)),
                  crossings.between(1, 67, 120), crossings.between(0, 20, 70)]  # fmt: skip
    detections = found(crossings.crossing(crossings.RED, crossings.NAVY), clip.times_s, rng, followings)
    order = np.lexsort((rng.permutation(len(detections.picture)), detections.picture))
    mixed = {name: array[order] if len(array) == len(order) else array
             for name, array in vars(detections).items()}  # fmt: skip
    mixed["tracklet"] = np.array([3, 0, 2, 1])[mixed["tracklet"]]
    tracks = follow(detections, clip, TrackSettings())
    for one, other in zip(tracks, follow(Detections(**mixed), clip, TrackSettings()), strict=True):
        np.testing.assert_array_equal(one.landmarks_px, other.landmarks_px)
