"""Choosing among poses: looked at one by one, taken limb by limb into the main motion, taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.action import bone_curves
from mambocap.addon.curves import curves_in, keys_of
from mambocap.addon.hypotheses import kept_hypotheses
from mambocap.addon.hypotheses.kept_hypotheses import hypotheses_of, show, shown_hypothesis
from mambocap.addon.hypotheses.kept_uses import uses_of
from mambocap.addon.kept_corrections import CORRECTIONS
from mambocap.motion.hypotheses.limbs import LIMBS
from mambocap.motion.hypotheses.take_over import taken_over
from mambocap.motion.motion import Motion
from mambocap.motion.motion_file import write_motion
from mambocap.motion.skeleton import JOINT_NAMES

from tests.addon.hypotheses.made_up_hypotheses import ambiguous, brought_in
from tests.addon.made_up_takes import evaluated_joints

pytest_plugins = ["tests.addon.in_blender"]
_NEAR_M = 2e-4   # of keys with 32 bits along a whole body


@pytest.fixture
def motion() -> Motion:
    return ambiguous()


@pytest.fixture
def person(extension: Path, tmp_path: Path, motion: Motion) -> bpy.types.Object:
    return brought_in(motion, tmp_path)


def keys_by_curve(person: bpy.types.Object) -> dict[tuple[str, int], np.ndarray]:
    return {(curve.data_path, curve.array_index): keys_of(curve) for curve in bone_curves(person)}


def bones_that_differ(before: dict, after: dict) -> set[str]:
    return {path.split('"')[1] for path, index in after
            if before[path, index].shape != after[path, index].shape
            or np.abs(before[path, index] - after[path, index]).max() > 1e-6}  # fmt: skip


def off_m(person: bpy.types.Object, motion: Motion) -> float:
    """The farthest that Blender has a joint from where a motion has it, over some frames."""
    joints = motion.world_joints()
    return max(float(np.abs(evaluated_joints(person, frame) - joints[frame - 1]).max())
               for frame in (1, 8, 14, 17, 23, 28, 36, 45, 60))  # fmt: skip


def number_shown(person: bpy.types.Object) -> int | None:
    shown = shown_hypothesis(person)
    return shown.number if shown else None


def test_arrows_go_through_the_poses_and_past_both_ends_to_the_main_motion(person):
    seen = []
    for step in (1, 1, 1, 1, -1, -1):
        bpy.ops.mambocap.step_poses(step=step)
        seen.append(number_shown(person))
    assert seen == [0, 1, 2, None, 2, 1]


def test_a_pose_in_the_list_is_shown_and_pressed_again_it_is_not(person):
    bpy.ops.mambocap.show_pose(number=2)
    assert number_shown(person) == 2
    bpy.ops.mambocap.show_pose(number=2)
    assert number_shown(person) is None
    bpy.ops.mambocap.show_pose(number=1)
    bpy.ops.mambocap.show_pose(number=-1)
    assert number_shown(person) is None


def test_a_motion_that_the_artist_moved_in_time_takes_its_poses_along(person, motion):
    for curve in bone_curves(person):
        for point in curve.keyframe_points:
            point.co.x += 7.5
        curve.update()
    for number in (0, 1):
        bpy.ops.mambocap.show_pose(number=number)
        strip = hypotheses_of(person)[number].strip
        assert (strip.frame_start, strip.frame_end) == (8.5, 67.5)
    at_10 = replace(motion, root_world=motion.hypotheses_root[1])
    pelvis = evaluated_joints(person, 18.5)[0]
    np.testing.assert_allclose(pelvis, at_10.root_world[10], atol=_NEAR_M)
    for curve in bone_curves(person):
        for point in curve.keyframe_points:
            point.co.x -= 20.0
        curve.update()
    bpy.ops.mambocap.show_pose(number=0)
    strip = hypotheses_of(person)[0].strip
    assert (strip.frame_start, strip.frame_end) == (-11.5, 47.5)


def test_the_frames_of_a_pose_are_looped_with_half_a_second_around_and_no_longer_when_pressed_again(person):
    scene = bpy.context.scene
    bpy.ops.mambocap.loop_pose(number=2)
    assert (scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end) == (True, 21, 60)
    bpy.ops.mambocap.loop_pose(number=1)
    assert (scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end) == (True, 1, 31)
    bpy.ops.mambocap.loop_pose(number=1)
    assert not scene.use_preview_range


def test_a_loop_begins_where_the_animation_is_or_at_its_own_first_frame(person):
    scene = bpy.context.scene
    scene.frame_set(25)
    bpy.ops.mambocap.loop_pose(number=2)
    assert scene.frame_current == 25
    scene.frame_set(4)
    bpy.ops.mambocap.loop_pose(number=2), bpy.ops.mambocap.loop_pose(number=2)
    assert scene.frame_current == 21


def test_by_default_the_limb_that_is_named_is_used_in_its_frames(person, motion):
    before, action = keys_by_curve(person), person.animation_data.action
    bpy.ops.mambocap.show_pose(number=0)
    assert bpy.ops.mambocap.use_pose() == {"FINISHED"}
    assert off_m(person, taken_over(motion, 0, "left_arm", 20, 30)) < _NEAR_M
    changed = bones_that_differ(before, keys_by_curve(person))
    assert changed <= {JOINT_NAMES[joint] for joint in LIMBS["left_arm"]} and "left_elbow" in changed
    assert number_shown(person) is None, "the artist sees what became of it"
    assert person.animation_data.action == action and len(bpy.data.actions) == 4


def test_all_keys_beside_the_frames_and_their_blends_are_bit_for_bit_the_same(person):
    before = keys_by_curve(person)
    bpy.ops.mambocap.use_pose(number=0, blend=3)
    for name, keys in keys_by_curve(person).items():
        inside = (keys[:, 0] >= 21 - 3) & (keys[:, 0] <= 31 + 3)
        assert np.array_equal(keys[~inside], before[name][~inside])


def test_uses_add_up(person, motion):
    bpy.ops.mambocap.use_pose(number=0, blend=4)
    bpy.ops.mambocap.use_pose(number=1, limb="right_leg", frames="WHOLE", blend=4)
    wanted = taken_over(taken_over(motion, 0, "left_arm", 20, 30, 4), 1, "right_leg", 0, 59, 4)
    assert off_m(person, wanted) < _NEAR_M
    assert [(use.number, use.limb) for use in uses_of(person)] == [(0, "left_arm"), (1, "right_leg")]


def test_a_whole_body_brings_its_path(person, motion):
    bpy.ops.mambocap.use_pose(number=2)
    assert off_m(person, taken_over(motion, 2, "body", 35, 44)) < _NEAR_M


def test_chosen_frames_are_the_preview_range_or_those_of_the_panel_or_of_the_operator(person, motion):
    scene = bpy.context.scene
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 10, 14
    bpy.ops.mambocap.use_pose(number=0, frames="CHOSEN", blend=0)
    assert uses_of(person)[-1].frames(motion.rate) == (9, 13, 0)
    scene.use_preview_range = False
    person.mambocap_clean_up.first_frame, person.mambocap_clean_up.last_frame = 40, 41
    bpy.ops.mambocap.use_pose(number=0, frames="CHOSEN", blend=0)
    assert uses_of(person)[-1].frames(motion.rate) == (39, 40, 0)
    bpy.ops.mambocap.use_pose(number=0, frames="CHOSEN", first_frame=50, last_frame=500, blend=0)
    assert uses_of(person)[-1].frames(motion.rate) == (49, 59, 0)


def test_frames_that_nobody_chose_yet_begin_with_those_that_are_named(person, motion):
    show(person, 1)
    bpy.ops.mambocap.use_pose(frames="CHOSEN")
    assert uses_of(person)[-1].frames(motion.rate)[:2] == (5, 15)
    show(person, 0)
    person.mambocap_other_poses.frames = "CHOSEN"
    panel = person.mambocap_clean_up
    assert (panel.first_frame, panel.last_frame) == (21, 31)
    panel.first_frame, person.mambocap_other_poses.frames = 25, "NAMED"
    person.mambocap_other_poses.frames = "CHOSEN"
    assert panel.first_frame == 25, "the artist's own"


def test_frames_in_which_nobody_is_are_refused(person):
    with pytest.raises(RuntimeError) as refused:
        bpy.ops.mambocap.use_pose(number=0, frames="CHOSEN", first_frame=100, last_frame=110)
    assert f"{person.name} has no key from frame 100 to 110. Choose frames between 1 and 60." in str(refused.value)


def test_with_the_main_motion_shown_it_says_what_to_press(person):
    with pytest.raises(RuntimeError) as refused:
        bpy.ops.mambocap.use_pose()
    assert f"No other pose of {person.name} is shown. Press one in the list first." in str(refused.value)


def test_keys_changed_by_hand_stay_beside_and_in_a_copy_of_the_action(person):
    curve = next(curve for curve in bone_curves(person) if "left_elbow" in curve.data_path)
    curve.keyframe_points[2].co.y += 0.3
    curve.keyframe_points[25].co.y += 0.2
    mine = keys_of(curve)
    bpy.ops.mambocap.use_pose(number=0)
    name = f"{person.animation_data.action.name} By Hand"
    assert name in bpy.data.actions and bpy.data.actions[name].use_fake_user
    kept = next(each for each in curves_in(bpy.data.actions[name]) if each.data_path == curve.data_path
                and each.array_index == curve.array_index)  # fmt: skip
    assert np.array_equal(keys_of(kept), mine)
    curve = next(curve for curve in bone_curves(person) if "left_elbow" in curve.data_path)
    assert keys_of(curve)[2, 1] == mine[2, 1] and keys_of(curve)[25, 1] != mine[25, 1]
    bpy.ops.mambocap.clean_up()
    assert f"{name}.001" in bpy.data.actions, "clean-up still knows that there are keys by hand"


def test_keys_that_nobody_touched_leave_no_copy(person):
    bpy.ops.mambocap.use_pose(number=0)
    bpy.ops.mambocap.use_pose(number=1)
    bpy.ops.mambocap.clean_up()
    assert len(bpy.data.actions) == 4


def test_clean_up_takes_what_was_used_over_again(person, motion):
    bpy.ops.mambocap.use_pose(number=0, frames="WHOLE")
    used = evaluated_joints(person, 25)
    bpy.ops.mambocap.clean_up()
    cleaned = evaluated_joints(person, 25)
    arm = list(LIMBS["left_arm"])[1:5]
    off_used = np.abs(cleaned - used)[arm].max()
    assert off_used < 0.25 * np.abs(used - motion.world_joints()[24])[arm].max()


def test_a_pose_that_was_taken_as_right_takes_the_limb_over_too(person):
    bpy.context.scene.frame_set(25)
    bpy.ops.mambocap.correct_frame()
    corrected = evaluated_joints(person, 25)
    bpy.ops.mambocap.use_pose(number=0)
    used = evaluated_joints(person, 25)
    assert np.abs(used - corrected).max() > 0.05
    bpy.ops.mambocap.clean_up()
    assert np.abs(evaluated_joints(person, 25) - used).max() < 1e-3


def test_a_pose_that_was_taken_as_right_elsewhere_stays(person):
    bpy.context.scene.frame_set(50)
    bpy.ops.mambocap.correct_frame()
    said = person[CORRECTIONS]
    bpy.ops.mambocap.use_pose(number=0)
    assert person[CORRECTIONS] == said


def test_what_is_taken_back_is_the_motion_as_it_would_be_without(person):
    bpy.ops.mambocap.clean_up()
    before = keys_by_curve(person)
    bpy.ops.mambocap.use_pose(number=0)
    bpy.ops.mambocap.use_pose(number=1)
    assert bpy.ops.mambocap.take_back_pose(index=0) == {"FINISHED"}
    assert [use.number for use in uses_of(person)] == [1]
    bpy.ops.mambocap.forget_poses()
    assert uses_of(person) == []
    after = keys_by_curve(person)
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_a_use_whose_pose_the_file_no_longer_has_is_told_and_can_be_forgotten(person, tmp_path, motion):
    bpy.ops.mambocap.use_pose(number=1)
    nothing = ambiguous(choices=motion.choices[:1])
    write_motion(Path(person["mambocap_motion_file"]), nothing)
    with pytest.raises(RuntimeError) as refused:
        bpy.ops.mambocap.clean_up()
    assert "The motion file no longer holds pose 2, which was used." in str(refused.value)
    assert bpy.ops.mambocap.forget_poses() == {"FINISHED"}


@pytest.mark.parametrize("operator", ["take_back_pose", "forget_poses"])
def test_nothing_can_be_taken_back_before_anything_was_used(person, operator):
    with pytest.raises(RuntimeError) as refused:
        getattr(bpy.ops.mambocap, operator)()
    assert f"No other pose of {person.name} was used yet" in str(refused.value)


def test_of_a_long_motion_the_whole_clip_is_where_a_pose_is_kept(extension, tmp_path, motion, monkeypatch):
    monkeypatch.setattr(kept_hypotheses, "WHOLE_UP_TO", 50)
    monkeypatch.setattr(kept_hypotheses, "_AROUND_S", 0.3)
    person = brought_in(motion, tmp_path)
    bpy.ops.mambocap.use_pose(number=0, frames="WHOLE", blend=3)
    assert off_m(person, taken_over(motion, 0, "left_arm", 15, 35, 3)) < _NEAR_M
    assert [use.frames(motion.rate) for use in uses_of(person)] == [(15, 35, 3)]
    with pytest.raises(RuntimeError) as refused:
        bpy.ops.mambocap.use_pose(number=0, frames="CHOSEN", first_frame=50, last_frame=55, blend=3)
    assert 'Of this long motion "Left wrist 18 cm nearer" is kept in frames 12 to 40 only.' in str(refused.value)


def test_it_works_after_the_motion_file_is_gone(person, motion):
    Path(person["mambocap_motion_file"]).unlink()
    assert bpy.ops.mambocap.use_pose(number=0) == {"FINISHED"}
    assert off_m(person, taken_over(motion, 0, "left_arm", 20, 30)) < _NEAR_M


def test_one_undo_takes_a_use_back(person):
    bpy.ops.ed.undo_push(message="before")
    name, before = person.name, keys_by_curve(person)
    bpy.ops.mambocap.use_pose(number=0)
    bpy.ops.ed.undo_push(message="use")
    bpy.ops.ed.undo()
    person = bpy.data.objects[name]
    after = keys_by_curve(person)
    assert all(np.array_equal(before[each], after[each]) for each in before) and uses_of(person) == []


def test_it_is_used_as_the_redo_panel_asks_with_the_main_motion_shown_again(person):
    """Adjust Last Operation undoes and runs the operator with the number that it had found."""
    show(person, 1)
    bpy.ops.mambocap.use_pose("INVOKE_DEFAULT")
    assert [use.number for use in uses_of(person)] == [1]
    last = bpy.context.window_manager.operator_properties_last("mambocap.use_pose")
    assert last.limb == "NAMED"


@pytest.mark.parametrize("operator", ["step_poses", "show_pose", "use_pose"])
def test_a_person_without_other_poses_is_told_so(extension, tmp_path, operator):
    brought_in(replace(ambiguous(), hypotheses=None, hypotheses_root=None, hypotheses_weights=None, choices=()),
               tmp_path)  # fmt: skip
    with pytest.raises(RuntimeError) as refused:
        getattr(bpy.ops.mambocap, operator)()
    assert "The capture brought no other poses of Dance Anna" in str(refused.value)


def test_a_correction_layer_is_in_the_way_of_using_but_not_of_looking(person):
    bpy.ops.mambocap.add_correction_layer()
    bpy.ops.mambocap.step_poses()
    assert number_shown(person) == 0
    with pytest.raises(RuntimeError) as refused:
        bpy.ops.mambocap.use_pose()
    assert "Remove the correction layer first" in str(refused.value)
