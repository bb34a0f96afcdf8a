"""The person of a clip: other lengths, the same motion."""

from __future__ import annotations

import numpy as np
import pytest

from bench.render.performance import MAY_SINK_M, heading_rad, performed
from bench.render.wardrobe import dressed
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle
from tests.bench.render.made_clip import R_Z_UP_FROM_Y_UP, lying, marching
from tests.bench.render.made_plan import planned

MODEL = read_open_body()


def test_limbs_point_where_the_motion_has_them_whoever_performs_it():
    clip = marching()
    first, second = (performed(planned(seed=seed), [clip], MODEL) for seed in (7, 8))
    assert abs(first.body.height - second.body.height) > 0.01
    np.testing.assert_allclose(first.R_parent_from_joint[:, :22], second.R_parent_from_joint[:, :22], atol=1e-6)
    np.testing.assert_allclose(first.R_parent_from_joint[0, :22], clip.R_parent_from_joint[9], atol=1e-5)


def test_all_lengths_and_the_path_grow_in_one_ratio():
    clip = marching()
    performance = performed(planned(), [clip], MODEL)
    bones = performance.body.skeleton.offsets[1:22] / np.where(clip_offsets(clip) == 0.0, np.nan, clip_offsets(clip))
    ratio = np.nanmedian(bones)
    np.testing.assert_allclose(bones[np.isfinite(bones)], ratio, rtol=2e-3)
    went = np.linalg.norm(performance.root_world[-1, :2] - performance.root_world[0, :2])
    assert went == pytest.approx(ratio * 0.6 * 44 / 30, rel=1e-3)


def clip_offsets(clip):
    from motion.skeleton import Skeleton

    return Skeleton(clip.rest_joints.astype(float)).offsets[1:22]


def test_people_who_lie_are_not_sunk_into_the_floor():
    performance = performed(planned(start_s=0.0, seconds=0.9), [lying()], MODEL)
    person = dressed(performance.body, np.random.default_rng(0), skirt_allowed=False)
    R_world, joints = forward_kinematics(
        performance.body.skeleton, performance.R_parent_from_joint, performance.root_world
    )
    lowest = np.array([person.posed(R, places)[:, 2].min() for R, places in zip(R_world, joints)])
    assert (lowest > -MAY_SINK_M - 0.05).all()    # clothes stand off by a few centimetres
    assert np.ptp(performance.root_world[:, 2]) < 1e-3


def test_a_motion_goes_on_where_the_one_before_it_ended_and_as_it_faced():
    clip = marching(30)
    performance = performed(planned(start_s=0.0, seconds=1.9), [clip, clip], MODEL)
    steps = np.linalg.norm(np.diff(performance.root_world[:, :2], axis=0), axis=1)
    assert steps.max() < 1.2 * np.median(steps)
    assert np.ptp(heading_rad(performance.R_parent_from_joint[:, 0])) < 1e-5


def test_a_motion_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="march: its motion ends after 0.97 s."):
        performed(planned(start_s=0.0, seconds=3.0), [marching(30)], MODEL)


@pytest.mark.parametrize("turn_rad", [-2.0, 0.4, 3.0])
def test_the_heading_turns_with_the_person(turn_rad):
    turned = matrix_from_axis_angle(np.array([0.0, 0.0, turn_rad])) @ R_Z_UP_FROM_Y_UP
    difference = heading_rad(turned) - heading_rad(R_Z_UP_FROM_Y_UP) - turn_rad
    assert np.cos(difference) == pytest.approx(1.0)
    assert heading_rad(R_Z_UP_FROM_Y_UP) == pytest.approx(-np.pi / 2)    # at rest people face -y
