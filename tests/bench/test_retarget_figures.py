"""What the retargeting bench measures, on characters that do exactly the motion, or something known beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.rigs.made_up_motion import FRAMES, HANDSTAND, performance
from bench.rigs.measures import LEGS, Seen, fastest_deg, limb_errors_deg, slides_m, trunk_errors_deg
from motion.retarget.slots import FINGERS, SIDES
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT

MOTION = performance()
ALL = np.arange(FRAMES)
_JOINTS = {"upper_arm": "shoulder", "forearm": "elbow", "hand": "wrist", "thigh": "hip", "shin": "knee",
           "foot": "ankle"} | {finger: f"{finger}1" for finger in FINGERS}  # fmt: skip


def seen_of(pose, scale=1.0):
    """A character that is the source's own body, larger or smaller."""
    places = {f"{side}_{slot}": scale * pose.joints_world[:, JOINT[f"{side}_{joint}"]]
              for side in SIDES for slot, joint in _JOINTS.items()}  # fmt: skip
    trunk = {part: pose.R_world_from_joint[:, JOINT[joint]]
             for part, joint in (("hips", "pelvis"), ("chest", "spine3"), ("head", "head"))}  # fmt: skip
    points = scale * pose.points_world()
    soles = {name: points[:, pose.figure.point(name)]
             for side in SIDES for name in (f"{side}_heel", f"{side}_ball", f"{side}_toe")}  # fmt: skip
    return Seen(places, trunk, soles, trunk)


def test_the_motion_itself_has_no_error_whatever_its_size():
    seen = seen_of(MOTION, 2.0)
    assert max(error.max() for error in limb_errors_deg(seen, MOTION, ALL).values()) < 1e-6
    assert max(error.max() for error in trunk_errors_deg(seen, MOTION, ALL).values()) < 1e-5
    assert slides_m(seen, MOTION, ALL).max() < 1e-9


def test_a_shin_turned_by_three_degrees_is_three_degrees_off_and_nothing_else_is():
    seen = seen_of(MOTION)
    knee, ankle = seen.places["left_shin"], seen.places["left_foot"]
    across = np.cross(ankle - knee, [0.3, 0.5, 0.1])
    turn = np.radians(3.0) * across / np.linalg.norm(across, axis=-1, keepdims=True)
    turned = np.einsum("tij,tj->ti", matrix_from_axis_angle(turn), ankle - knee)
    errors = limb_errors_deg(replace(seen, places=seen.places | {"left_foot": knee + turned}), MOTION, ALL)
    np.testing.assert_allclose(errors["left_shin"], 3.0, atol=1e-6)
    assert max(error.max() for limb, error in errors.items() if limb != "left_shin") < 1e-6
    assert set(LEGS) <= set(errors)


def test_a_sole_that_creeps_slides_only_while_the_foot_stands():
    seen = seen_of(MOTION)
    creep = np.arange(FRAMES)[:, None] * [0.0007, 0.0, 0.0]
    slides = slides_m(replace(seen, soles={"left_heel": seen.soles["left_heel"] + creep}), MOTION, ALL)
    held = MOTION.contacts.held[:, MOTION.contacts.names.index("left_heel")]
    assert len(slides) == np.sum(held[1:] & held[:-1]) < FRAMES - 1
    np.testing.assert_allclose(slides, 0.0007, atol=1e-9)


def test_a_head_that_stays_behind_is_told():
    seen = seen_of(MOTION)
    stiff = np.repeat(seen.trunk["head"][:1], FRAMES, axis=0)
    errors = trunk_errors_deg(replace(seen, trunk=seen.trunk | {"head": stiff}), MOTION, ALL)
    assert errors["head"][HANDSTAND[0]] == pytest.approx(180.0, abs=0.1)
    assert errors["chest"].max() < 1e-5


def test_the_fastest_turn_is_found():
    R = matrix_from_axis_angle(np.radians([[0.0, 0, 0], [2.0, 0, 0], [9.0, 0, 0], [10.0, 0, 0]]))
    assert fastest_deg(R[:, None]) == pytest.approx(7.0)
