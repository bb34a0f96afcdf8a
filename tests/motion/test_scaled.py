import math
from dataclasses import fields, replace

import numpy as np
import pytest

from motion.arrays import Array
from motion.kinematics import forward_kinematics
from motion.motion import Camera, Motion
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle
from motion.scaled import factor_between, scaled
from tests.motion.made_up import made_up_motion

FACTOR = 1.37


def pictured_px(camera: Camera, points_world: Array) -> Array:
    """Points [T, N, 3] as a camera sees them, [T, N, 2] px."""
    points_camera = np.einsum("tij,tnj->tni", camera.R_camera_from_world, points_world)
    points_camera = points_camera + camera.t_camera_from_world[:, None]
    flat = np.einsum("tij,tnj->tni", camera.K, points_camera)
    return flat[..., :2] / flat[..., 2:]


def hypothesis_joints(motion: Motion, index: int) -> Array:
    R = matrix_from_axis_angle(motion.hypotheses[index])
    return forward_kinematics(motion.skeleton, R, motion.hypotheses_root[index])[1]


def test_no_camera_sees_a_difference(rng):
    motion = made_up_motion(rng)
    larger = scaled(motion, FACTOR)
    for before, after in zip(motion.cameras, larger.cameras, strict=True):
        np.testing.assert_allclose(pictured_px(after, larger.world_joints()),
                                   pictured_px(before, motion.world_joints()))  # fmt: skip
        for index in range(len(motion.hypotheses)):
            np.testing.assert_allclose(pictured_px(after, hypothesis_joints(larger, index)),
                                       pictured_px(before, hypothesis_joints(motion, index)))  # fmt: skip


def test_all_lengths_grow_and_the_raw_motion_with_them(rng):
    motion = made_up_motion(rng)
    larger = scaled(motion, FACTOR)
    for before, after in ((motion, larger), (motion.raw, larger.raw)):
        np.testing.assert_allclose(after.world_joints(), FACTOR * before.world_joints())
        np.testing.assert_allclose(after.spread_m, FACTOR * before.spread_m)


def test_turns_times_and_what_was_seen_stay(rng):
    motion = made_up_motion(rng)
    larger = scaled(motion, FACTOR)
    grown = {"skeleton", "root_world", "betas", "cameras", "hypotheses_root", "choices", "spread_m", "quality", "raw"}
    for name in {field.name for field in fields(Motion)} - grown:
        np.testing.assert_equal(getattr(larger, name), getattr(motion, name))


def test_back_again_is_the_same_take(rng):
    motion = replace(made_up_motion(rng), betas=np.zeros(10))
    back = scaled(scaled(motion, FACTOR), 1.0 / FACTOR)
    np.testing.assert_allclose(back.world_joints(), motion.world_joints())
    np.testing.assert_allclose(back.cameras[0].t_camera_from_world, motion.cameras[0].t_camera_from_world)
    np.testing.assert_array_equal(back.betas, motion.betas)


def test_betas_that_say_another_size_go(rng):
    larger = scaled(made_up_motion(rng), FACTOR)
    assert not np.any(larger.betas) and not np.any(larger.raw.betas)


def test_what_an_artist_reads_of_other_poses_grows_too(rng):
    words = [choice.words for choice in scaled(made_up_motion(rng), 1.5).choices]
    assert words == ["left wrist 27 cm nearer", "turned 20°"]


def test_the_factor_makes_two_points_lie_as_far_apart_as_they_should():
    assert factor_between(np.array([[1.0, 2.0, 0.0], [4.0, 2.0, 4.0]]), 2.0) == pytest.approx(0.4)


@pytest.mark.parametrize("points, length_m, sentence", [
    ([[1.0, 2.0, 3.0], [1.0, 2.0, 3.004]], 2.0, "The two points lie 0.4 cm apart."),
    ([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0]], 0.0, "0 m is no length."),
    ([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0]], -2.5, "-2.5 m is no length."),
    ([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0]], math.inf, "inf m is no length."),
])
def test_what_gives_no_factor_is_said(points, length_m, sentence):
    with pytest.raises(Refusal) as refusal:
        factor_between(np.array(points), length_m)
    assert refusal.value.sentence == sentence
