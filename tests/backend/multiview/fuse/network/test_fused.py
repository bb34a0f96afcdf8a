"""One body of several lifts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift
from backend.multiview.fuse.network.fused import fused_poses, fused_sigma_rad
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle
from tests.backend.lift.made_up_track import K, MadeUp

from .made_up_views import around


def lift_of(made: MadeUp, sigma_rad: float = 0.1, turn: Array | None = None) -> Lift:
    """The truth, or the whole body turned before the camera."""
    frames = len(made.track.times_s)
    pose = made.R_parent_from_joint.copy()
    if turn is not None:
        pose[:, 0] = turn @ pose[:, 0]
    beliefs = Beliefs(np.tile([0.0, 1.0, 0.0], (frames, 1)), np.full(frames, 0.1), np.zeros((frames, 3)),
                      np.zeros((frames, 6)), np.full((frames, 22), sigma_rad), np.full((frames, 22, 2), 0.05),
                      np.zeros((frames, 33, 2)), np.full((frames, 33), 5.0))  # fmt: skip
    return Lift(made.track, made.body, K, pose, np.zeros((frames, 3)), np.ones((frames, 55)), beliefs)


def angle_deg(one: Array, other: Array) -> Array:
    trace = np.trace(np.swapaxes(one, -1, -2) @ other, axis1=-2, axis2=-1)
    return np.rad2deg(np.arccos(np.clip((trace - 1.0) / 2.0, -1.0, 1.0)))


@pytest.mark.parametrize("with_rig", [True, False])
def test_views_that_agree_keep_what_they_say(with_rig: bool) -> None:
    made, rig = around(1.3, -2.4)
    poses = fused_poses([lift_of(each) for each in made], rig if with_rig else None)
    for pose, each in zip(poses, made, strict=True):
        np.testing.assert_allclose(pose, each.R_parent_from_joint, atol=1e-9)


def test_the_mean_lies_between_nearer_to_the_surer_view() -> None:
    made, rig = around(1.3)
    turn = matrix_from_axis_angle(np.array([0.0, np.deg2rad(10.0), 0.0]))
    lifts = [lift_of(made[0], 0.1), lift_of(made[1], 0.2, turn)]
    pose, _ = fused_poses(lifts, rig)
    np.testing.assert_allclose(angle_deg(pose[:, 0], made[0].R_parent_from_joint[:, 0]), 2.0, atol=0.05)


def test_without_a_rig_every_camera_keeps_what_it_says_of_the_pelvis() -> None:
    made, _ = around(1.3)
    turn = matrix_from_axis_angle(np.array([0.3, 0.2, -0.1]))
    lifts = [lift_of(made[0]), lift_of(made[1], turn=turn)]
    for pose, lift in zip(fused_poses(lifts, None), lifts, strict=True):
        np.testing.assert_array_equal(pose[:, 0], lift.R_parent_from_joint[:, 0])


def test_a_view_that_does_not_see_the_person_does_not_count() -> None:
    made, rig = around(1.3)
    turn = matrix_from_axis_angle(np.array([0.0, 0.5, 0.0]))
    blind = lift_of(made[1], 0.01, turn)
    blind = replace(blind, track=replace(blind.track, seen=np.zeros(45, dtype=bool)))
    pose, _ = fused_poses([lift_of(made[0]), blind], rig)
    assert angle_deg(pose, made[0].R_parent_from_joint).max() < 0.02
    np.testing.assert_allclose(fused_sigma_rad([lift_of(made[0]), blind]), 0.1)
