"""Knees and elbows that nobody has are found, and bones that leave their places."""

from __future__ import annotations

import numpy as np
import pytest

from backend.train.motions.impossible import impossible_bends, pulled_apart
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.recordings.naming import naming_of
from motion.recordings.recording import Recording
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, JOINT_COUNT, Skeleton

# Shins go back about +X; seen from above the left forearm goes forward clockwise, the right one the other way.
FLEXION = {"left_knee": [1, 0, 0], "right_knee": [1, 0, 0], "left_elbow": [0, -1, 0], "right_elbow": [0, 1, 0]}
CARRYING = [("Hips", -1, [0, 1, 0]), ("Spine", 0, [0, 0.2, 0]), ("Neck", 1, [0, 0.3, 0]), ("Head", 2, [0, 0.1, 0])]
LIMBS = [("Arm", 1, 0.2, 0.25), ("ForeArm", 0, 0.28, 0), ("Hand", 0, 0.26, 0),
         ("UpLeg", -1, 0.1, -0.05), ("Leg", 0, 0, -0.4), ("Foot", 0, 0, -0.4)]  # fmt: skip


def bent(joint: str, degrees: float) -> bool:
    """Whether a bend of one joint is found, in somebody who also turns, with a swung upper limb."""
    vectors = np.zeros((3, JOINT_COUNT, 3))
    vectors[:, 0] = [0.3, 1.0, -0.4]
    upper = joint.replace("knee", "hip").replace("elbow", "shoulder")
    vectors[:, JOINT[upper]] = [-0.5, 0.2, 0.3]
    vectors[1, JOINT[joint]] = np.radians(degrees) * np.array(FLEXION[joint], float)
    skeleton = Skeleton(read_open_body().joints)
    found = impossible_bends(*forward_kinematics(skeleton, matrix_from_axis_angle(vectors), np.zeros((3, 3))))
    assert not found[[0, 2]].any()
    return bool(found[1])


@pytest.mark.parametrize("joint", FLEXION)
def test_knees_and_elbows_bend_forward_only_and_not_through_themselves(joint: str) -> None:
    rest = 15.0 if "elbow" in joint else 0.0    # elbows of the resting body are not quite straight
    assert not bent(joint, 90.0) and not bent(joint, 145.0) and not bent(joint, rest - 18.0)
    assert bent(joint, 202.0) and bent(joint, -60.0)


def walker(frames: int = 4) -> Recording:
    names, parents, offsets = (list(column) for column in zip(*CARRYING))
    for side, sign in (("Left", 1), ("Right", -1)):
        for name, carrier, across, up in LIMBS:
            parents.append({0: len(names) - 1, 1: 1, -1: 0}[carrier])
            names.append(side + name)
            offsets.append([sign * across, up, 0.0])
    names, parents, offsets = [*names, "prop"], [*parents, names.index("LeftHand")], [*offsets, [0.1, 0, 0]]
    rest = np.array(offsets, float)
    for joint, parent in enumerate(parents[1:], start=1):
        rest[joint] += rest[parent]
    places = np.tile(np.array(offsets, float), (frames, 1, 1))
    turns = np.tile(np.eye(3), (frames, len(names), 1, 1))
    return Recording("walker", 30.0, tuple(names), tuple(parents), rest, turns, places)


def found_with(joint: str, move: list[float]) -> list[int]:
    recording = walker()
    places = recording.joint_from_parent.copy()
    places[2, recording.joint_names.index(joint)] += move
    moved = Recording(*(getattr(recording, name) for name in list(recording.__dataclass_fields__)[:-1]), places)
    return np.flatnonzero(pulled_apart(moved, naming_of(moved))).tolist()


def test_a_leg_that_comes_off_is_found_and_a_shrug_is_not() -> None:
    assert found_with("LeftUpLeg", [0.5, 0.0, 0.0]) == [2]
    assert found_with("LeftHand", [-0.26, 0.0, 0.0]) == [2]
    assert found_with("RightArm", [0.0, 0.05, 0.0]) == []


def test_the_path_of_the_pelvis_and_props_are_no_bones() -> None:
    assert found_with("Hips", [3.0, 1.0, 2.0]) == [] and found_with("prop", [1.0, 1.0, 1.0]) == []


def test_a_rest_pose_that_does_not_show_its_bones_pulls_nothing_apart() -> None:
    recording = walker()
    collapsed = Recording(recording.name, 30.0, recording.joint_names, recording.parents,
                          np.zeros_like(recording.rest_joints), recording.R_parent_from_joint,
                          recording.joint_from_parent)  # fmt: skip
    assert not pulled_apart(collapsed, naming_of(collapsed)).any()
