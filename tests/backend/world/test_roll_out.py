import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.world.gravity_view import gravity_view, world_from_camera
from backend.world.roll_out import roll_out
from motion.rotations import matrix_from_axis_angle
from tests.backend.world.filmed import velocities_of
from tests.backend.world.test_gravity_view import about, down_of, from_first, turning_camera


def walker(frames, rate):
    """R_world_from_root [T, 3, 3] and path [T, 3] m: 1.4 m/s along a winding way, nodding and swaying."""
    t = np.arange(frames) / rate
    heading = 0.5 * t + np.sin(0.8 * t)
    steps = 1.4 / rate * np.stack([np.cos(heading), np.sin(heading), 0.2 * np.sin(12.0 * t)], axis=-1)
    path = np.concatenate([np.zeros((1, 3)), np.cumsum(steps[:-1], axis=0)])
    R = about(2, heading) @ about(0, 0.1 * np.sin(6.0 * t)) @ about(1, 0.1 * np.cos(6.0 * t))
    return R, path


def test_a_body_that_turns_while_it_walks_comes_where_each_frames_own_heading_leads():
    quarter = np.array([about(2, angle) for angle in (0.0, np.pi / 2, np.pi, np.pi)])
    ahead = np.tile([3.0, 0.0, 0.0], (4, 1))
    np.testing.assert_allclose(roll_out(quarter, ahead, 30.0), [[0, 0, 0], [0.1, 0, 0], [0.1, 0.1, 0], [0, 0.1, 0]],
                               atol=1e-12)  # fmt: skip


def test_the_path_is_that_of_a_plain_loop():
    chance = np.random.default_rng(5)
    R, velocity = matrix_from_axis_angle(chance.normal(size=(40, 3))), chance.normal(size=(40, 3))
    place, path = np.zeros(3), []
    for turn, speed in zip(R, velocity, strict=True):
        path.append(place)
        place = place + turn @ speed / 24.0
    np.testing.assert_allclose(roll_out(R, velocity, 24.0), path, atol=1e-12)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), frames=st.integers(1, 30), rate=st.floats(1.0, 240.0))
def test_velocities_of_a_path_roll_out_to_it(seed, frames, rate):
    chance = np.random.default_rng(seed)
    R, path = matrix_from_axis_angle(chance.normal(size=(frames, 3))), chance.normal(size=(frames, 3))
    velocity = velocities_of(R, path, rate)
    assert velocity.shape == (frames, 3)
    np.testing.assert_allclose(roll_out(R, velocity, rate), path - path[0], atol=1e-9)


def test_a_turning_camera_sees_three_thousand_frames_of_a_walk_where_it_went():
    frames, rate = 3000, 30.0
    R_world_from_camera = turning_camera(frames, yaw_total=15.0)
    R_world_from_root, path = walker(frames, rate)
    R_camera_from_root = np.swapaxes(R_world_from_camera, -1, -2) @ R_world_from_root
    down = down_of(R_world_from_camera)
    found = world_from_camera(gravity_view(down), from_first(R_world_from_camera)) @ R_camera_from_root
    np.testing.assert_allclose(found, R_world_from_root, atol=1e-7)
    velocity = velocities_of(R_world_from_root, path, rate)
    np.testing.assert_allclose(roll_out(found, velocity, rate), path, atol=1e-5)
