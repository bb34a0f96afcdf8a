"""The same motion seen otherwise is compared with what it should look like."""

import numpy as np

from backend.cameras.projection import projected
from backend.track.tracks import Track
from bench.metrics import LEFT_RIGHT
from bench.self_agreement import seen_otherwise, thinned_track

WIDTH_PX, HEIGHT_PX = 640, 360
K = np.array([[500.0, 0.0, WIDTH_PX / 2], [0.0, 500.0, HEIGHT_PX / 2], [0.0, 0.0, 1.0]])
LIMBS = np.random.default_rng(3).normal(size=(9, 12, 3)) * 0.4 + [0.7, -0.2, 4.0]


def test_a_mirrored_picture_shows_the_other_side_where_the_mirror_puts_it():
    seen, mirrored = projected(LIMBS, K), projected(seen_otherwise(LIMBS, "mirrored"), K)
    np.testing.assert_allclose(mirrored[:, LEFT_RIGHT], [WIDTH_PX, 0] + seen * [-1, 1])


def test_a_picture_upside_down_shows_the_same_side_at_the_opposite_place():
    seen, turned = projected(LIMBS, K), projected(seen_otherwise(LIMBS, "turned"), K)
    np.testing.assert_allclose(turned, [WIDTH_PX, HEIGHT_PX] - seen)


def test_a_thinned_track_shows_the_same_frames_at_a_quarter_of_the_rate():
    px = np.random.default_rng(1).normal(size=(10, 33, 2))
    hands = np.full((10, 2, 21, 3), np.nan)
    track = Track(np.arange(10) / 24.0, np.arange(10) != 4, px, np.ones((10, 33)), np.ones((10, 33)),
                  np.ones((10, 33, 3)), hands[..., :2], hands, np.zeros((10, 2)), number=3)  # fmt: skip
    thinned = thinned_track(track, 4)
    np.testing.assert_allclose(thinned.times_s, [0.0, 4 / 24, 8 / 24])
    np.testing.assert_array_equal(thinned.landmarks_px, px[[0, 4, 8]])
    assert list(thinned.seen) == [True, False, True] and thinned.number == 3
