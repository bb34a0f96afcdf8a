"""Feet that rest do not slide because of a pose that an artist set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion.corrections.edits import PoseKey
from motion.corrections.pose_keys import carried, key_frames
from motion.corrections.standing import standing
from motion.motion import Motion
from motion.skeleton import JOINT
from tests.motion.corrections.moving_person import differs, moving

ANKLE = JOINT["left_ankle"]


def still() -> Motion:
    """A body that bends its knees and rests on its left foot from frame 20 to 40."""
    motion = moving(91)
    R, root = (np.repeat(values[30:31], 91, axis=0) for values in (motion.R_parent_from_joint, motion.root_world))
    stands = (np.arange(91) >= 20) & (np.arange(91) <= 40)
    return replace(motion, R_parent_from_joint=R, root_world=root, contact_names=("left_heel", "right_heel"),
                   contacts=np.stack([stands, np.zeros(91)], axis=1), cameras=())  # fmt: skip


def key(motion: Motion, frame: int) -> PoseKey:
    root = motion.root_world[frame] + [0.02, 0.0, -0.01]
    return PoseKey(motion.times_s[frame], motion.R_parent_from_joint[frame], root)


def through(motion: Motion, *keys: PoseKey) -> Motion:
    _, frames = key_frames(motion, keys)
    return standing(motion, carried(motion, motion, keys), frames, np.ones(motion.frame_count))


def ankle(motion: Motion) -> np.ndarray:
    return motion.world_joints()[:, ANKLE]


def test_a_contact_with_a_pose_in_it_is_displaced_as_a_whole():
    motion = still()
    after = through(motion, key(motion, 30))
    moved = ankle(after) - ankle(motion)
    np.testing.assert_allclose(moved[20:41], np.tile([0.02, 0.0, -0.01], (21, 1)), atol=1e-3)
    assert np.abs(np.diff(moved, axis=0)).max() < 0.008, "and gets there in the air"


def test_a_contact_without_a_pose_stays_where_it_was():
    motion = still()
    after = through(motion, key(motion, 48))
    np.testing.assert_allclose(ankle(after)[20:41], ankle(motion)[20:41], atol=1e-3)
    assert differs(after, motion)[38] > 0.0, "the rest of the body does follow"


def test_the_pose_itself_is_met_exactly():
    motion = still()
    for frame in (20, 30, 48):
        wanted = key(motion, frame)
        after = through(motion, wanted)
        assert np.abs(after.R_parent_from_joint[frame] - wanted.R_parent_from_joint).max() < 1e-9
        assert np.abs(after.root_world[frame] - wanted.root_world).max() < 1e-9


def test_two_poses_in_one_contact_are_both_met():
    motion = still()
    first, second = key(motion, 24), PoseKey(motion.times_s[36], motion.R_parent_from_joint[36], motion.root_world[36])
    after = through(motion, first, second)
    np.testing.assert_allclose(ankle(after)[24] - ankle(motion)[24], [0.02, 0.0, -0.01], atol=1e-9)
    np.testing.assert_allclose(ankle(after)[36], ankle(motion)[36], atol=1e-9)
