from dataclasses import replace

import numpy as np

from backend.lift.beliefs import Beliefs
from backend.multiview.fuse.beliefs import fused_beliefs
from motion.rotations import normalised
from tests.backend.lift.refine.clips import walker
from tests.backend.multiview.fuse.made_up_views import rig_about

FRAMES = 8
TRUTH = walker(FRAMES)
RIG = rig_about(TRUTH, (0.0, 1.3), (0.0, 0.0))
DOWN = normalised(np.array([0.1, 1.0, 0.2]))


def _lift(view, sigma=0.1, down_off=(0.0, 0.0, 0.0)):
    down = normalised((DOWN + np.array(down_off)) @ RIG.R_first_from_camera[view])
    beliefs = Beliefs(
        np.tile(down, (FRAMES, 1)), np.full(FRAMES, sigma), np.zeros((FRAMES, 3)), np.full((FRAMES, 6), 0.5),
        np.full((FRAMES, 22), sigma), np.full((FRAMES, 22, 2), sigma), np.full((FRAMES, 33, 2), float(view)),
        np.ones((FRAMES, 33)))  # fmt: skip
    return replace(TRUTH, beliefs=beliefs)


def test_gravity_of_all_views_is_in_the_first_ones_axes():
    told = fused_beliefs([_lift(0), _lift(1)], RIG, np.ones((2, FRAMES)))
    np.testing.assert_allclose(told.down_camera, np.tile(DOWN, (FRAMES, 1)), atol=1e-12)


def test_the_surer_view_says_more_of_gravity():
    told = fused_beliefs([_lift(0), _lift(1, sigma=1.0, down_off=(0.5, 0.0, 0.0))], RIG, np.ones((2, FRAMES)))
    assert np.degrees(np.arccos(told.down_camera[0] @ DOWN)) < 1.0


def test_two_views_are_surer_than_one_but_less_than_if_they_shared_no_error():
    one = fused_beliefs([_lift(0)], RIG.only([0]), np.ones((1, FRAMES))).sigma_rotation_rad
    two = fused_beliefs([_lift(0), _lift(1)], RIG, np.ones((2, FRAMES))).sigma_rotation_rad
    np.testing.assert_allclose(one, 0.1)
    assert (two < one).all() and (two > one / np.sqrt(2.0)).all()


def test_a_view_that_sees_nobody_makes_nobody_surer():
    seeing = np.stack([np.ones(FRAMES), np.full(FRAMES, 1e-9)])
    np.testing.assert_allclose(fused_beliefs([_lift(0), _lift(1)], RIG, seeing).sigma_rotation_rad, 0.1, rtol=1e-6)


def test_biases_are_those_of_the_first_cameras_picture():
    assert not fused_beliefs([_lift(0), _lift(1)], RIG, np.ones((2, FRAMES))).bias_px.any()


def test_a_lift_that_no_network_made_leaves_no_beliefs():
    assert fused_beliefs([_lift(0), replace(TRUTH, beliefs=None)], RIG, np.ones((2, FRAMES))) is None
