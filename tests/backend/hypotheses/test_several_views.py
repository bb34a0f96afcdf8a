"""Hypotheses of somebody whom several cameras saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.projection import projected
from backend.hypotheses.fit_to_picture import fitted
from backend.hypotheses.likelihood import picture_distances
from backend.hypotheses.root_of_samples import roots_of
from backend.hypotheses.rpea import joint_weights
from backend.hypotheses.settings import RpeaSettings
from backend.hypotheses.spread import spread_m
from backend.lift.lift import Lift, OtherView
from backend.lift.refine.settings import RefineSettings
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.backend.hypotheses.slow_samples import only, slow_samples, turned_samples
from tests.backend.lift.made_up_track import K
from tests.backend.lift.refine.clips import walker

LIFT = walker(30)
LIMBS = [JOINT[name] for name in ("left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_knee", "left_ankle")]


def seen_from_the_side(lift: Lift, turn_rad: float = 0.5 * np.pi) -> Lift:
    """The same with a second camera, as far from the person."""
    R = matrix_from_axis_angle(np.array([0.0, turn_rad, 0.0]))
    middle = lift.root_camera.mean(axis=0)
    t = middle - R @ middle
    landmarks_px = projected(lift.points_camera()[:, :33] @ R.T + t, K)
    return replace(lift, others=(OtherView(landmarks_px, lift.track.scores, np.zeros_like(landmarks_px), K, R, t),))


def _spread(lift: Lift) -> float:
    samples = fitted(slow_samples(lift, 8, turn_rad=0.3), RefineSettings(rounds=2))
    weights = joint_weights(samples, RpeaSettings())
    return float(spread_m(samples, lift, weights)[:, LIMBS].mean())


def test_hypotheses_shrink_when_a_second_camera_sees_the_person_from_the_side() -> None:
    assert _spread(seen_from_the_side(LIFT)) < 0.7 * _spread(LIFT)


def test_a_turn_towards_the_first_camera_is_told_by_the_second() -> None:
    turns = only(LIFT, "left_shoulder", (0.0, 0.25, 0.0))[None]
    alone, together = (picture_distances(turned_samples(lift, turns))[0, :, JOINT["left_shoulder"]].mean()
                       for lift in (LIFT, seen_from_the_side(LIFT)))  # fmt: skip
    assert together > 1.3 * alone


def test_distances_of_both_pictures_add_as_squares() -> None:
    """A second camera at the place of the first one doubles what the squares say."""
    samples, twice = slow_samples(LIFT, 2), seen_from_the_side(LIFT, 0.0)
    both = picture_distances(replace(samples, lift=twice))
    np.testing.assert_allclose(both, np.sqrt(2.0) * picture_distances(samples))


def test_a_camera_that_sees_nobody_changes_no_distance() -> None:
    both = seen_from_the_side(LIFT)
    blind = replace(both.others[0], landmarks_px=np.full_like(both.others[0].landmarks_px, np.nan))
    samples = slow_samples(LIFT, 2)
    np.testing.assert_array_equal(picture_distances(replace(samples, lift=replace(LIFT, others=(blind,)))),
                                  picture_distances(samples))  # fmt: skip


def test_samples_stand_where_both_cameras_see_them() -> None:
    """Arms that point elsewhere in depth shift the body's distance; the second camera knows better."""
    turns = slow_samples(LIFT, 4, turn_rad=0.3).turns_rad
    off = [np.abs(roots_of(lift, turns) - LIFT.root_camera)[..., 2].mean() for lift in (LIFT, seen_from_the_side(LIFT))]
    assert off[1] < off[0]
