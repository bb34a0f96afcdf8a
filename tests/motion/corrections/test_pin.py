"""Hands and feet at places that the artist gives."""

from __future__ import annotations

import numpy as np

from motion.corrections.edits import Pin
from motion.corrections.pin import pinned
from motion.skeleton import JOINT
from tests.motion.corrections.moving_person import differs, moving


def test_a_pinned_foot_stays_and_its_sole_keeps_its_way():
    motion = moving()
    ankle = motion.world_joints()[:, JOINT["left_ankle"]]
    place = ankle[20:31].mean(axis=0) + [0.0, 0.0, 0.03]
    mend = pinned(motion, Pin("left_foot", motion.times_s[20], motion.times_s[30], place[None]))
    np.testing.assert_allclose(mend.world_joints()[20:31, JOINT["left_ankle"]], np.tile(place, (11, 1)), atol=1e-6)
    changed = differs(mend, motion)
    assert changed[:14].max() == changed[37:].max() == 0.0
    joints = mend.world_joints()
    bones = np.linalg.norm(joints[:, JOINT["left_knee"]] - joints[:, JOINT["left_ankle"]], axis=1)
    np.testing.assert_allclose(bones, bones[0], atol=1e-9)


def test_a_pin_may_wander():
    motion = moving()
    wrist = motion.world_joints()[20:31, JOINT["right_wrist"]]
    path = np.linspace(wrist[0], wrist[-1], 5)
    mend = pinned(motion, Pin("right_hand", motion.times_s[20], motion.times_s[30], path))
    np.testing.assert_allclose(mend.world_joints()[20:31, JOINT["right_wrist"]], np.linspace(wrist[0], wrist[-1], 11),
                               atol=5e-3)  # fmt: skip
