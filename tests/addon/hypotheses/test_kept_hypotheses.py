"""Other poses are kept beside the main motion, which stays as it is, and play in its place when they are looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.action import bone_transforms
from mambocap.addon.curves import curves_of, keys_of
from mambocap.addon.hypotheses import kept_hypotheses
from mambocap.addon.hypotheses.kept_hypotheses import (
    forget_hypotheses,
    hypotheses_of,
    keep_hypotheses,
    main_motion_shown,
    show,
    shown_hypothesis,
)
from mambocap.addon.take_scene import remove_take, takes_in
from mambocap.motion.motion import Motion
from mambocap.motion.rotations import matrix_from_axis_angle

from tests.addon.hypotheses.made_up_hypotheses import CHOICES, ambiguous, brought_in, swaying
from tests.addon.made_up_takes import evaluated_joints

pytest_plugins = ["tests.addon.in_blender"]
_NEAR_M = 1e-4   # of keys with 32 bits


def alone(motion: Motion, number: int) -> Motion:
    R = matrix_from_axis_angle(motion.hypotheses[number])
    return replace(motion, R_parent_from_joint=R, root_world=motion.hypotheses_root[number])


def off_m(person: bpy.types.Object, motion: Motion, frame: int) -> float:
    """How far what Blender shows at a scene frame is from a motion that begins at frame 1."""
    return float(np.abs(evaluated_joints(person, frame) - motion.world_joints()[frame - 1]).max())


def keys_by_curve(person: bpy.types.Object) -> dict[tuple[str, int], bytes]:
    return {(curve.data_path, curve.array_index): keys_of(curve).tobytes() for curve in curves_of(person)}


@pytest.fixture
def motion() -> Motion:
    return ambiguous()


@pytest.fixture
def person(extension: Path, tmp_path: Path, motion: Motion) -> bpy.types.Object:
    return brought_in(motion, tmp_path)


def test_the_main_motion_is_the_action_as_if_there_were_no_other_poses(person, motion, tmp_path):
    with_others, shown = keys_by_curve(person), [off_m(person, motion, frame) for frame in (1, 25, 60)]
    plain = brought_in(swaying(), tmp_path, "Plain")
    assert keys_by_curve(plain) == with_others
    assert max(shown) < _NEAR_M
    assert person.animation_data.action.name.startswith("Dance Anna")
    assert not person.animation_data.action.use_fake_user
    assert hypotheses_of(plain) == [] and not plain.animation_data.nla_tracks


def test_each_is_an_action_with_a_fake_user_on_a_muted_track_named_after_its_choice(person):
    kept = hypotheses_of(person)
    assert [each.choice for each in kept] == list(CHOICES)
    assert [each.number for each in kept] == [0, 1, 2]
    assert [each.track.name for each in kept] == [
        "Left wrist 18 cm nearer, frames 21 to 31", "Right knee 9 cm farther, frames 6 to 16",
        "Whole body 7 cm higher, frames 36 to 45",
    ]  # fmt: skip
    assert all(each.track.mute and len(each.track.strips) == 1 for each in kept)
    assert all(each.action.use_fake_user for each in kept)
    assert len({each.action for each in kept} | {person.animation_data.action}) == 4


def test_their_keys_are_the_whole_motions_of_the_file(person, motion):
    for kept in hypotheses_of(person):
        wxyz, places = bone_transforms(person, alone(motion, kept.number))
        curves = {(curve.data_path, curve.array_index): keys_of(curve)[:, 1] for curve in kept.curves()}
        np.testing.assert_allclose(curves['pose.bones["pelvis"].location', 2], places[:, 2], atol=1e-6)
        np.testing.assert_allclose(curves['pose.bones["left_knee"].rotation_quaternion', 1], wxyz[:, 4, 1], atol=1e-6)


def test_of_a_long_motion_they_are_kept_around_their_choices(extension, tmp_path, motion, monkeypatch):
    monkeypatch.setattr(kept_hypotheses, "WHOLE_UP_TO", 50)
    monkeypatch.setattr(kept_hypotheses, "_AROUND_S", 0.2)
    person = brought_in(motion, tmp_path)
    assert [(kept.first, kept.last) for kept in hypotheses_of(person)] == [(14, 36), (0, 21), (29, 50)]
    show(person, 0)
    assert max(off_m(person, alone(motion, 0), frame) for frame in (15, 21, 31, 37)) < _NEAR_M
    np.testing.assert_array_equal(evaluated_joints(person, 60), evaluated_joints(person, 37))
    assert sum(len(curve.keyframe_points) for curve in hypotheses_of(person)[0].curves()) <= 23 * 223


def test_one_that_is_shown_plays_alone_and_then_comes_the_main_motion_back(person, motion):
    action = person.animation_data.action
    for number in (1, 2, 2, 0):
        show(person, number)
        assert shown_hypothesis(person).number == number
        assert max(off_m(person, alone(motion, number), frame) for frame in (1, 25, 60)) < _NEAR_M
        assert person.animation_data.action == action
    show(person, None)
    assert shown_hypothesis(person) is None
    assert max(off_m(person, motion, frame) for frame in (1, 25, 60)) < _NEAR_M


def test_keys_between_whole_frames_are_shown_where_they_are(extension, tmp_path, motion):
    person = brought_in(replace(motion, start_s=0.41), tmp_path)
    show(person, 1)
    joints = alone(motion, 1).world_joints()
    for row in (0, 17, 59):
        assert np.abs(evaluated_joints(person, 1.0 + 0.41 * 30 + row) - joints[row]).max() < _NEAR_M


def test_showing_the_main_motion_leaves_an_artists_own_star_alone(person):
    track = person.animation_data.nla_tracks.new()
    track.is_solo = True
    show(person, None)
    assert track.is_solo


def test_the_main_motion_is_there_while_somebody_asks_for_it(person, motion):
    show(person, 2)
    with main_motion_shown(person):
        assert off_m(person, motion, 25) < _NEAR_M
    assert off_m(person, alone(motion, 2), 25) < _NEAR_M


def test_they_are_in_the_saved_file_without_the_extension(person, motion, tmp_path):
    show(person, 1)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "kept.blend"))
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "kept.blend"))
    person = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    assert [each.choice for each in hypotheses_of(person)] == list(CHOICES)
    assert off_m(person, alone(motion, 1), 25) < _NEAR_M
    choice = hypotheses_of(person)[0].action["mambocap_choice"]
    assert (choice["limb"], choice["share"]) == ("left_arm", pytest.approx(0.4)), "an artist reads it"


def test_hypotheses_without_choices_are_named_by_their_number(extension, tmp_path):
    kept = hypotheses_of(brought_in(replace(ambiguous(), choices=()), tmp_path))
    assert [each.title for each in kept] == ["Other pose 1", "Other pose 2", "Other pose 3"]
    assert (kept[1].choice.limb, kept[1].choice.share, kept[1].choice.last) == ("body", 0.25, 59)


def test_keeping_them_again_takes_the_place_of_those_before_and_leaves_the_main_motion(person, motion):
    action, keys = person.animation_data.action, keys_by_curve(person)
    keep_hypotheses(person, motion, np.arange(1.0, 61.0), "Dance Anna")
    assert len(hypotheses_of(person)) == 3 and len(bpy.data.actions) == 4
    assert person.animation_data.action == action and keys_by_curve(person) == keys
    assert not action.use_fake_user


def test_one_that_somebody_broke_is_not_there(person):
    hypotheses_of(person)[0].action["mambocap_choice"] = "mine"
    assert [each.number for each in hypotheses_of(person)] == [1, 2]


def test_forgetting_leaves_the_artists_own_tracks_and_what_others_use(person):
    own = person.animation_data.nla_tracks.new()
    own.name = "Mine"
    used = hypotheses_of(person)[0].action
    other = bpy.data.objects.new("Other", None)
    other.animation_data_create().action = used
    forget_hypotheses(person)
    assert [track.name for track in person.animation_data.nla_tracks] == ["Mine"]
    assert set(bpy.data.actions) == {person.animation_data.action, used}


def test_a_take_that_is_removed_leaves_no_pose_behind(person):
    remove_take(takes_in(bpy.context.scene)[0])
    assert not bpy.data.actions
