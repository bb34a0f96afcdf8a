"""Some frames of a motion."""

from __future__ import annotations

import numpy as np

from motion.kinematics import forward_kinematics, places_of_joints
from tests.motion.made_up import made_up_motion


def test_some_frames_are_as_they_were_at_their_times() -> None:
    motion, some = made_up_motion(np.random.default_rng(1), frames=9), slice(3, 7)
    part = motion.during(some)
    np.testing.assert_allclose(part.times_s, motion.times_s[some])
    for name in ("R_parent_from_joint", "root_world", "seen", "confidence", "contacts"):
        np.testing.assert_array_equal(getattr(part, name), getattr(motion, name)[some])
    for name in ("K", "landmarks_px", "scores"):
        np.testing.assert_array_equal(getattr(part.cameras[0], name), getattr(motion.cameras[0], name)[some])
    assert part.hypotheses.shape == (0, 4, 55, 3) and part.choices == ()
    if motion.raw is not None:
        np.testing.assert_array_equal(part.raw.root_world, motion.raw.root_world[some])


def test_joints_of_a_long_motion_are_where_each_frame_has_them(monkeypatch) -> None:
    motion = made_up_motion(np.random.default_rng(2), frames=9)
    monkeypatch.setattr("motion.runs.in_turn.__defaults__", (4,))
    pose = motion.skeleton, motion.R_parent_from_joint, motion.root_world
    np.testing.assert_array_equal(places_of_joints(*pose), forward_kinematics(*pose)[1])
