"""The take that ships, against the truth that its clip was rendered from: wide bars, for what would be broken."""

from pathlib import Path

import numpy as np
import pytest

from bench import metrics
from motion.body import read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LIMB_LANDMARKS
from motion.motion_file import read_motion
from motion.skeleton import Skeleton

SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample"
MODEL = read_open_body()


@pytest.fixture(scope="module")
def take():
    return read_motion(SAMPLE / "take" / "person_00" / "motion.npz", Skeleton(MODEL.joints))


@pytest.fixture(scope="module")
def truth():
    with np.load(SAMPLE / "truth.npz", allow_pickle=False) as archive:
        return dict(archive)


def points_world(motion):
    body = MODEL.shaped(motion.body_shape).fitted_to(motion.skeleton)
    R, joints = forward_kinematics(motion.skeleton, motion.R_parent_from_joint, motion.root_world)
    return attached_points(R, joints, motion.skeleton, body.points, MODEL.point_joints)


def test_every_picture_of_the_film_has_its_frame(take, truth):
    assert take.frame_count == len(truth["points_world"]) == 216
    assert take.rate == 30 and take.seen.all()


def test_the_body_does_what_the_person_does(take, truth):
    camera = take.cameras[0]
    ours = points_world(take)[:, LIMB_LANDMARKS] @ camera.R_camera_from_world[0].T + camera.t_camera_from_world[0]
    true = truth["points_world"][:, LIMB_LANDMARKS].astype(float) @ truth["R_camera_from_world"].T
    assert metrics.mpjpe_mm(ours, true) < 130
    assert metrics.pa_mpjpe_mm(ours, true) < 95
    assert metrics.swapped_share(ours, true) < 0.02


def test_up_is_up_and_the_feet_are_on_the_floor(take, truth):
    up, true_up = (R @ [0.0, 0.0, 1.0] for R in (take.cameras[0].R_camera_from_world[0], truth["R_camera_from_world"]))
    assert np.rad2deg(np.arccos(up @ true_up)) < 8
    soles = points_world(take)[:, [33, 34, 36, 37], 2]
    assert np.abs(np.median(soles.min(axis=1))) < 0.04
    assert metrics.penetration_mm(points_world(take)[:, [33, 34, 36, 37]]) < 25


def test_the_footage_is_named_without_a_folder(take):
    assert take.cameras[0].video_path == "sample.mp4"
