"""A pose fitted again to the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion.corrections import refit
from motion.corrections.refit import WIDTH, Task, refitted
from motion.corrections.seen_points import POINTS, Sight, posed
from motion.motion import Motion
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.motion.corrections.moving_person import box_person, moving

BODY = box_person()


def task(motion: Motion, wanted_px: np.ndarray, trust: float = 1.0) -> Task:
    frames, points = wanted_px.shape[:2]
    return Task(BODY, Sight.of(motion.cameras[0]), motion.R_parent_from_joint, motion.root_world, wanted_px,
                np.full((frames, points), trust), np.ones(frames), float(motion.rate))  # fmt: skip


def seen(motion: Motion) -> np.ndarray:
    points = posed(BODY, motion.R_parent_from_joint, motion.root_world).points_world
    return Sight.of(motion.cameras[0]).pixels(points)


def test_the_derivatives_are_those_of_finite_differences():
    motion = moving(3)
    problem = task(motion, seen(motion))
    rows = refit._point_rows(problem, refit._posed(problem, np.zeros((3, WIDTH))))
    for unknown in range(0, WIDTH, 5):
        step = np.zeros((3, WIDTH))
        step[:, unknown] = 1e-6
        moved = refit._posed(problem, step).points_world - refit._posed(problem, -step).points_world
        np.testing.assert_allclose(rows[..., unknown], moved / 2e-6, atol=1e-6)


def test_pixels_move_with_points_as_their_derivatives_say():
    motion = moving(3)
    points = posed(BODY, motion.R_parent_from_joint, motion.root_world).points_world
    sight = Sight.of(motion.cameras[0])
    for axis in range(3):
        step = 1e-6 * np.eye(3)[axis]
        difference = (sight.pixels(points + step) - sight.pixels(points - step)) / 2e-6
        np.testing.assert_allclose(sight.pixel_rows(points)[..., axis], difference, atol=1e-4)


def test_a_pose_that_fits_already_stays():
    motion = moving(9)
    R, root = refitted(task(motion, seen(motion)))
    np.testing.assert_allclose(R, motion.R_parent_from_joint, atol=1e-9)
    np.testing.assert_allclose(root, motion.root_world, atol=1e-9)


def bent(motion: Motion) -> Motion:
    R = np.array(motion.R_parent_from_joint)
    R[:, JOINT["right_shoulder"]] = R[:, JOINT["right_shoulder"]] @ matrix_from_axis_angle(np.array([0.0, 0.0, 0.25]))
    return replace(motion, R_parent_from_joint=R)


def test_a_bent_arm_comes_back_onto_its_landmarks():
    truth = moving(9)
    wrong = bent(truth)
    R, root = refitted(task(wrong, seen(truth)))
    after = replace(wrong, R_parent_from_joint=R, root_world=root)
    off_before, off_after = (np.linalg.norm(seen(m) - seen(truth), axis=-1).max() for m in (wrong, after))
    assert off_after < 0.1 * off_before


def test_one_landmark_gone_astray_changes_little():
    motion = moving(9)
    wanted_px = seen(motion)
    wanted_px[:, list(POINTS).index(15)] += 300.0
    R, _ = refitted(task(motion, wanted_px))
    assert np.abs(R - motion.R_parent_from_joint).max() < 0.02


def test_nothing_known_or_nothing_free_changes_nothing():
    motion = moving(5)
    problem = task(motion, seen(motion) + 50.0)
    for idle in (replace(problem, trust=0.0 * problem.trust), replace(problem, freedom=np.zeros(5))):
        assert refitted(idle)[0] is problem.R_parent_from_joint
