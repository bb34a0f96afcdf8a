import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motion.rotations import (
    axis_angle_from_matrix,
    frame_from_axes,
    interpolate_rotations,
    matrix_from_axis_angle,
    matrix_from_quaternion,
    nearest_rotation,
    quaternion_from_matrix,
    same_half_sphere,
    smallest_rotation,
    twist_about,
)

ANGLES = st.one_of(st.floats(-1e-7, 1e-7), st.floats(-3.0, 3.0), st.floats(np.pi - 1e-6, np.pi))
COORDINATES = st.tuples(*[st.floats(-1.0, 1.0)] * 3).filter(lambda v: np.linalg.norm(v) > 1e-3)
UNITS = COORDINATES.map(lambda v: np.array(v) / np.linalg.norm(v))


@given(axis=UNITS, angle=ANGLES)
def test_axis_angle_round_trip(axis, angle):
    R = matrix_from_axis_angle(angle * axis)
    np.testing.assert_allclose(matrix_from_axis_angle(axis_angle_from_matrix(R)), R, atol=1e-6)


@given(axis=UNITS, angle=ANGLES)
def test_a_rotation_keeps_its_axis_and_turns_by_its_angle(axis, angle):
    R = matrix_from_axis_angle(angle * axis)
    np.testing.assert_allclose(R @ axis, axis, atol=1e-12)
    np.testing.assert_allclose(np.trace(R), 1.0 + 2.0 * np.cos(angle), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(R), 1.0, atol=1e-12)


@given(axis=UNITS, angle=ANGLES)
def test_quaternion_round_trip(axis, angle):
    R = matrix_from_axis_angle(angle * axis)
    np.testing.assert_allclose(matrix_from_quaternion(quaternion_from_matrix(R)), R, atol=1e-9)


@given(start=UNITS, end=UNITS)
def test_the_smallest_rotation_arrives_and_is_the_smallest(start, end):
    R = smallest_rotation(start, end)
    np.testing.assert_allclose(R @ start, end, atol=1e-6)
    angle = np.linalg.norm(axis_angle_from_matrix(R))
    np.testing.assert_allclose(angle, np.arccos(np.clip(start @ end, -1, 1)), atol=1e-5)


def test_the_smallest_rotation_to_the_opposite_is_half_a_turn():
    R = smallest_rotation(np.array([0.0, 0.0, 2.0]), np.array([0.0, 0.0, -3.0]))
    np.testing.assert_allclose(R @ [0, 0, 1], [0, 0, -1], atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(R), 1.0)


def test_quaternions_over_time_stay_on_one_half_sphere(rng):
    turns = np.cumsum(rng.normal(size=(200, 3, 3)) * 0.3, axis=0)
    quat_wxyz = same_half_sphere(quaternion_from_matrix(matrix_from_axis_angle(turns)))
    assert (np.sum(quat_wxyz[1:] * quat_wxyz[:-1], axis=-1) > 0).all()


def test_interpolation_passes_through_the_given_and_turns_evenly_between():
    R = matrix_from_axis_angle(np.array([[0.0, 0.0, 0.2], [0.0, 0.0, 1.4]]))
    times_s = np.array([1.0, 3.0])
    between = interpolate_rotations(R, times_s, np.array([0.0, 1.0, 1.5, 3.0, 9.0]))
    np.testing.assert_allclose(axis_angle_from_matrix(between)[:, 2], [0.2, 0.2, 0.5, 1.4, 1.4], atol=1e-12)


def test_a_frame_is_right_handed_and_points_where_it_should(rng):
    first, second = rng.normal(size=(2, 7, 3))
    frame = frame_from_axes(first, second)
    np.testing.assert_allclose(np.linalg.det(frame), 1.0)
    np.testing.assert_allclose(np.cross(frame[:, :, 0], first), 0.0, atol=1e-12)
    assert (np.sum(frame[:, :, 1] * second, axis=-1) > 0).all()


def test_the_nearest_rotation_undoes_a_scale(rng):
    R = matrix_from_axis_angle(rng.normal(size=(5, 3)))
    np.testing.assert_allclose(nearest_rotation(1.7 * R), R, atol=1e-12)


@given(axis=UNITS, across=UNITS, swing=st.floats(-2.5, 2.5))
def test_the_twist_of_a_swing_and_a_twist_counts_whole_turns_on(axis, across, swing):
    square = np.cross(axis, across)
    twists = np.linspace(0.0, 4.0 * np.pi, 50)
    R = matrix_from_axis_angle(swing * square) @ matrix_from_axis_angle(twists[:, None] * axis)
    np.testing.assert_allclose(twist_about(axis, R), twists, atol=1e-6)
