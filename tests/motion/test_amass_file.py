"""AMASS archives have the names and widths that others read, and come back as the motion that was written."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from motion.amass_file import write_amass
from motion.body import read_open_body
from motion.motion_archive import REST_PELVIS
from motion.motion_file import read_motion
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, Skeleton
from tests.motion.made_up import made_up_motion

# "SMPL-X N" of amass.is.tue.mpg.de, without markers.
WIDTHS = {"trans": 3, "poses": 165, "root_orient": 3, "pose_body": 63, "pose_hand": 90, "pose_jaw": 3, "pose_eye": 6}
ELSEWHERE = Skeleton(np.random.default_rng(5).normal(size=(55, 3)))


def motion():
    return replace(made_up_motion(np.random.default_rng(4)), betas=np.zeros(10))


def test_the_file_has_what_others_look_for(tmp_path):
    write_amass(tmp_path / "a.npz", motion())
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert {name: archive[name].shape for name in WIDTHS} == {name: (7, width) for name, width in WIDTHS.items()}
        assert (str(archive["surface_model_type"]), archive["betas"].shape) == ("smplx", (16,))
        assert float(archive["mocap_frame_rate"]) == pytest.approx(30 / 1.001)
        assert float(archive["mocap_time_length"]) == pytest.approx(7 * 1.001 / 30)
        split = [archive[name] for name in ("root_orient", "pose_body", "pose_jaw", "pose_eye", "pose_hand")]
        np.testing.assert_array_equal(np.concatenate(split, axis=1), archive["poses"])


def test_our_reader_finds_the_same_joints_at_the_same_times(tmp_path):
    written = motion()
    write_amass(tmp_path / "a.npz", written)
    read = read_motion(tmp_path / "a.npz", ELSEWHERE)
    np.testing.assert_allclose(read.world_joints(), written.world_joints(), atol=1e-9)
    np.testing.assert_allclose(read.times_s, written.times_s)
    assert (read.rate, read.gender, read.actor) == (Fraction(30000, 1001), written.gender, written.actor)
    np.testing.assert_array_equal(read.body_shape, written.body_shape)


def test_the_pelvis_of_the_average_smplx_body_stands_where_it_was_captured(tmp_path):
    body = read_open_body().shaped([0.4, -0.2])
    written = replace(motion(), skeleton=body.skeleton)
    write_amass(tmp_path / "a.npz", written)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        pelvis = archive["trans"] + np.array(REST_PELVIS[165])
    np.testing.assert_allclose(pelvis, written.root_world, atol=1e-12)


def test_betas_of_an_smplx_file_go_along_with_its_own_pelvis(tmp_path):
    written = replace(motion(), betas=np.array([0.5, -1.5, 0.25]))
    write_amass(tmp_path / "a.npz", written)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["betas"][:4], [0.5, -1.5, 0.25, 0.0])
        np.testing.assert_allclose(archive["trans"], written.root_world - written.skeleton.rest_joints[0])


def test_up_is_up(tmp_path):
    """Who stands upright at rest stands along Z in the file: half of a half turn about X from SMPL-X's own Y up."""
    upright = replace(motion(), R_parent_from_joint=np.tile(np.eye(3), (7, 55, 1, 1)))
    R = np.array(upright.R_parent_from_joint)
    R[:, 0] = matrix_from_axis_angle(np.array([0.5 * np.pi, 0.0, 0.0]))
    upright = replace(upright, R_parent_from_joint=R, skeleton=read_open_body().shaped([]).skeleton)
    write_amass(tmp_path / "a.npz", upright)
    joints = read_motion(tmp_path / "a.npz", ELSEWHERE).world_joints()
    assert np.all(joints[:, JOINT["head"], 2] - joints[:, JOINT["pelvis"], 2] > 0.5)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(Refusal, match="a.npz could not be written to"):
        write_amass(tmp_path / "no" / "a.npz", motion())
