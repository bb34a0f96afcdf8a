"""Poses of the artist carried to their neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from motion.corrections.edits import PoseKey
from motion.corrections.fading import REACH_S
from motion.corrections.pose_keys import with_pose_keys
from motion.motion import Motion
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.motion.corrections.moving_person import RATE, box_person, differs, moving, pixels

BODY = box_person()
REACH = round(REACH_S * float(RATE))


def key(motion: Motion, frame: int, turn=(0.0, 0.0, 0.4), joint: str = "left_shoulder") -> PoseKey:
    R = np.array(motion.R_parent_from_joint[frame])
    R[JOINT[joint]] = R[JOINT[joint]] @ matrix_from_axis_angle(np.array(turn))
    return PoseKey(motion.times_s[frame], R, motion.root_world[frame])


def mend(motion: Motion, *keys: PoseKey) -> Motion:
    return with_pose_keys(motion, motion, keys, BODY)


def test_a_pose_that_is_there_already_changes_nothing():
    motion = moving()
    assert differs(mend(motion, key(motion, 30, (0.0, 0.0, 0.0))), motion).max() < 1e-6


def test_the_keyed_frame_is_met_and_nothing_changes_beyond_the_reach():
    motion = moving()
    wanted = key(motion, 30)
    after = mend(motion, wanted)
    assert np.abs(after.R_parent_from_joint[30] - wanted.R_parent_from_joint).max() < 1e-9
    changed = differs(after, motion)
    assert changed[30 - REACH + 3 : 30].min() > 0.0
    assert changed[: 30 - REACH + 1].max() == changed[30 + REACH :].max() == 0.0


def test_what_the_picture_shows_truly_is_kept_while_depth_follows_the_artist():
    """An arm whose depth the capture got wrong: its landmarks are right. One key brings the neighbours back."""
    truth = moving(facing_rad=0.0)
    wrong = Motion(truth.skeleton, truth.rate, _arm_turned_about_the_ray(truth), truth.root_world, truth.start_s,
                   cameras=truth.cameras)  # fmt: skip
    said = PoseKey(truth.times_s[30], truth.R_parent_from_joint[30], truth.root_world[30])
    after = mend(wrong, said)
    near = [*range(22, 30), *range(31, 39)]
    off_before, off_after = (np.linalg.norm(m.world_joints() - truth.world_joints(), axis=-1)[near].mean()
                             for m in (wrong, after))  # fmt: skip
    px_before, px_after = (np.linalg.norm(pixels(m) - pixels(truth), axis=-1)[near].mean() for m in (wrong, after))
    assert off_after < 0.6 * off_before
    assert px_after < px_before + 0.2


def _arm_turned_about_the_ray(motion: Motion) -> np.ndarray:
    R = np.array(motion.R_parent_from_joint)
    R[:, JOINT["left_elbow"]] = R[:, JOINT["left_elbow"]] @ matrix_from_axis_angle(np.array([0.0, 0.6, 0.0]))
    return R


def test_two_keys_close_together_are_both_met_and_interpolated():
    motion = moving()
    first, second = key(motion, 26), key(motion, 34, (0.0, 0.3, 0.0), "right_hip")
    after = mend(motion, first, second)
    for frame, wanted in ((26, first), (34, second)):
        assert np.abs(after.R_parent_from_joint[frame] - wanted.R_parent_from_joint).max() < 1e-9


def test_neighbours_follow_smoothly():
    """The change has no more jerk than a bump of its height has."""
    motion = moving()
    after = mend(motion, key(motion, 30))
    change = np.linalg.norm(after.R_parent_from_joint - motion.R_parent_from_joint, axis=(-2, -1)).max(axis=1)
    assert np.abs(np.diff(change, 3)).max() < 0.05 * change.max()


@pytest.mark.parametrize("time_s", [-100.0, 100.0])
def test_a_pose_outside_of_the_motion_says_nothing(time_s):
    motion = moving()
    other = key(motion, 30)
    assert mend(motion, PoseKey(time_s, other.R_parent_from_joint, other.root_world)) is motion


def test_without_a_camera_the_pose_is_carried_all_the_same():
    motion = moving()
    alone = Motion(motion.skeleton, motion.rate, motion.R_parent_from_joint, motion.root_world)
    after = mend(alone, key(alone, 30))
    assert 0.0 < differs(after, alone)[25] < differs(after, alone)[30]


def test_a_key_on_the_first_or_last_frame_is_met():
    motion = moving()
    for frame in (0, 60):
        wanted = key(motion, frame)
        assert np.abs(mend(motion, wanted).R_parent_from_joint[frame] - wanted.R_parent_from_joint).max() < 1e-9
