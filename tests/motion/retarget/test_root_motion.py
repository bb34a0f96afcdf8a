"""The path over the ground for a root bone, and without it."""

import numpy as np
import pytest

from motion.retarget.root_motion import ground_path, in_place
from motion.rotations import matrix_from_axis_angle
from tests.motion.retarget.made_up_targets import FLOOR_M, posed, small_target, turned

RATE = 30.0


def headings_deg(R_beyond_standing, rate=RATE):
    """What ground_path says of somebody turned by [T, 3, 3] in the world."""
    pose = posed(R_beyond_standing, np.tile([0.0, 0.0, 1.0], (len(R_beyond_standing), 1)))
    R, _ = ground_path(pose, small_target(), rate)
    np.testing.assert_allclose(R[:, 2, 2], 1.0, atol=1e-12)
    return np.rad2deg(np.unwrap(np.arctan2(R[:, 1, 0], R[:, 0, 0])))


def going(*angles_deg, seconds=1.0):
    """Angles in rad that go from one to the next, gently, each taking as long."""
    ease = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, round(seconds * RATE), endpoint=False))
    legs = [a + (b - a) * ease for a, b in zip(angles_deg, angles_deg[1:])]
    return np.deg2rad(np.concatenate([*legs, np.full(10, float(angles_deg[-1]))]))


@pytest.mark.parametrize("start_deg", [0.0, 130.0, -179.0])
def test_a_turn_on_the_spot_is_followed_from_the_first_frame_on(start_deg):
    angles = going(start_deg, start_deg + 400.0, seconds=4.0)
    np.testing.assert_allclose(headings_deg(turned(angles, 2)), np.rad2deg(angles), atol=3.0)


@pytest.mark.parametrize("axis", [0, 1], ids=["handstand", "cartwheel"])
def test_who_goes_over_head_down_and_comes_back_keeps_the_heading(axis):
    headings = headings_deg(turned(going(0, 0, 180, 180, 0, 0), axis))
    np.testing.assert_allclose(headings, 0.0, atol=1.0)


def test_a_whole_cartwheel_and_a_somersault_do_not_turn_the_root():
    for axis in (0, 1):
        np.testing.assert_allclose(headings_deg(turned(going(0, 0, 360, 360), axis)), 0.0, atol=1.0)


def test_who_lies_down_rolls_over_and_stands_up_the_other_way_is_followed_without_a_flip():
    down = turned(going(0, -90), 0)
    lying = turned(going(0, 180), 1) @ down[-1]
    whole = np.concatenate([down, lying, turned(going(0, 90), 0) @ lying[-1]])
    headings = headings_deg(whole)
    assert abs(headings[-1]) == pytest.approx(180.0, abs=2.0)
    assert np.abs(np.diff(headings)).max() < 180.0 / RATE * 4.0


def test_who_only_lies_about_has_a_heading_without_flips():
    rolling = turned(going(0, 720, seconds=3.0), 1) @ turned(np.array([np.pi / 2]), 0)
    headings = headings_deg(rolling)
    assert np.abs(np.diff(headings)).max() < 1.0


def test_stepping_and_swinging_hips_hardly_turn_the_root():
    swing = np.deg2rad(8.0) * np.sin(2 * np.pi * 2.0 * np.arange(120) / RATE)
    assert np.abs(headings_deg(turned(swing, 2))[15:-15]).max() < 1.5


@pytest.mark.parametrize("frames", [0, 1, 2, 3])
def test_a_few_frames_are_enough(frames):
    assert len(headings_deg(turned(np.zeros(frames), 2))) == frames


def test_the_root_goes_along_under_the_hips_on_the_floor():
    root = np.random.default_rng(3).normal(size=(20, 3))
    _, places = ground_path(posed(turned(np.zeros(20), 2), root), small_target(), RATE)
    np.testing.assert_array_equal(places[:, :2], root[:, :2])
    assert np.all(places[:, 2] == FLOOR_M)


def test_in_place_keeps_heights_and_turns_over_the_first_place():
    rng = np.random.default_rng(4)
    pose = posed(matrix_from_axis_angle(rng.normal(size=(9, 3))), rng.normal(size=(9, 3)))
    stays = in_place(pose)
    np.testing.assert_array_equal(stays.root_world[:, :2], np.tile(pose.root_world[0, :2], (9, 1)))
    np.testing.assert_array_equal(stays.root_world[:, 2], pose.root_world[:, 2])
    assert stays.R_parent_from_joint is pose.R_parent_from_joint
