import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.world.gravity_view import gravity_view, world_from_camera
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised

WORLD_FROM_LEVEL = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])


def about(axis, angles):
    return matrix_from_axis_angle(np.asarray(angles)[..., None] * np.eye(3)[axis])


def turning_camera(frames, yaw_total=2.5, seed=3):
    """R_world_from_camera [T, 3, 3] that pans, nods and rolls; its first picture looks along y."""
    t = np.linspace(0.0, 1.0, frames)
    yaw = yaw_total * t + 0.2 * np.sin(9.0 * t)
    pitch, roll = 0.3 + 0.25 * np.sin(5.0 * t), 0.15 * np.sin(7.0 * t + seed)
    return WORLD_FROM_LEVEL @ about(1, yaw) @ about(0, -pitch) @ about(2, roll)


def from_first(R_world_from_camera):
    return R_world_from_camera[0].T @ R_world_from_camera


def down_of(R_world_from_camera):
    return -R_world_from_camera[..., 2, :]


def angle_deg(A, B):
    return np.rad2deg(np.linalg.norm(axis_angle_from_matrix(np.swapaxes(A, -1, -2) @ B), axis=-1))


def by_viewing_directions(R_gv_from_camera, R_first_from_camera, slip=0):
    """The paper's steps one by one; `slip` 1 is the range of turns that GVHMR's code sums."""
    yaws = []
    for t in range(len(R_gv_from_camera) - 1):
        R_camera_from_next = R_first_from_camera[t].T @ R_first_from_camera[t + 1]
        before, after = R_gv_from_camera[t][:, 2], (R_gv_from_camera[t] @ R_camera_from_next)[:, 2]
        yaws.append(np.arctan2(after[0], after[2]) - np.arctan2(before[0], before[2]))
    yaws.append(yaws[-1])
    R = [np.eye(3)]
    for t in range(1, len(R_gv_from_camera)):
        R.append(R[-1] @ about(1, yaws[t - 1 + slip]))
    return np.array([WORLD_FROM_LEVEL @ turn @ view for turn, view in zip(R, R_gv_from_camera, strict=True)])


units = st.tuples(*[st.floats(-1.0, 1.0)] * 3).map(np.array).filter(lambda v: np.linalg.norm(v) > 1e-2).map(normalised)
nearly_straight = st.tuples(st.floats(-1e-6, 1e-6), st.floats(-1e-6, 1e-6), st.sampled_from([-1.0, 1.0]))


@given(down=units | nearly_straight.map(np.array).map(normalised))
def test_the_view_is_level_and_looks_ahead(down):
    R = gravity_view(down)
    np.testing.assert_allclose(R @ R.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(R) == pytest.approx(1.0)
    np.testing.assert_allclose(R @ down, [0.0, 1.0, 0.0], atol=1e-9)
    right, _, ahead = R @ [0.0, 0.0, 1.0]
    assert abs(right) < 1e-5 and ahead > -1e-5


def test_a_camera_that_looks_straight_down_keeps_its_own_right():
    np.testing.assert_allclose(gravity_view(np.array([0.0, 0.0, 1.0])), [[1, 0, 0], [0, 0, 1], [0, -1, 0]], atol=1e-12)


def test_pitch_and_roll_of_the_camera_leave_the_root_as_it_is_in_the_view():
    R_level_from_root = matrix_from_axis_angle(np.array([0.3, -2.0, 0.4]))
    R_level_from_camera = about(0, -0.5) @ about(2, 0.3)
    view = gravity_view(R_level_from_camera.T @ [0.0, 1.0, 0.0])
    found = view @ R_level_from_camera.T @ R_level_from_root
    np.testing.assert_allclose(found, R_level_from_root, atol=1e-12)


def test_the_world_of_a_turning_camera_is_found():
    R = turning_camera(200)
    found = world_from_camera(gravity_view(down_of(R)), from_first(R))
    np.testing.assert_allclose(found, R, atol=1e-9)
    np.testing.assert_allclose(found, by_viewing_directions(gravity_view(down_of(R)), from_first(R)), atol=1e-9)


def test_turns_summed_one_too_far_cost_one_step_of_yaw():
    R = turning_camera(60, yaw_total=np.deg2rad(3.0) * 59)
    view = gravity_view(down_of(R))
    slipped = by_viewing_directions(view, from_first(R), slip=1)
    cost_deg = np.ptp(axis_angle_from_matrix(slipped @ np.swapaxes(R, -1, -2))[:, 2])
    assert np.rad2deg(cost_deg) > 2.5
    assert angle_deg(world_from_camera(view, from_first(R)), R).max() < 1e-5


def test_yaw_goes_on_through_a_look_straight_down():
    pitch = np.linspace(0.0, -np.pi, 41)    # over the top: ahead becomes behind, and the picture stands on its head
    R = WORLD_FROM_LEVEL @ about(0, pitch)
    found = world_from_camera(gravity_view(down_of(R)), from_first(R))
    np.testing.assert_allclose(found, R, atol=1e-6)


def test_three_thousand_frames_of_a_noisy_camera_do_not_tilt(frames=3000):
    chance = np.random.default_rng(1)
    R = turning_camera(frames, yaw_total=12.0)
    noise = matrix_from_axis_angle(np.deg2rad(0.05) * chance.normal(size=(frames, 3)))
    measured = [np.eye(3)]
    for before, after, error in zip(R[:-1], R[1:], noise, strict=False):
        measured.append(measured[-1] @ before.T @ after @ error)
    found = world_from_camera(gravity_view(down_of(R)), np.array(measured))
    tilt_deg = np.rad2deg(np.arccos(np.clip(np.sum(found[:, 2] * R[:, 2], axis=-1), -1.0, 1.0)))
    assert tilt_deg.max() < 1e-4
    drift_deg = angle_deg(found, R)
    assert 0.5 < drift_deg.max() < 10.0     # yaw is a sum, and alone takes the turns' errors
    assert angle_deg(R[:1] @ np.array(measured), R).max() > drift_deg.max()
