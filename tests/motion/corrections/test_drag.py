"""Landmarks put elsewhere in the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motion.corrections.drag import dragged
from motion.corrections.edits import LandmarkDrag
from motion.landmarks import LANDMARK
from motion.refusal import Refusal
from tests.motion.corrections.moving_person import box_person, differs, moving, pixels

BODY = box_person()


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


def test_of_several_cameras_only_the_one_in_whose_picture_is_dragged_sees_it_elsewhere():
    motion = moving()
    two = replace(motion, cameras=(motion.cameras[0], motion.cameras[0]))
    wanted_px = pixels(motion)[30, LANDMARK["left_wrist"]] + [15.0, -10.0]
    mend = dragged(two, LandmarkDrag(motion.times_s[30], "left_wrist", wanted_px, 1), BODY)
    np.testing.assert_array_equal(mend.cameras[0].landmarks_px, two.cameras[0].landmarks_px)
    assert np.linalg.norm(mend.cameras[1].landmarks_px[30, LANDMARK["left_wrist"]] - wanted_px) < 1.0
    with pytest.raises(Refusal):
        dragged(two, LandmarkDrag(motion.times_s[30], "left_wrist", wanted_px, 2), BODY)


def test_dragging_without_a_camera_is_refused():
    with pytest.raises(Refusal):
        dragged(replace(moving(), cameras=()), LandmarkDrag(1.0, "left_knee", np.zeros(2)), BODY)
