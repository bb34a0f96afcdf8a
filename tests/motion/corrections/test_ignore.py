"""Limbs that the footage shows wrongly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion.corrections.edits import Ignore
from motion.corrections.ignore import ignored
from motion.landmarks import LANDMARK
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.motion.corrections.moving_person import differs, moving


def test_an_ignored_limb_moves_on_from_before_to_after_and_is_seen_no_more():
    motion = moving()
    R = np.array(motion.R_parent_from_joint)
    R[20:31, JOINT["left_shoulder"]] = matrix_from_axis_angle(np.array([0.0, 2.0, 1.0]))
    wrong = replace(motion, R_parent_from_joint=R)
    mend = ignored(wrong, Ignore(motion.times_s[20], motion.times_s[30], "left_arm"))
    changed = differs(mend, wrong)
    assert changed[:20].max() == changed[31:].max() == 0.0
    off, before = (np.linalg.norm(m.world_joints() - motion.world_joints(), axis=-1)[20:31, JOINT["left_wrist"]]
                   for m in (mend, wrong))  # fmt: skip
    assert off.mean() < 0.3 * before.mean()
    scores = mend.cameras[0].scores
    assert scores[20:31, LANDMARK["left_wrist"]].max() == 0.0 and scores[20:31, LANDMARK["right_wrist"]].min() == 1.0


def test_a_limb_ignored_all_along_is_left_as_at_the_end_that_there_is():
    motion = moving()
    mend = ignored(motion, Ignore(motion.times_s[50], 99.0, "right_leg"))
    hip = mend.R_parent_from_joint[:, JOINT["right_hip"]]
    np.testing.assert_allclose(hip[50:], np.broadcast_to(hip[49], (11, 3, 3)))


def test_a_limb_of_which_nothing_is_left_keeps_still_and_so_does_what_is_believed_of_its_contacts():
    motion = moving()
    motion = replace(motion, contacts=motion.contacts * np.linspace(0.2, 1.0, motion.frame_count)[:, None])
    still = ignored(motion, Ignore(0.0, 99.0, "right_leg"))
    for values, last in ((still.R_parent_from_joint[:, JOINT["right_hip"]], motion.R_parent_from_joint[-1, 2]),
                         (still.contacts[:, 1], motion.contacts[-1, 1])):  # fmt: skip
        np.testing.assert_array_equal(values, np.broadcast_to(last, values.shape))
