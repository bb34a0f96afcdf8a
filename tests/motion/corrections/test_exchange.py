"""Left and right exchanged where they were taken for one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion.corrections.edits import Exchange
from motion.corrections.exchange import exchanged
from motion.landmarks import LANDMARK, LANDMARK_NAMES
from motion.motion import Motion
from motion.skeleton import JOINT
from tests.motion.corrections.moving_person import box_person, differs, moving, pixels

BODY = box_person()


def legs_mistaken(truth: Motion, frames: slice) -> Motion:
    """The motion as captured by a detector that took the legs for one another: pose and landmarks."""
    R, R_true = np.array(truth.R_parent_from_joint), truth.R_parent_from_joint
    for name in ("hip", "knee", "ankle", "foot"):
        left, right = JOINT[f"left_{name}"], JOINT[f"right_{name}"]
        R[frames, left], R[frames, right] = R_true[frames, right], R_true[frames, left]
    landmarks_px = np.array(truth.cameras[0].landmarks_px)
    for name in LANDMARK_NAMES:
        if name.startswith("left") and name.endswith(("hip", "knee", "ankle", "heel", "foot_index")):
            left, right = LANDMARK[name], LANDMARK[name.replace("left", "right")]
            landmarks_px[frames, left] = truth.cameras[0].landmarks_px[frames, right]
            landmarks_px[frames, right] = truth.cameras[0].landmarks_px[frames, left]
    return replace(truth, R_parent_from_joint=R, cameras=(replace(truth.cameras[0], landmarks_px=landmarks_px),))


def other_side(name: str) -> str:
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")


def off_m(motion: Motion, truth: Motion) -> np.ndarray:
    """[T, 55] m"""
    return np.linalg.norm(motion.world_joints() - truth.world_joints(), axis=-1)


def test_legs_taken_for_one_another_are_put_right():
    truth = moving(91)
    wrong = legs_mistaken(truth, slice(20, 51))
    mend = exchanged(wrong, Exchange(truth.times_s[20], truth.times_s[50], "legs"), BODY)
    off, before = off_m(mend, truth)[20:51], off_m(wrong, truth)[20:51]
    assert off.max() < 0.02 and before.max() > 0.2
    np.testing.assert_allclose(mend.cameras[0].landmarks_px, truth.cameras[0].landmarks_px)
    np.testing.assert_allclose(mend.contacts[25], [0.1, 0.9, 0.8, 0.2])


def test_legs_taken_for_one_another_for_a_moment_are_brought_from_before_to_after_by_the_landmarks():
    truth = moving()
    wrong = legs_mistaken(truth, slice(20, 31))
    mend = exchanged(wrong, Exchange(truth.times_s[20], truth.times_s[30], "legs"), BODY)
    assert off_m(mend, truth)[20:31].mean() < 0.3 * off_m(wrong, truth)[20:31].mean()


def test_an_exchange_changes_nothing_beyond_its_ends():
    motion = moving()
    for part in ("body", "arms", "legs"):
        changed = differs(exchanged(motion, Exchange(motion.times_s[20], motion.times_s[30], part), BODY), motion)
        assert changed[:14].max() == changed[37:].max() == 0.0 < changed[20:31].min()


def test_a_body_taken_for_its_other_side_turns_round_where_it_is_seen():
    """Outline kept, sides exchanged, every joint bent as it can."""
    motion = moving(facing_rad=0.0)
    mend = exchanged(motion, Exchange(0.0, 9.0, "body"), BODY)
    front, back = motion.R_parent_from_joint[:, 0, :, 2], mend.R_parent_from_joint[:, 0, :, 2]
    assert (front[:, 1] * back[:, 1] < 0.0).all(), "whoever faced the camera turns the back to it"
    other = [LANDMARK[other_side(name)] for name in LANDMARK_NAMES]
    limbs = [LANDMARK[f"{side}_{n}"] for side in ("left", "right") for n in ("elbow", "wrist", "knee", "ankle")]
    off_px = np.linalg.norm(pixels(mend) - pixels(motion)[:, other], axis=-1)[:, limbs]
    assert off_px.mean() < 12.0, "of a person 400 px tall"
    knee = JOINT["left_knee"]
    bend = mend.R_parent_from_joint[:, knee, 2, 1] - mend.R_parent_from_joint[:, knee, 1, 2]
    assert bend.min() > 0.0
