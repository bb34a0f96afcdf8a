from dataclasses import replace

import numpy as np
import pytest

from backend.cameras.projection import projected
from backend.lift.direct.evidence import DepthBelief
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from motion.kinematics import forward_kinematics
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from tests.backend.lift.made_up_track import K, reaching_and_stepping

EXCHANGED = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9] + [i + 1 if i % 2 else i - 1 for i in range(11, 33)]


# A made-up detector is right in depth too, unlike a real one.
TRUSTING = DirectSettings(depth=DepthBelief(share=1.0, sigma_m=0.08))


def lifted(made_up, track=None, settings=TRUSTING):
    return lift_direct(track or made_up.track, made_up.body, K, settings)


@pytest.mark.parametrize("yaw", [0.0, 0.7, 1.5, 3.0, -2.0])
def test_a_perfectly_seen_person_comes_back(yaw):
    made_up = reaching_and_stepping(yaw)
    lift = lifted(made_up)
    off = lift.points_camera() - made_up.points_camera
    place_off = off.mean(axis=1)
    assert 1000 * np.linalg.norm(off - place_off[:, None], axis=-1).mean() < 30
    assert np.linalg.norm(place_off, axis=-1).mean() < 0.02 * 4.0      # of the distance, which size alone tells
    R, _ = forward_kinematics(made_up.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    turn = axis_angle_from_matrix(np.swapaxes(R, -1, -2) @ made_up.R_camera_from_joint)[:, :22]
    assert np.rad2deg(np.linalg.norm(turn, axis=-1)).mean() < 6


def test_the_body_falls_onto_the_landmarks_in_the_picture():
    made_up = reaching_and_stepping()
    lift = lifted(made_up)
    off_px = np.linalg.norm(projected(lift.points_camera()[:, :33], K) - made_up.track.landmarks_px, axis=-1)
    assert off_px.mean() < 4     # the person is 430 px tall


def test_bones_keep_their_length():
    lift = lifted(reaching_and_stepping())
    _, joints = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    thigh = np.linalg.norm(joints[:, 4] - joints[:, 1], axis=-1)
    assert np.ptp(thigh) < 1e-9


def test_frames_without_the_person_are_marked_and_bridged():
    made_up = reaching_and_stepping()
    hidden = slice(12, 20)
    arrays = {name: np.array(getattr(made_up.track, name)) for name in
              ("seen", "landmarks_px", "scores", "landmarks_camera")}  # fmt: skip
    arrays["seen"][hidden], arrays["scores"][hidden] = False, 0.0
    arrays["landmarks_px"][hidden], arrays["landmarks_camera"][hidden] = np.nan, np.nan
    lift = lifted(made_up, replace(made_up.track, **arrays))
    assert np.isfinite(lift.R_parent_from_joint).all() and np.isfinite(lift.root_camera).all()
    assert (lift.confidence[hidden] == 0).all() and (lift.confidence[:12] > 0.5).all()
    off_mm = 1000 * np.linalg.norm(lift.points_camera() - made_up.points_camera, axis=-1)
    assert off_mm[hidden].mean() < 60


def test_a_person_seen_once_is_lifted():
    made_up = reaching_and_stepping(frames=1)
    assert np.isfinite(lifted(made_up).R_parent_from_joint).all()


def test_a_mirrored_picture_gives_the_mirrored_person():
    made_up = reaching_and_stepping()
    mirror = np.array([-1.0, 1.0, 1.0])
    width_px = 2 * K[0, 2]
    track = replace(
        made_up.track,
        landmarks_px=(np.array([width_px, 0.0]) + made_up.track.landmarks_px * [-1.0, 1.0])[:, EXCHANGED],
        landmarks_camera=(made_up.track.landmarks_camera * mirror)[:, EXCHANGED],
        scores=made_up.track.scores[:, EXCHANGED],
    )
    points = lifted(made_up).points_camera()[:, :33]
    mirrored = lifted(made_up, track).points_camera()[:, :33]
    # The open body is symmetric to a few millimetres, not exactly.
    np.testing.assert_allclose((mirrored * mirror)[:, EXCHANGED], points, atol=0.02)


def test_rolling_the_camera_rolls_the_person():
    made_up = reaching_and_stepping(root=(0.0, 0.0, 4.0))
    roll = matrix_from_axis_angle(np.array([0.0, 0.0, 0.4]))
    centre = K[:2, 2]
    track = replace(
        made_up.track,
        landmarks_px=(made_up.track.landmarks_px - centre) @ roll[:2, :2].T + centre,
        landmarks_camera=made_up.track.landmarks_camera @ roll.T,
    )
    upright = lifted(made_up).points_camera()
    np.testing.assert_allclose(lifted(made_up, track).points_camera(), upright @ roll.T, atol=1e-6)


def test_twice_the_size_of_the_picture_changes_nothing():
    made_up = reaching_and_stepping()
    track = replace(made_up.track, landmarks_px=2 * made_up.track.landmarks_px)
    twice = np.diag([2.0, 2.0, 1.0]) @ K
    lift = lift_direct(track, made_up.body, twice, TRUSTING)
    np.testing.assert_allclose(lift.points_camera(), lifted(made_up).points_camera(), atol=1e-9)


def test_knees_do_not_bend_forwards_when_the_depth_is_wrong(rng):
    made_up = reaching_and_stepping(yaw=0.0)
    noisy = made_up.track.landmarks_camera + rng.normal(size=made_up.track.landmarks_camera.shape) * [0.0, 0.0, 0.12]
    lift = lifted(made_up, replace(made_up.track, landmarks_camera=noisy))
    bend = axis_angle_from_matrix(lift.R_parent_from_joint[:, [4, 5]])[..., 0]
    assert (np.rad2deg(bend) > -5).all()


def test_a_detector_that_is_believed_less_leaves_limbs_flatter():
    made_up = reaching_and_stepping(yaw=1.5)
    def depth_of_arm(share):
        points = lifted(made_up, settings=DirectSettings(depth=DepthBelief(share=share, sigma_m=0.03))).points_camera()
        return np.abs(points[:, 13, 2] - points[:, 11, 2]).mean()

    assert depth_of_arm(0.4) < 0.95 * depth_of_arm(1.0)
