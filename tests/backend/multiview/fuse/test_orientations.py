import numpy as np

from backend.multiview.fuse.orientations import fused_pose, orientations_in_first, slowly_as
from motion.kinematics import forward_kinematics
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from tests.backend.lift.refine.clips import walker
from tests.backend.multiview.fuse.made_up_views import rig_about, scene, seen_in_view

TRUTH = walker(40)
RIG = rig_about(TRUTH, (0.0, 1.4), (0.0, 0.0))
SEEN = [seen_in_view(TRUTH, RIG, view) for view in range(2)]


def _angle(R, other):
    return np.linalg.norm(axis_angle_from_matrix(np.swapaxes(R, -1, -2) @ other), axis=-1)


def test_views_without_errors_make_the_true_pose():
    pose = fused_pose(SEEN, RIG, np.ones((2, 40, 22)))
    assert _angle(pose, TRUTH.R_parent_from_joint)[:, :22].max() < 1e-6


def test_a_joint_of_which_only_one_view_has_a_say_is_as_that_one_sees_it():
    _, rig, _, views = scene(late_s=(0.0, 0.0))
    say = np.full((2, 60, 22), 1e-9)
    say[1, :, 18] = 1.0
    say[0, :, :18] = 1.0
    pose = fused_pose([views[0], views[1]], rig, say)
    R, _ = forward_kinematics(views[0].body.skeleton, pose, np.zeros((60, 3)))
    np.testing.assert_allclose(R[:, 18], orientations_in_first(views[1], rig.R_first_from_camera[1])[:, 18], atol=1e-6)
    np.testing.assert_allclose(R[:, 4], orientations_in_first(views[0], rig.R_first_from_camera[0])[:, 4], atol=1e-6)


def test_of_a_trembling_pose_only_what_is_slow_is_followed():
    smooth = TRUTH.R_parent_from_joint
    noise = np.random.default_rng(0).normal(scale=0.05, size=(40, 55, 3))
    followed = slowly_as(smooth @ matrix_from_axis_angle(noise), smooth, 30.0)
    assert _angle(smooth, followed)[8:-8].mean() < 0.5 * np.linalg.norm(noise, axis=-1).mean()
    turned = smooth @ matrix_from_axis_angle(np.array([0.0, 0.2, 0.0]))
    np.testing.assert_allclose(slowly_as(turned, smooth, 30.0), turned, atol=1e-9)
