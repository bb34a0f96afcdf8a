"""The sample clip's truth is one world: motion, points, camera and floor fit each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from motion.body import read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.rotations import matrix_from_axis_angle

FOLDER = Path(__file__).parents[2] / "assets" / "sample"
SIZE_PX = (640, 960)


@pytest.fixture(scope="module")
def truth():
    with np.load(FOLDER / "truth.npz", allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def test_the_files_are_small_enough_to_ship():
    assert (FOLDER / "sample.mp4").stat().st_size < 1_000_000
    assert (FOLDER / "truth.npz").stat().st_size < 300_000


def test_the_points_ride_on_the_stored_motion_of_the_open_body(truth):
    body = read_open_body().shaped(truth["body_shape"])
    R_parent = matrix_from_axis_angle(truth["R_parent_from_joint"].astype(float))
    R_world, joints = forward_kinematics(body.skeleton, R_parent, truth["root_world"].astype(float))
    points = attached_points(R_world, joints, body.skeleton, body.points, body.model.point_joints)
    assert np.abs(points - truth["points_world"]).max() < 0.005


def test_the_whole_person_stays_in_the_picture(truth):
    in_camera = truth["points_world"] @ truth["R_camera_from_world"].T + truth["t_camera_from_world"]
    pixels = in_camera @ truth["K"].T
    pixels = pixels[..., :2] / pixels[..., 2:]
    assert in_camera[..., 2].min() > 1.0
    assert (pixels > 10).all() and (pixels < np.array(SIZE_PX) - 10).all()


def test_soles_stay_above_the_floor_and_come_down_to_it(truth):
    soles = truth["points_world"][:, 33:, 2]
    assert soles.min() > -0.03
    assert np.median(soles.min(axis=1)) < 0.01


def test_feet_on_the_floor_hardly_slide(truth):
    soles = truth["points_world"][:, 33:]
    speed_mps = np.linalg.norm(np.diff(soles[..., :2], axis=0), axis=-1) * truth["rate_hz"]
    standing = (soles[1:, :, 2] < 0.01) & (soles[:-1, :, 2] < 0.01)
    assert np.median(speed_mps[standing]) < 0.08
