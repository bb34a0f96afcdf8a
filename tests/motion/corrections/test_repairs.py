"""Left and right exchanged, limbs ignored, hands and feet pinned, landmarks dragged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motion.corrections.drag import dragged
from motion.corrections.edits import Exchange, Ignore, LandmarkDrag, Pin
from motion.corrections.exchange import exchanged
from motion.corrections.ignore import ignored
from motion.corrections.pin import pinned
from motion.landmarks import LANDMARK, LANDMARK_NAMES
from motion.motion import Motion
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle
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


def off_m(motion: Motion, truth: Motion) -> np.ndarray:
    """[T, 55] m"""
    return np.linalg.norm(motion.world_joints() - truth.world_joints(), axis=-1)


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
    assert np.isfinite(ignored(motion, Ignore(0.0, 99.0, "right_leg")).R_parent_from_joint).all()


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


def test_a_landmark_is_seen_where_it_was_dragged_to_and_the_rest_stays():
    motion = moving()
    wanted_px = pixels(motion)[30, LANDMARK["left_wrist"]] + [15.0, -10.0]
    mend = dragged(motion, LandmarkDrag(motion.times_s[30], "left_wrist", wanted_px), BODY)
    seen = pixels(mend)
    assert np.linalg.norm(seen[30, LANDMARK["left_wrist"]] - wanted_px) < 1.0
    others = [LANDMARK[name] for name in ("right_wrist", "left_ankle", "right_ankle", "nose", "left_hip")]
    assert np.linalg.norm(seen - pixels(motion), axis=-1)[:, others].max() < 1.5
    changed = differs(mend, motion)
    assert changed[:15].max() == changed[46:].max() == 0.0


def test_a_landmark_dragged_to_where_it_is_changes_nothing():
    motion = moving()
    drag = LandmarkDrag(motion.times_s[30], "left_knee", pixels(motion)[30, LANDMARK["left_knee"]])
    assert differs(dragged(motion, drag, BODY), motion).max() < 1e-6


def test_dragging_without_a_camera_is_refused():
    with pytest.raises(Refusal):
        dragged(replace(moving(), cameras=()), LandmarkDrag(1.0, "left_knee", np.zeros(2)), BODY)
