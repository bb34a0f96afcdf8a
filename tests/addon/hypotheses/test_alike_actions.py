"""Actions that are copied from one another play what actions written by themselves play."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.action import key_motion
from mambocap.addon.curves import curves_of, keys_of
from mambocap.addon.hypotheses.alike_actions import AlikeActions
from mambocap.motion.motion import Motion
from mambocap.motion.rotations import matrix_from_axis_angle
from mambocap.motion.skeleton import JOINT

from tests.addon.hypotheses.made_up_hypotheses import brought_in, swaying

pytest_plugins = ["tests.addon.in_blender"]
FRAMES = 1.0 + np.arange(60.0)


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    return brought_in(swaying(), tmp_path)


def with_joint(motion: Motion, joint: str, turns_rad: np.ndarray) -> Motion:
    R = np.array(motion.R_parent_from_joint)
    R[:, JOINT[joint]] = matrix_from_axis_angle(turns_rad)
    return replace(motion, R_parent_from_joint=R)


def still(joint: str) -> Motion:
    return with_joint(swaying(), joint, np.tile([0.1, 0.0, 0.3], (60, 1)))


def keys_now(person: bpy.types.Object) -> dict[tuple[str, int], np.ndarray]:
    return {(curve.data_path, curve.array_index): keys_of(curve) for curve in curves_of(person)}


@pytest.mark.parametrize("second", [swaying, lambda: still("left_elbow"), lambda: still("right_knee")])
def test_a_copy_has_the_keys_of_an_action_of_its_own(person, second):
    actions = AlikeActions(person)
    first = actions.write(still("right_knee"), FRAMES, "first")
    before = keys_now(person)
    copied = actions.write(second(), FRAMES, "second")
    now = keys_now(person)
    key_motion(person, second(), FRAMES, "alone")
    wanted = keys_now(person)
    assert now.keys() == wanted.keys() and all(np.array_equal(now[curve], wanted[curve]) for curve in wanted)
    assert first != copied and (first.name, copied.name) == ("first", "second")
    person.animation_data.action = first
    assert all(np.array_equal(before[curve], keys) for curve, keys in keys_now(person).items())


def test_other_frames_are_not_taken_from_the_first_one(person):
    actions = AlikeActions(person)
    actions.write(swaying(), FRAMES, "first")
    actions.write(swaying(), FRAMES + 7.5, "later")
    keys = keys_now(person)['pose.bones["left_elbow"].rotation_quaternion', 1]
    np.testing.assert_array_equal(keys[:, 0], FRAMES + 7.5)
