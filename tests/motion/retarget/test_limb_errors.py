"""How far limbs point from where they should, on made-up characters with known mistakes."""

import numpy as np
import pytest

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.made_up_rig import as_rig, slots_of
from motion.retarget.limb_errors import (
    aims,
    directions,
    limb_errors_deg,
    spread_frames,
    title_of,
    turned_by_solving_deg,
)
from motion.retarget.retarget import retarget
from motion.retarget.settings import RetargetSettings
from motion.rotations import matrix_from_axis_angle
from tests.motion.retarget.made_up_source import dancing

MADE_UP = made_up_rigs()["mixamo"]
FREE = RetargetSettings(solve_feet=False, hands="free")


@pytest.fixture(scope="module")
def asked():
    return retarget(dancing(), as_rig(MADE_UP), slots_of(MADE_UP), FREE)


def pointing(asked, pose):
    R, joints = asked.target.figure.kinematics(pose, asked.pose.root_world)
    return directions(asked.target, R @ asked.target.R_joint_from_bone, joints)


@pytest.mark.parametrize("slot, titles", [
    ("left_forearm", {"Left Forearm", "Left Hand", "Fingers"}),
    ("right_shin", {"Right Shin", "Right Foot", "Right Toe"}),
    ("head", {"Head"}),
])  # fmt: skip
def test_a_turn_by_thirty_degrees_is_told_of_its_limb_and_what_hangs_on_it(asked, slot, titles):
    joint = asked.target.joint(slot)
    pose = np.array(asked.pose.R_parent_from_joint)
    along = pointing(asked, pose)[:, joint]
    R, _ = asked.target.figure.kinematics(pose, asked.pose.root_world)
    along_own = np.einsum("tji,tj->ti", R[:, joint], along)
    across = np.cross(along_own, along_own[:, [1, 2, 0]])
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    turned = pose.copy()
    turned[:, joint] = pose[:, joint] @ matrix_from_axis_angle(np.radians(30.0) * across)
    errors = limb_errors_deg(asked.target.slots, pointing(asked, pose), pointing(asked, turned))
    assert errors[title_of(slot)] == pytest.approx(30.0, abs=1e-6)
    assert {title for title, degrees in errors.items() if degrees > 1e-5} == titles


def test_every_joint_points_to_the_next_one_of_its_limb(asked):
    slots = asked.target.slots
    aimed = {slots[joint]: slots[aim] for joint, aim in enumerate(aims(slots)) if aim >= 0}
    assert aimed["left_upper_arm"] == "left_forearm" and aimed["right_foot"] == "right_toe"
    assert aimed["spine"] == "neck" and aimed["neck"] == "head" and "head" not in aimed and "left_hand" not in aimed


def test_fingers_are_told_as_one_and_the_hips_by_what_hangs_on_them(asked):
    along = pointing(asked, asked.pose.R_parent_from_joint)
    titles = list(limb_errors_deg(asked.target.slots, along, along))
    assert titles.count("Fingers") == 1 and "Hips" not in titles and len(titles) == 20


def test_what_cannot_be_seen_says_nothing_and_the_worst_frame_counts():
    asked, shown = np.zeros((3, 2, 3)), np.zeros((3, 2, 3))
    asked[..., 0] = shown[..., 0] = 1.0
    shown[1, 0] = [0.0, 1.0, 0.0]
    shown[2, 0] = shown[:, 1] = np.nan
    assert limb_errors_deg(("left_hand", "head"), asked, shown) == {"Left Hand": pytest.approx(90.0)}


def test_solving_turns_nothing_where_nothing_is_solved_and_is_told_where_it_does(asked):
    source, frames = dancing(), spread_frames(25, 9)
    free = turned_by_solving_deg(asked.target, source, asked.R_world_from_joint, asked.joints_world, frames)
    assert max(free.values()) < 1e-5
    joint = asked.target.joint("left_thigh")
    R = np.array(asked.pose.R_parent_from_joint)
    R[:, joint] = R[:, joint] @ matrix_from_axis_angle(np.array([0.2, 0.0, 0.0]))
    R, joints = asked.target.figure.kinematics(R, asked.pose.root_world)
    solved = turned_by_solving_deg(asked.target, source, R, joints, frames)
    assert 5.0 < solved["Left Thigh"] <= np.degrees(0.2) + 1e-6 and solved["Right Thigh"] < 1e-5


@pytest.mark.parametrize("count, most, wanted", [(1, 16, [0]), (5, 16, [0, 1, 2, 3, 4]), (11, 3, [0, 5, 10])])
def test_frames_are_spread_from_the_first_to_the_last(count, most, wanted):
    assert spread_frames(count, most).tolist() == wanted
