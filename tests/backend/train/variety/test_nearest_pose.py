import numpy as np
import pytest

from backend.train.variety.nearest_pose import group_of, nearest_mm, pose_numbers
from motion.rotations import matrix_from_axis_angle
from tests.backend.train.variety.made_up_clips import marching


def turned(clip, axis_angle):
    R = clip.R_parent_from_joint.copy()
    R[:, 0] = matrix_from_axis_angle(axis_angle) @ R[:, 0]
    return R


def test_the_nearest_is_found_as_by_trying_all():
    rng = np.random.default_rng(0)
    poses, shown = rng.normal(size=(40, 22, 3)).astype(np.float32), rng.normal(size=(300, 22, 3)).astype(np.float32)
    shown[:40] = poses + 0.05 * rng.normal(size=(40, 22, 3))
    every = 1000.0 * np.linalg.norm(poses[:, None] - shown[None], axis=-1).mean(axis=-1).min(axis=1)
    np.testing.assert_allclose(nearest_mm(poses, shown), every, rtol=1e-4)


def test_a_pose_that_was_shown_is_at_no_distance_and_so_is_its_mirror_image():
    clip = marching("one")
    poses = pose_numbers([clip], 3)
    assert nearest_mm(poses, pose_numbers([clip], 1)).max() < 0.5
    flipped = poses[:, [0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20]] * [
        -1.0,
        1.0,
        1.0,
    ]
    assert nearest_mm(flipped.astype(np.float32), pose_numbers([clip], 1, mirrored=True)).max() < 1.0


@pytest.mark.parametrize("upright, same", [(True, False), (False, True)])
def test_lying_is_standing_only_in_the_axes_of_the_pelvis(upright, same):
    from dataclasses import replace

    clip = marching("one")
    lying = replace(clip, R_parent_from_joint=turned(clip, [-np.pi / 2.0, 0.0, 0.0]))
    far = nearest_mm(pose_numbers([lying], 5, upright), pose_numbers([clip], 1, upright)).min()
    assert (far < 0.5) == same


def test_north_does_not_matter():
    from dataclasses import replace

    clip = marching("one")
    other = replace(clip, R_parent_from_joint=turned(clip, [0.0, 0.0, 2.1]))
    assert nearest_mm(pose_numbers([other], 5, True), pose_numbers([clip], 1, True)).max() < 0.5


@pytest.mark.parametrize("action, group", [
    ("playground - climb, sit, dangle legs", "sitting"), ("salsa dance", "dance"), ("Run Dive Over Roll Run", "floor"),
    ("Idle01 StepForwardRt01", "walk"), ("Idle02 PleaBt01", "idle"), ("wash windows", "gestures, work"),
    ("kickLFront1Reps", "fight, sport"),
])  # fmt: skip
def test_actions_have_their_group(action, group):
    assert group_of(action) == group
