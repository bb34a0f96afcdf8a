from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.train.bodies import BodyFamily
from backend.train.kinematics import attached_points, forward_kinematics, matrix_from_quaternion
from backend.train.motions.training_clip import Teaches
from backend.train.packed import PackedMotions, draw_weights
from tests.backend.train.made_up_clips import several, walking

FAMILY = BodyFamily()


@pytest.fixture(scope="module")
def motions():
    return PackedMotions(several(3), FAMILY)


def windows(motions, clip=1, start=0.0, speed=1.0, frames=40):
    return motions.windows(torch.tensor([clip]), torch.tensor([start]), torch.tensor([speed]), frames)


def landmarks(windows, bodies):
    R, joints = forward_kinematics(
        matrix_from_quaternion(windows.quat_wxyz), windows.root_world, bodies.rest_joints
    )
    return attached_points(R, joints, FAMILY.landmark_offsets(bodies), FAMILY.landmark_joints)


def test_a_window_at_the_recorded_speed_is_the_recording(motions):
    clip, window = several(3)[2], windows(motions, clip=2, start=17.0)
    np.testing.assert_allclose(matrix_from_quaternion(window.quat_wxyz)[0], clip.R_parent_from_joint[17:57], atol=1e-5)
    np.testing.assert_allclose(window.root_world[0], clip.root_world[17:57], atol=1e-5)
    np.testing.assert_array_equal(window.still[0], clip.still[17:57])
    assert window.inside.all()


def test_speed_multiplies_velocities(motions):
    slow, fast = (windows(motions, clip=2, speed=speed).root_world.diff(dim=1) for speed in (0.8, 1.2))
    torch.testing.assert_close(1.5 * slow, fast, atol=1e-5, rtol=0.0)


def test_between_two_frames_joints_turn_half_way(motions):
    whole = matrix_from_quaternion(windows(motions, start=10.0, frames=2).quat_wxyz)[0]
    half = matrix_from_quaternion(windows(motions, start=10.5, frames=1).quat_wxyz)[0, 0]
    first, second = whole[0].transpose(-1, -2) @ half, half.transpose(-1, -2) @ whole[1]
    torch.testing.assert_close(first, second, atol=1e-4, rtol=0.0)


def test_beyond_its_end_a_clip_is_held_and_says_so(motions):
    window = windows(motions, start=190.0)
    assert window.inside[0].tolist() == [True] * 10 + [False] * 30
    assert (window.root_world[0, 10:] == window.root_world[0, 9]).all()


def test_mirrored_twice_is_the_same(motions):
    window = windows(motions, start=3.0)
    twice = window.mirrored(torch.tensor([True])).mirrored(torch.tensor([True]))
    for name in ("quat_wxyz", "root_world", "still", "joints"):
        assert torch.equal(getattr(twice, name), getattr(window, name))


def test_landmarks_of_mirrored_motion_are_the_mirrored_landmarks(motions):
    window, bodies = windows(motions, start=5.0), motions.bodies[torch.tensor([1])]
    plain = landmarks(window, bodies)
    mirrored = landmarks(window.mirrored(torch.tensor([True])), bodies.mirrored())
    left, right = [11, 13, 15, 23, 25, 27, 29, 31], [12, 14, 16, 24, 26, 28, 30, 32]
    flip = torch.tensor([-1.0, 1.0, 1.0])
    torch.testing.assert_close(mirrored[:, :, left], plain[:, :, right] * flip, atol=1e-5, rtol=0.0)
    torch.testing.assert_close(mirrored[:, :, 0], plain[:, :, 0] * flip, atol=1e-5, rtol=0.0)


def test_what_is_not_taught_changes_sides_too():
    joints = tuple(index != 20 for index in range(22))
    window = windows(PackedMotions([walking("a", 50, 1.0, teaches=Teaches(joints=joints))], FAMILY), clip=0)
    assert window.mirrored(torch.tensor([True])).joints[0].logical_not().nonzero().tolist() == [[21]]


def test_long_and_short_recordings_of_actions_count_alike():
    long, short = walking("long", 3000, 1.0, 1), walking("short", 700, 1.0, 2)
    halves = [replace(short, origin=replace(short.origin, name=f"half {i}")) for i in range(2)]
    weights = draw_weights([long, *halves], [1.0, 1.0, 1.0])
    assert weights[0] == pytest.approx(float(weights[1:].sum())) and weights[1] == weights[2]


def test_who_idles_is_drawn_less():
    weights = draw_weights([walking("a", 900, 1.0, 1), walking("b", 900, 1.0, 2)], [1.0, 0.0])
    assert 0 < weights[1] < 0.5 * weights[0]
