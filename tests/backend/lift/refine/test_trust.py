from dataclasses import replace

import numpy as np

from backend.lift.beliefs import Beliefs
from backend.lift.refine.trust import trust_in
from motion.landmarks import LANDMARK
from tests.backend.lift.refine.clips import seen_as, walker

FRAMES = 4
LIFT = walker(FRAMES)


def _beliefs():
    one = np.ones(FRAMES)
    return Beliefs(
        down_camera=np.tile((0.0, 1.0, 0.0), (FRAMES, 1)), down_sigma_rad=one, root_velocity=np.zeros((FRAMES, 3)),
        still=np.zeros((FRAMES, 6)), sigma_rotation_rad=np.full((FRAMES, 22), 0.31),
        sigma_joint_m=np.ones((FRAMES, 22, 2)), bias_px=np.full((FRAMES, 33, 2), (3.0, -2.0)),
        bias_sigma_px=np.full((FRAMES, 33), 9.0),
    )  # fmt: skip


def test_the_networks_bias_is_taken_off_and_its_doubts_are_kept():
    told = trust_in(replace(LIFT, beliefs=_beliefs()))
    np.testing.assert_allclose(told.landmarks_px + (3.0, -2.0), LIFT.track.landmarks_px)
    np.testing.assert_array_equal(told.sigma_turn_rad, np.full((FRAMES, 22), 0.31))


def test_landmarks_of_low_score_or_beside_the_picture_are_trusted_less():
    scores, landmarks_px = np.array(LIFT.track.scores), np.array(LIFT.track.landmarks_px)
    scores[1] = 0.3
    landmarks_px[2] -= 5000.0
    lift = seen_as(LIFT, landmarks_px)
    sigma_px = trust_in(replace(lift, track=replace(lift.track, scores=scores))).sigma_px
    assert (sigma_px[1] > 2.0 * sigma_px[0]).all()
    assert (sigma_px[2] > 2.0 * sigma_px[0]).all()


def test_somebody_twice_as_far_is_known_to_half_the_pixels():
    far = replace(LIFT, root_camera=2.0 * LIFT.root_camera)
    np.testing.assert_allclose(trust_in(far).sigma_px, 0.5 * trust_in(LIFT).sigma_px)


def test_a_wrist_says_more_than_a_point_of_the_face():
    sigma_px = trust_in(LIFT).sigma_px[0]
    assert sigma_px[LANDMARK["left_wrist"]] < 0.5 * sigma_px[LANDMARK["left_eye"]]
