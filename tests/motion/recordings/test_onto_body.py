"""Recordings of every family come back as the rotations that they were made of."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest

from motion.kinematics import forward_kinematics
from motion.recordings.floor import soles_world
from motion.recordings.naming import FAMILIES, naming_of
from motion.recordings.onto_body import R_Z_UP_FROM_Y_UP, lay_on_body
from motion.recordings.source import source_of
from motion.refusal import Refusal
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised
from motion.skeleton import JOINT
from tests.motion.recordings.made_up_recordings import BODY, RATE_HZ, told_by, walking_about

TABLE = json.loads(FAMILIES.read_text(encoding="utf-8"))["families"]
BY_NAME = {family["name"]: family for family in TABLE}
T_POSE: dict = {}
A_POSE = {"left_shoulder": [0, 0, -0.75], "right_shoulder": [0, 0, 0.75]}
SPREAD_LEGS = {"left_hip": [0, 0, np.radians(20)], "right_hip": [0, 0, -np.radians(20)]}
CROUCHED = {
    "left_hip": [-0.9, 0, 0], "right_hip": [-0.7, 0, 0], "left_knee": [1.3, 0, 0], "right_knee": [1.0, 0, 0],
    "left_shoulder": [0, 0, -1.4], "right_shoulder": [0, 0, 1.4],
}  # fmt: skip
FACING = {"+Z": np.zeros(3), "-X": np.array([0.0, -np.pi / 2, 0.0]), "-Z": np.array([0.0, np.pi, 0.0])}
LIMB_JOINTS = [JOINT[f"{side}_{joint}"] for side in ("left", "right")
               for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]  # fmt: skip
WITH_COLLARS = [family["name"] for family in TABLE if "collar" in family["joints"] and not family.get("toy")]


def laid(family, rest, facing="+Z", truth=None):
    truth = truth or walking_about()
    return truth, lay_on_body(told_by(BY_NAME[family], truth, rest, matrix_from_axis_angle(FACING[facing])), BODY)


def turned_by_deg(a, b):
    return np.degrees(np.linalg.norm(axis_angle_from_matrix(np.swapaxes(a, -1, -2) @ b), axis=-1))


def world(performance):
    R, joints = forward_kinematics(performance.skeleton, performance.R_parent_from_joint, performance.root_world)
    return R_Z_UP_FROM_Y_UP.T @ R, joints @ R_Z_UP_FROM_Y_UP


def about_hips(joints):
    return joints - joints[:, [1, 2]].mean(axis=1, keepdims=True)


@pytest.mark.parametrize("family", WITH_COLLARS)
@pytest.mark.parametrize("rest", [T_POSE, A_POSE, SPREAD_LEGS], ids=["T-pose", "A-pose", "legs apart"])
def test_joints_are_where_they_were_recorded(family, rest):
    truth, performance = laid(family, rest)
    off = np.linalg.norm(about_hips(world(performance)[1]) - about_hips(truth.joints), axis=-1)[:, LIMB_JOINTS]
    assert np.median(off) < 0.005
    assert off.max() < 0.03


@pytest.mark.parametrize("family", ["Acclaim", "SmartBody", "Unreal"])
@pytest.mark.parametrize("rest, facing", [(T_POSE, "+Z"), (A_POSE, "-Z"), (T_POSE, "-X")])
def test_rotations_come_back(family, rest, facing):
    truth, performance = laid(family, rest, facing)
    R_truth = forward_kinematics(BODY.skeleton, truth.R_parent_from_joint, truth.root)[0]
    exact = [JOINT[name] for name in ("pelvis", "spine1", "spine2", "spine3", "neck", "head")]
    exact += [joint for joint in LIMB_JOINTS if joint not in (JOINT["left_elbow"], JOINT["right_elbow"])]
    assert turned_by_deg(R_truth, world(performance)[0])[:, exact].max() < 1.0


def test_a_rest_pose_that_somebody_once_held_is_undone():
    truth, performance = laid("Neo", CROUCHED, "-X")
    R_truth = forward_kinematics(BODY.skeleton, truth.R_parent_from_joint, truth.root)[0]
    legs_and_trunk = [JOINT[name] for name in ("pelvis", "spine3", "left_hip", "right_hip", "left_knee", "right_knee")]
    assert turned_by_deg(R_truth, world(performance)[0])[:, legs_and_trunk].max() < 3.0


@pytest.mark.parametrize("family", [family["name"] for family in TABLE])
def test_limbs_point_as_recorded(family):
    truth, performance = laid(family, A_POSE)
    joints = world(performance)[1]
    for child, parent in ((4, 1), (7, 4), (18, 16), (20, 18), (5, 2), (8, 5), (19, 17), (21, 19)):
        ours, theirs = (normalised(places[:, child] - places[:, parent]) for places in (joints, truth.joints))
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("family", ["Acclaim", "DAZ", "MakeHuman", "Rigify"])
def test_knees_and_elbows_only_bend_about_their_hinges(family):
    _, performance = laid(family, A_POSE)
    for joint, hinge in (("left_knee", [1, 0, 0]), ("right_knee", [1, 0, 0])):
        turn = axis_angle_from_matrix(performance.R_parent_from_joint[:, JOINT[joint]])
        assert np.degrees(turn @ np.array(hinge)).min() > 10.0
        assert np.degrees(np.linalg.norm(np.cross(turn, hinge), axis=-1)).max() < 3.0


def test_arms_whose_twist_was_recorded_otherwise_still_bend_at_the_elbow():
    family, truth = BY_NAME["Unreal"], walking_about()
    twisted = told_by(family, truth, {**A_POSE, "left_shoulder": [0.6, 0, -0.75]}, np.eye(3))
    R, _ = world(lay_on_body(twisted, BODY))
    R_truth = forward_kinematics(BODY.skeleton, truth.R_parent_from_joint, truth.root)[0]
    assert turned_by_deg(R_truth, R)[:, JOINT["left_shoulder"]].max() < 1.0


def test_nothing_flips():
    _, performance = laid("SmartBody", A_POSE, truth=walking_about(seed=11))
    R = performance.R_parent_from_joint[:, :22]
    assert turned_by_deg(R[:-1], R[1:]).max() < 10.0


def test_bones_have_the_lengths_of_the_recorded_person():
    tall = BODY.model.shaped([], scale=1.13)
    recording = told_by(BY_NAME["Acclaim"], walking_about(body=tall), T_POSE, np.eye(3), tall)
    performance = lay_on_body(recording, BODY)
    np.testing.assert_allclose(performance.rest_joints, tall.skeleton.rest_joints, atol=1e-6)


@pytest.mark.parametrize("size", [0.65, 1.0, 1.2])
def test_small_and_tall_people_stand_on_the_floor(size):
    person = BODY.model.shaped([], scale=size)
    performance = lay_on_body(told_by(BY_NAME["Unreal"], walking_about(body=person), T_POSE, np.eye(3), person), BODY)
    soles = soles_world(person, performance.R_parent_from_joint, performance.root_world)
    assert abs(np.percentile(soles[..., 2].min(axis=1), 2.0)) < 0.002


def test_rotations_only_keeps_the_body_and_scales_the_path():
    tall = BODY.model.shaped([], scale=1.25)
    truth = walking_about(body=tall)
    performance = lay_on_body(told_by(BY_NAME["Acclaim"], truth, T_POSE, np.eye(3), tall), BODY, rotations_only=True)
    np.testing.assert_array_equal(performance.rest_joints, BODY.skeleton.rest_joints)
    path = performance.root_world - performance.root_world[0]
    np.testing.assert_allclose(path, (truth.root - truth.root[0]) @ R_Z_UP_FROM_Y_UP.T / 1.25, atol=1e-6)


def test_an_added_t_pose_is_dropped_and_a_real_start_is_kept():
    recording = told_by(BY_NAME["DAZ"], walking_about(), A_POSE, np.eye(3))
    R = recording.R_parent_from_joint.copy()
    R[0] = np.eye(3)
    added = replace(recording, R_parent_from_joint=R)
    assert len(lay_on_body(added, BODY).root_world) == len(R) - 1
    assert len(lay_on_body(recording, BODY).root_world) == len(R)


def test_what_does_not_move_while_others_do_was_not_recorded():
    truth = walking_about()
    R = truth.R_parent_from_joint.copy()
    R[:, JOINT["left_collar"]] = matrix_from_axis_angle(np.array([0.0, 0.1, 0.0]))
    performance = laid("Unreal", T_POSE, truth=replace(truth, R_parent_from_joint=R))[1]
    left_out = {name for name, joint in list(JOINT.items())[:22] if not performance.recorded[joint]}
    assert left_out == {"left_collar", "left_foot", "right_foot"}


def test_noisy_wrists_and_toes_do_not_count_as_recorded():
    recorded = laid("Acclaim", T_POSE)[1].recorded
    assert [recorded[JOINT[f"left_{joint}"]] for joint in ("wrist", "foot", "elbow")] == [False, False, True]


def test_names_nobody_listed_are_found_by_likeness():
    mixamo = {
        **BY_NAME["MotionBuilder from CMU"], "name": "Mixamo", "spine": ["m:Spine", "m:Spine1", "m:Spine2"],
        "joints": {"pelvis": "m:Hips", "neck": "m:Neck", "head": "m:Head", "collar": "m:{Left}Shoulder",
                   "shoulder": "m:{Left}Arm", "elbow": "m:{Left}ForeArm", "wrist": "m:{Left}Hand",
                   "hip": "m:{Left}UpLeg", "knee": "m:{Left}Leg", "ankle": "m:{Left}Foot", "foot": "m:{Left}ToeBase"},
    }  # fmt: skip
    recording = told_by(mixamo, walking_about(), T_POSE, np.eye(3))
    naming = naming_of(recording)
    assert naming.family == "by likeness"
    names = {ours: recording.joint_names[theirs] for ours, theirs in naming.joints.items()}
    assert names["left_collar"] == "m:LeftShoulder" and names["left_shoulder"] == "m:LeftArm"
    assert names["right_knee"] == "m:RightLeg" and [recording.joint_names[j] for j in naming.spine] == mixamo["spine"]


def test_a_recording_without_knees_is_refused_by_name():
    recording = told_by(BY_NAME["Unreal"], walking_about(0.2), T_POSE, np.eye(3))
    names = tuple(name.replace("calf", "something") for name in recording.joint_names)
    with pytest.raises(Refusal) as refused:
        lay_on_body(replace(recording, joint_names=names), BODY)
    assert refused.value.sentence == "Unreal has no joint that looks like left knee, right knee."


def test_one_frame_and_one_frame_only_is_enough():
    performance = laid("MakeHuman", A_POSE, truth=walking_about(1.0 / RATE_HZ))[1]
    assert performance.root_world.shape == (1, 3)
    assert np.isfinite(performance.R_parent_from_joint).all()


def test_ten_seconds_take_a_blink():
    recording = told_by(BY_NAME["Acclaim"], walking_about(10.0), T_POSE, np.eye(3))
    naming = naming_of(recording)
    source_of(recording, naming)
    start = time.process_time()
    lay_on_body(recording, BODY, naming)
    assert time.process_time() - start < 1.0
