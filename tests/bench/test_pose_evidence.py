"""Figures of whole poses, against errors that were put in on purpose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.lift.beliefs import Beliefs
from bench.pose_evidence import Pose, PoseEvidence, TruePose, bent_back, covered, pose_evidence, turned_deg
from motion.arrays import Array
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle, normalised
from motion.skeleton import BODY_JOINT_COUNT, JOINT

FRAMES = 300
SKELETON = read_open_body().shaped(np.zeros(0)).skeleton


@pytest.fixture()
def random() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture()
def truth(random) -> TruePose:
    """Somebody who never holds still, off the camera's axis."""
    turns = random.normal(scale=0.4, size=(FRAMES, BODY_JOINT_COUNT, 3))
    joints = random.normal(scale=0.3, size=(FRAMES, BODY_JOINT_COUNT, 3)) + [1.7, -0.6, 3.1]
    return TruePose(SKELETON, matrix_from_axis_angle(turns), joints, np.ones(BODY_JOINT_COUNT, bool),
                    random.random((FRAMES, 6)) < 0.4)  # fmt: skip


def turned(pose: TruePose, joint: str, axis: Array, degrees: float) -> TruePose:
    """The pose with one joint turned about an axis of its own."""
    R = pose.R_parent_from_joint.copy()
    R[:, JOINT[joint]] = R[:, JOINT[joint]] @ matrix_from_axis_angle(np.radians(degrees) * normalised(axis))
    return replace(pose, R_parent_from_joint=R)


@pytest.mark.parametrize(("joint", "end"), [("left_hip", "left_knee"), ("right_elbow", "right_wrist"), ("head", "head"),
                                            ("spine3", "neck"), ("left_ankle", "left_foot"), ("pelvis", "spine1")])
def test_a_turn_about_the_bone_is_twist_and_a_turn_across_it_is_swing(truth, joint, end):
    bone = SKELETON.offsets[JOINT[end]]
    twisted, swung = (turned_deg(turned(truth, joint, axis, 23.0), truth)[:, :, JOINT[joint]]
                      for axis in (bone, np.cross(bone, [0.3, 0.5, -0.8])))  # fmt: skip
    np.testing.assert_allclose(twisted.mean(axis=1), [23.0, 23.0, 0.0], atol=1e-5)
    np.testing.assert_allclose(swung.mean(axis=1), [23.0, 0.0, 23.0], atol=1e-5)


def test_an_error_counts_at_the_joint_that_makes_it_and_not_farther_down(truth):
    angles = turned_deg(turned(truth, "left_knee", np.array([1.0, 2.0, 0.5]), 31.0), truth)[0]
    np.testing.assert_allclose(angles[:, JOINT["left_knee"]], 31.0)
    assert np.delete(angles, JOINT["left_knee"], axis=1).max() < 1e-5


def test_arms_are_judged_against_the_chest_where_collars_were_not_recorded(truth):
    collar, shoulder = JOINT["left_collar"], JOINT["left_shoulder"]
    other = truth.R_parent_from_joint.copy()
    chest_from_arm = other[:, collar] @ other[:, shoulder]
    other[:, collar] = matrix_from_axis_angle(np.array([0.2, 0.5, -0.3]))
    other[:, shoulder] = np.swapaxes(other[:, collar], -1, -2) @ chest_from_arm
    recorded = truth.recorded.copy()
    recorded[collar] = False
    shared = replace(truth, recorded=recorded)
    figures = pose_evidence(replace(shared, R_parent_from_joint=other), shared, None, np.arange(FRAMES)).figures()
    assert figures["rotation_deg"]["left_shoulder"] < 1e-5
    assert "left_collar" not in figures["rotation_deg"]


def test_joints_that_truly_never_move_are_no_evidence(truth):
    R = truth.R_parent_from_joint.copy()
    R[:, JOINT["left_foot"]] = np.eye(3)
    figures = pose_evidence(truth, replace(truth, R_parent_from_joint=R), None, np.arange(FRAMES)).figures()
    assert "left_foot" not in figures["rotation_deg"] and "right_foot" in figures["rotation_deg"]


def test_nine_in_ten_true_places_lie_where_a_right_doubt_promises_them(truth, random):
    sigma = random.uniform(0.02, 0.2, size=(FRAMES, BODY_JOINT_COUNT, 2))
    ray = normalised(truth.joints_camera[:, [JOINT["left_hip"], JOINT["right_hip"]]].mean(axis=1))[:, None]
    noise = random.normal(size=truth.joints_camera.shape)
    along = np.sum(noise * ray, axis=-1, keepdims=True)
    noise = sigma[..., :1] * (noise - along * ray) + sigma[..., 1:] * along * ray
    noise[:, 0] = 0.0
    guess = replace(truth, joints_camera=truth.joints_camera + noise)
    assert covered(guess, truth, sigma).mean() == pytest.approx(0.9, abs=0.015)
    assert covered(guess, truth, sigma[..., ::-1]).mean() < 0.8
    assert covered(guess, truth, 0.5 * sigma).mean() < 0.5


def test_contacts_are_counted_by_hand(truth):
    still, said = np.zeros((FRAMES, 6), bool), np.zeros((FRAMES, 6))
    still[:10], said[5:20] = True, 0.8
    figures = pose_evidence(truth, replace(truth, still=still), beliefs(said), np.arange(FRAMES)).figures()
    assert figures["still_precision"] == pytest.approx(5 / 15) and figures["still_recall"] == pytest.approx(5 / 10)
    unknown = pose_evidence(truth, replace(truth, still=None), beliefs(said), np.arange(FRAMES)).figures()
    assert unknown["still_precision"] is None and unknown["coverage_90"] == 1.0


@pytest.mark.parametrize(("joint", "axis"), [("left_knee", (1.0, 0.0, 0.0)), ("right_knee", (1.0, 0.0, 0.0)),
                                             ("left_elbow", (0.0, -1.0, 0.0)), ("right_elbow", (0.0, 1.0, 0.0))])
def test_knees_and_elbows_bend_one_way_only(joint, axis):
    straight = np.broadcast_to(np.eye(3), (1, BODY_JOINT_COUNT, 3, 3))

    def bent(degrees: float) -> bool:
        R = straight.copy()
        R[:, JOINT[joint]] = matrix_from_axis_angle(np.radians(degrees) * np.array(axis))
        return bool(bent_back(Pose(SKELETON, R, np.zeros((1, BODY_JOINT_COUNT, 3))))[0])

    assert not bent(110.0) and not bent(20.0) and bent(-25.0) and bent(-100.0)


def test_frames_that_are_added_up_count_alike(truth):
    pose = turned(truth, "head", np.array([0.0, 1.0, 0.0]), 10.0)
    whole, parts = pose_evidence(pose, truth, None, np.arange(FRAMES)), PoseEvidence()
    for frames in (np.arange(40), np.arange(40, FRAMES)):
        parts.add(pose_evidence(pose, truth, None, frames))
    assert parts.figures() == whole.figures()
    assert set(PoseEvidence().figures().values()) == {None}


def beliefs(still: Array) -> Beliefs:
    """Of somebody who is right about contacts alone, and doubts everything."""
    shapes = {"down_camera": (3,), "down_sigma_rad": (), "root_velocity": (3,), "sigma_rotation_rad": (22,),
              "bias_px": (33, 2), "bias_sigma_px": (33,)}  # fmt: skip
    return Beliefs(still=still, sigma_joint_m=np.full((FRAMES, 22, 2), 9.0),
                   **{name: np.ones((FRAMES, *shape)) for name, shape in shapes.items()})  # fmt: skip
