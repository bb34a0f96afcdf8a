"""The end leads into the beginning."""

import numpy as np
import pytest

from motion.retarget.loop import looped
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from tests.motion.retarget.made_up_targets import posed, turned

RATE = 30.0


def wandering(frames=90, heading_deg=0.0, seed=2):
    """A smooth motion whose end has nothing to do with its beginning, turning by heading_deg on its way."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(frames)[:, None, None] / RATE
    legs = 0.5 * np.sin(rng.uniform(1, 3, (1, 4, 3)) * times_s + rng.uniform(0, 6, (1, 4, 3)))
    share = np.linspace(0, 1, frames)
    whole = turned(np.deg2rad(heading_deg) * share, 2) @ turned(0.2 * np.sin(5 * share + 1.0), 0)
    path = np.stack([1.2 * share, -0.7 * share**2, 1.0 + 0.1 * np.sin(4 * share)], axis=-1)
    return posed(whole, path, matrix_from_axis_angle(legs))


def twice(pose, heading):
    """World orientations of joint 0, the legs' turns and the path, the second round going on from the first."""
    R = np.array(pose.R_parent_from_joint)
    again = R[1:].copy()
    again[:, 0] = heading @ again[:, 0]
    step = pose.root_world[-1] - pose.root_world[0] @ heading.T
    step[2] = 0.0
    return np.concatenate([R, again]), np.concatenate([pose.root_world, pose.root_world[1:] @ heading.T + step])


def turn_speeds(R):
    return axis_angle_from_matrix(np.swapaxes(R[:-1], -1, -2) @ R[1:])


@pytest.mark.parametrize("heading_deg", [0.0, 75.0, -150.0])
def test_the_last_frame_is_the_first_but_for_way_and_heading(heading_deg):
    loop = looped(wandering(heading_deg=heading_deg), RATE)
    heading = turned(np.deg2rad([heading_deg]), 2)[0]
    R = loop.R_parent_from_joint
    np.testing.assert_allclose(R[-1, 1:], R[0, 1:], atol=1e-9)
    np.testing.assert_allclose(R[-1, 0], heading @ R[0, 0], atol=1e-9)
    assert loop.root_world[-1, 2] == pytest.approx(loop.root_world[0, 2], abs=1e-12)


@pytest.mark.parametrize("heading_deg", [0.0, 75.0])
def test_nothing_pops_at_the_seam(heading_deg):
    pose = wandering(heading_deg=heading_deg)
    R, path = twice(looped(pose, RATE), turned(np.deg2rad([heading_deg]), 2)[0])
    seam = len(pose.root_world) - 1
    for speeds in (turn_speeds(R), np.diff(path, axis=0)[:, None]):
        jumps = np.linalg.norm(np.diff(speeds, axis=0), axis=-1).max(axis=-1)
        assert jumps[seam - 1] < 1.5 * np.delete(jumps, seam - 1)[seam - 12 : seam + 11].max()


def test_the_middle_of_the_clip_is_not_touched():
    pose = wandering()
    loop = looped(pose, RATE)
    window = round(0.3 * RATE)
    np.testing.assert_array_equal(loop.R_parent_from_joint[window:-window], pose.R_parent_from_joint[window:-window])
    np.testing.assert_array_equal(loop.root_world[window:-window], pose.root_world[window:-window])


def test_a_motion_that_is_a_loop_already_stays():
    share = 2 * np.pi * np.arange(61) / 60
    legs = matrix_from_axis_angle(np.stack([np.sin(share + k) for k in range(12)], axis=-1).reshape(61, 4, 3))
    path = np.stack([share, 0 * share, 1.0 + 0.05 * np.sin(2 * share)], axis=-1)
    pose = posed(turned(0.1 * np.sin(share), 2), path, legs)
    loop = looped(pose, RATE)
    np.testing.assert_allclose(loop.root_world, pose.root_world, atol=2e-3)
    np.testing.assert_allclose(loop.R_parent_from_joint, pose.R_parent_from_joint, atol=0.03)


def test_where_the_ends_hardly_differ_in_heading_it_is_closed_too():
    loop = looped(wandering(heading_deg=6.0), RATE)
    np.testing.assert_allclose(loop.R_parent_from_joint[-1], loop.R_parent_from_joint[0], atol=1e-9)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 9])
def test_short_clips_close_too(frames):
    loop = looped(wandering(frames), RATE)
    assert len(loop.root_world) == frames
    np.testing.assert_allclose(loop.R_parent_from_joint[-1], loop.R_parent_from_joint[0], atol=1e-9)
