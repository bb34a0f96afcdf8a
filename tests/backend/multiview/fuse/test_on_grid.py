from dataclasses import replace

import numpy as np

from backend.multiview.fuse.on_grid import lift_on_grid
from motion.rotations import axis_angle_from_matrix
from tests.backend.multiview.fuse.made_up_views import rig_about, scene, seen_in_view


def test_a_late_camera_is_held_before_it_runs_and_sees_nobody_then():
    truth, rig, grid, views = scene(late_s=(0.0, 0.2))
    lift = lift_on_grid(views[1], rig, 1, grid)
    assert len(lift.root_camera) == grid.frame_count
    assert not lift.track.seen[:6].any() and lift.track.seen[6:].all()
    np.testing.assert_array_equal(lift.root_camera[0], views[1].root_camera[0])


def test_poses_are_taken_by_the_rigs_clocks():
    """A camera half a frame later: in the middle between its frames."""
    truth, _, grid, _ = scene(late_s=(0.0, 0.0))
    rig = rig_about(truth, (0.0, 1.4), (0.0, 0.0))
    half = replace(rig, starts_s=np.array([0.0, -0.5 / 30.0]))
    lift = seen_in_view(truth, rig, 1)
    between = lift_on_grid(lift, half, 1, grid)
    middle = 0.5 * (lift.root_camera[:-1] + lift.root_camera[1:])
    np.testing.assert_allclose(between.root_camera[:-1], middle, atol=1e-9)
    step = np.swapaxes(lift.R_parent_from_joint[:-1], -1, -2) @ lift.R_parent_from_joint[1:]
    share = np.swapaxes(lift.R_parent_from_joint[:-1], -1, -2) @ between.R_parent_from_joint[:-1]
    np.testing.assert_allclose(axis_angle_from_matrix(share), 0.5 * axis_angle_from_matrix(step), atol=1e-7)
