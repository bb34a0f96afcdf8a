"""Resting soles and palms are told by speed."""

from __future__ import annotations

import numpy as np

from backend.train.motions.still import SOLES, body_on, still_labels, still_points
from backend.train.motions.training_clip import RATE_HZ
from motion.body import read_open_body
from motion.contacts.believe import STILL_POINTS
from motion.skeleton import BODY_JOINT_COUNT


def walking_point(stance_s: float, swing_s: float, speed_m_s: float, height_m: float = 0.0) -> tuple:
    """Places [T, 1, 3] of a foot that rests and swings by turns, and where it rests."""
    t = np.arange(round(6 * (stance_s + swing_s) * RATE_HZ)) / RATE_HZ
    step, phase = np.divmod(t, stance_s + swing_s)
    share = np.clip((phase - stance_s) / swing_s, 0.0, 1.0)
    length = speed_m_s * (stance_s + swing_s)
    x = length * (step + share - np.sin(2 * np.pi * share) / (2 * np.pi))
    z = height_m + 0.1 * np.sin(np.pi * share)
    return np.stack([x, 0 * x, z], axis=-1)[:, None], phase < stance_s


def test_a_walking_foot_rests_in_its_stance_and_only_there() -> None:
    points, stance = walking_point(0.7, 0.5, 1.3)
    label = still_labels(points, RATE_HZ)[:, 0]
    assert label[stance].mean() > 0.9
    assert label[~stance].mean() < 0.3   # it comes to rest and leaves slowly


def test_the_height_does_not_matter() -> None:
    low, high = (still_labels(walking_point(0.7, 0.5, 1.3, height_m)[0], RATE_HZ) for height_m in (0.0, 3.0))
    np.testing.assert_array_equal(low, high)


def test_the_short_stance_of_a_sprinter_is_seen() -> None:
    points, stance = walking_point(0.13, 0.35, 6.0)
    label = still_labels(points, RATE_HZ)[:, 0]
    assert label.any() and not label[~stance].all() and label[~stance].mean() < 0.15


def test_a_foot_that_glides_slowly_never_rests() -> None:
    x = 0.2 * np.arange(60) / RATE_HZ
    assert not still_labels(np.stack([x, x, 0 * x], axis=-1)[:, None], RATE_HZ).any()


def test_nobody_stops_at_the_ends_of_a_clip() -> None:
    x = 2.0 * np.arange(40) / RATE_HZ
    assert not still_labels(np.stack([x, 0 * x, 0 * x], axis=-1)[:, None], RATE_HZ).any()
    assert still_labels(np.zeros((1, 6, 3)), RATE_HZ).all()


def test_soles_of_a_standing_body_lie_on_the_floor_and_palms_at_the_wrists() -> None:
    rest = read_open_body().joints
    R = np.broadcast_to(np.eye(3), (2, BODY_JOINT_COUNT, 3, 3)).copy()
    R[:, 0] = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]   # Y up to Z up
    points = still_points(R, np.tile([0.0, 0.0, 0.979], (2, 1)), rest)
    np.testing.assert_allclose(points[:, SOLES, 2], 0.0, atol=0.003)
    palms = points[0, [STILL_POINTS.index("left_palm"), STILL_POINTS.index("right_palm")]]
    np.testing.assert_allclose(palms[:, 0], [0.79, -0.79], atol=0.02)


def test_feet_grow_with_the_legs() -> None:
    rest = read_open_body().joints
    small, large = body_on(0.5 * rest), body_on(rest)
    heel = large.model.point_names.index("left_heel_sole")
    np.testing.assert_allclose(small.points[heel], 0.5 * large.points[heel], atol=1e-9)
