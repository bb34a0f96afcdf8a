"""Corrections together: what was not said does not change, and the artist's word holds after clean-up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion.corrections.edits import Exchange, Ignore, Pin, PoseKey
from motion.corrections.mend import mended
from motion.filters import gaussian_smoothed
from motion.motion import Motion
from motion.rotations import matrix_from_axis_angle, nearest_rotation
from motion.skeleton import JOINT
from tests.motion.corrections.moving_person import box_person, differs, moving

BODY = box_person()


def smoothing(motion: Motion) -> Motion:
    """A clean-up that changes every frame."""
    R = nearest_rotation(gaussian_smoothed(motion.R_parent_from_joint, float(motion.rate), 0.05))
    return replace(motion, R_parent_from_joint=R,
                   root_world=gaussian_smoothed(motion.root_world, float(motion.rate), 0.05))  # fmt: skip


def turned(motion: Motion, frame: int) -> PoseKey:
    R = np.array(motion.R_parent_from_joint[frame])
    R[JOINT["left_shoulder"]] = R[JOINT["left_shoulder"]] @ matrix_from_axis_angle(np.array([0.2, 0.5, 0.1]))
    return PoseKey(motion.times_s[frame], R, motion.root_world[frame] + 0.02)


def test_no_corrections_change_nothing():
    motion = moving()
    assert differs(mended(motion, [], BODY), motion).max() == 0.0


def test_a_pose_that_is_there_already_changes_nothing_even_where_clean_up_does():
    motion = moving()
    shown = smoothing(motion)
    key = PoseKey(motion.times_s[30], shown.R_parent_from_joint[30], shown.root_world[30])
    assert differs(mended(motion, [key], BODY, smoothing), shown).max() < 1e-6


def test_nor_does_it_beside_other_corrections():
    motion = moving(121)
    exchange = Exchange(1.0, 1.2, "legs")
    shown = mended(motion, [exchange], BODY, drifting)
    key = PoseKey(motion.times_s[100], shown.R_parent_from_joint[100], shown.root_world[100])
    assert differs(mended(motion, [exchange, key], BODY, drifting), shown).max() < 1e-6


def test_a_pose_is_met_exactly_after_clean_up():
    motion = moving()
    key = turned(smoothing(motion), 30)
    mend = mended(motion, [key], BODY, smoothing)
    assert np.abs(mend.R_parent_from_joint[30] - key.R_parent_from_joint).max() < 1e-9
    assert np.abs(mend.root_world[30] - key.root_world).max() < 1e-9


def test_beyond_all_corrections_nothing_changes():
    motion = moving(121)
    edits = [Exchange(1.0, 1.2, "legs"), Ignore(1.3, 1.5, "right_arm"), turned(motion, 30)]
    changed = differs(mended(motion, edits, BODY), motion) > 0.0
    assert changed[20:30].any() and not changed[60:].any() and not changed[:9].any()


def drifting(motion: Motion) -> Motion:
    """A clean-up that answers to any change everywhere."""
    mean = motion.root_world.mean(axis=0)
    return replace(motion, root_world=motion.root_world - mean)


def test_far_from_a_correction_clean_up_does_not_answer_to_it():
    motion = moving(181)
    edits = [Exchange(1.0, 1.2, "legs"), turned(motion, 30)]
    change = differs(mended(motion, edits, BODY, drifting), drifting(motion))
    assert change[20:28].min() > 1e-3 and change[90:].max() < 1e-12


def test_a_pin_holds_after_clean_up():
    motion = moving()
    place = motion.world_joints()[25:31, JOINT["left_wrist"]].mean(axis=0)
    pin = Pin("left_hand", motion.times_s[25], motion.times_s[30], place[None])
    wrist = mended(motion, [pin], BODY, smoothing).world_joints()[25:31, JOINT["left_wrist"]]
    assert np.abs(wrist - place).max() < 1e-6
