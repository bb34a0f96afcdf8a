"""Even times out of uneven ones, and nothing made up between pictures that are far apart."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from backend.track.follow import TrackSettings, follow
from backend.track.sampling import even_times_s, within_shot
from tests.backend.track.made_up_people import STANDING, Walker, clip_at, even_clip, found, unseen, walking

RATE = Fraction(30000, 1001)


def steady(times_s: np.ndarray) -> Walker:
    """Somebody who moves evenly without swinging: 100 px/s across."""
    class Gliding(Walker):
        def landmarks_px(self, picture: int) -> np.ndarray:
            return self.middle_px[picture] + self.height_px * STANDING

    return Gliding(np.stack([300 + 100 * times_s, np.full_like(times_s, 500)], axis=-1))


def test_even_pictures_are_taken_as_they_are():
    clip = even_clip(50, RATE)
    detections = found([Walker(walking((300, 500), (600, 500), 50))], clip.times_s)
    (track,) = follow(detections, clip, TrackSettings())
    np.testing.assert_array_equal(track.landmarks_px, detections.landmarks_px)
    np.testing.assert_allclose(track.times_s, np.arange(50) / float(RATE))


def test_an_even_walk_seen_at_uneven_times_is_an_even_walk():
    rng = np.random.default_rng(3)
    times_s = np.cumsum(np.r_[0, rng.uniform(0.02, 0.05, 80)])
    clip = clip_at(times_s, RATE, constant_rate=False)
    (track,) = follow(found([steady(times_s)], times_s), clip, TrackSettings())
    assert track.seen.all()
    np.testing.assert_allclose(track.times_s, np.arange(len(track.times_s)) / float(RATE))
    hips_px = track.landmarks_px[:, 23:25].mean(axis=1)
    np.testing.assert_allclose(hips_px[:, 0], 300 + 100 * track.times_s, atol=1e-9)


def test_pictures_far_apart_are_not_joined():
    times_s = np.r_[np.arange(30) / 30, 1.5 + np.arange(30) / 30]
    clip = clip_at(times_s, Fraction(30), constant_rate=False)
    (track,) = follow(found([steady(times_s)], times_s), clip, TrackSettings())
    between = (track.times_s > times_s[29] + 1e-9) & (track.times_s < 1.5 - 1e-9)
    assert not track.seen[between].any() and track.seen[~between].all()


def test_a_picture_without_the_person_is_not_joined_over():
    times_s = np.arange(40) * 0.035
    clip = clip_at(times_s, Fraction(30), constant_rate=False)
    walker = Walker(unseen(walking((300, 500), (400, 500), 40), 20, 21))
    (track,) = follow(found([walker], times_s), clip, TrackSettings())
    near_the_gap = (track.times_s > times_s[19] + 1e-9) & (track.times_s < times_s[21] - 1e-9)
    assert near_the_gap.any() and (track.seen == ~near_the_gap).all()


def test_even_times_cover_the_pictures_and_no_more():
    times_s = np.array([0.0, 0.031, 0.07, 0.2])
    assert even_times_s(clip_at(times_s, Fraction(30), constant_rate=False))[-1] <= 0.2
    assert len(even_times_s(even_clip(17, RATE))) == 17


@pytest.mark.parametrize("even", [True, False])
def test_a_track_within_its_shot_has_the_times_of_the_shot_and_all_of_the_person(even):
    times_s = np.arange(60) / 30 if even else np.cumsum(np.r_[0, np.random.default_rng(1).uniform(0.02, 0.05, 59)])
    clip = clip_at(times_s, Fraction(30), constant_rate=even)
    walkers = [Walker(unseen(walking((300, 500), (400, 500), 60), 25, 60)),
               Walker(unseen(walking((800, 500), (900, 500), 60), 0, 25))]  # fmt: skip
    detections = replace(found(walkers, times_s), shot=np.arange(60) >= 25)
    tracks = sorted(follow(detections, clip, TrackSettings()), key=lambda track: track.shot)
    first, second = (within_shot(track, detections) for track in tracks)
    np.testing.assert_array_equal(np.r_[first.times_s, second.times_s], tracks[0].times_s)
    assert first.times_s[-1] < times_s[25] - 1e-9 and second.times_s[0] >= times_s[25] - 1e-9
    assert [int(each.seen.sum()) for each in (first, second)] == [int(track.seen.sum()) for track in tracks]


def test_a_track_of_the_only_shot_stays_as_it_is():
    clip = even_clip(20, RATE)
    detections = found([Walker(walking((300, 500), (600, 500), 20))], clip.times_s)
    (track,) = follow(detections, clip, TrackSettings())
    np.testing.assert_array_equal(within_shot(track, detections).landmarks_px, track.landmarks_px)
