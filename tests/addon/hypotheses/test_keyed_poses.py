"""Poses by keys: read as Blender has them, written only where something changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.action import bone_curves
from mambocap.addon.curves import keys_of
from mambocap.addon.hypotheses.keyed_poses import keyed_poses, write_changed
from mambocap.motion.motion import Motion
from mambocap.motion.refusal import Refusal
from mambocap.motion.rotations import matrix_from_axis_angle
from mambocap.motion.skeleton import JOINT

from tests.addon.hypotheses.made_up_hypotheses import brought_in, swaying
from tests.addon.made_up_takes import wild_motion

pytest_plugins = ["tests.addon.in_blender"]
_NEAR = 5e-5   # keys and bones have 32 bits
ELBOW = 'pose.bones["left_elbow"].rotation_quaternion'


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    return brought_in(swaying(), tmp_path)


def elbow(person: bpy.types.Object) -> list[bpy.types.FCurve]:
    return sorted((curve for curve in bone_curves(person) if curve.data_path == ELBOW), key=lambda c: c.array_index)


def bent(motion: Motion, joint: str, angle_rad: float) -> Motion:
    R = np.array(motion.R_parent_from_joint)
    R[:, JOINT[joint]] = R[:, JOINT[joint]] @ matrix_from_axis_angle(np.array([0.0, angle_rad, 0.0]))
    return replace(motion, R_parent_from_joint=R)


def part(motion: Motion, frames: slice) -> Motion:
    return Motion(motion.skeleton, motion.rate, motion.R_parent_from_joint[frames], motion.root_world[frames])


@pytest.mark.parametrize("make", [swaying, lambda: wild_motion(40)])
def test_keys_are_read_as_the_motion_that_was_keyed(extension, tmp_path, make):
    motion = make()
    person = brought_in(motion, tmp_path)
    R, root = keyed_poses(person, bone_curves(person), 1.0 + np.arange(motion.frame_count))
    np.testing.assert_allclose(R, motion.R_parent_from_joint, atol=_NEAR)
    np.testing.assert_allclose(root, motion.root_world, atol=_NEAR)


def test_only_bones_that_changed_get_other_keys_and_only_in_these_frames(person):
    before = {(curve.data_path, curve.array_index): keys_of(curve) for curve in bone_curves(person)}
    main = part(swaying(), slice(10, 20))
    write_changed(person, main, bent(main, "left_elbow", 0.3), np.arange(11.0, 21.0))
    for curve in bone_curves(person):
        same = keys_of(curve) == before[curve.data_path, curve.array_index]
        inside = (keys_of(curve)[:, 0] > 10.5) & (keys_of(curve)[:, 0] < 20.5)
        assert same[~inside].all()
        assert same.all() == (curve.data_path != ELBOW)


def test_an_artists_own_keys_beside_the_frames_keep_their_handles_and_kinds(person):
    curve = elbow(person)[1]
    for point in reversed(curve.keyframe_points[1:]):
        curve.keyframe_points.remove(point)
    for frame, value in ((4.5, 0.2), (14.5, 0.5), (40.25, -0.1)):
        point = curve.keyframe_points.insert(frame, value)
        point.interpolation, point.handle_left_type, point.handle_right_type = "BEZIER", "FREE", "FREE"
        point.handle_left, point.handle_right, point.type = (frame - 2, value), (frame + 1, 0.3), "EXTREME"
    main = part(swaying(), slice(10, 20))
    write_changed(person, main, bent(main, "left_elbow", 0.3), np.arange(11.0, 21.0))
    points = {round(point.co.x, 2): point for point in curve.keyframe_points}
    assert list(points) == [1.0, 4.5, *np.arange(11.0, 21.0), 40.25]
    for frame, value in ((4.5, 0.2), (40.25, -0.1)):
        point = points[frame]
        assert (point.interpolation, point.type, point.handle_right_type) == ("BEZIER", "EXTREME", "FREE")
        assert tuple(point.handle_left) == pytest.approx((frame - 2, value), abs=1e-6)
        assert tuple(point.handle_right) == pytest.approx((frame + 1, 0.3), abs=1e-6)
    assert {points[frame].interpolation for frame in np.arange(11.0, 21.0)} == {"LINEAR"}


def test_a_curve_without_keys_gets_some(person):
    for curve in elbow(person):
        curve.keyframe_points.clear()
    main = part(swaying(), slice(10, 20))
    wanted = bent(main, "left_elbow", 0.3)
    write_changed(person, main, wanted, np.arange(11.0, 21.0))
    R, _ = keyed_poses(person, bone_curves(person), np.arange(11.0, 21.0))
    np.testing.assert_allclose(R[:, JOINT["left_elbow"]], wanted.R_parent_from_joint[:, JOINT["left_elbow"]],
                               atol=_NEAR)  # fmt: skip


def test_between_frames_nothing_flips_where_the_new_way_round_is_the_other_one(person):
    """A joint that has gone once around on its new way ends with -q for q."""
    main = part(swaying(), slice(10, 40))
    R = np.array(main.R_parent_from_joint)
    turns = np.zeros((30, 3))
    turns[:, 0] = np.linspace(0.0, 2.0 * np.pi, 30)
    R[:, JOINT["left_elbow"]] = R[:, JOINT["left_elbow"]] @ matrix_from_axis_angle(turns)
    wanted = replace(main, R_parent_from_joint=R)
    write_changed(person, main, wanted, np.arange(11.0, 41.0))
    wxyz = np.array([[curve.evaluate(frame) for curve in elbow(person)] for frame in np.arange(1.0, 60.0, 0.25)])
    assert np.linalg.norm(wxyz, axis=1).min() > 0.98
    after, _ = keyed_poses(person, bone_curves(person), np.arange(41.0, 61.0))
    np.testing.assert_allclose(after, swaying().R_parent_from_joint[40:], atol=_NEAR)


def test_a_bone_that_is_turned_by_eulers_is_refused(person):
    person.pose.bones["neck"].rotation_mode = "XYZ"
    with pytest.raises(Refusal) as refused:
        keyed_poses(person, bone_curves(person), np.arange(1.0, 3.0))
    assert refused.value.sentence == f"The bone neck of {person.name} is not turned by a quaternion."
