"""Few keys in place of many: what Blender plays of them stays within the tolerance."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from mambocap.addon.body_model import body_model
from mambocap.addon.curves import curves_of
from mambocap.addon.retarget.keys.bone_curves import read_curves
from mambocap.addon.retarget.keys.channels import channels_of
from mambocap.addon.retarget.keys.kept_contacts import note_contacts
from mambocap.addon.retarget.keys.reduce import FULL, bring_full_keys_back, full_keys_of, outcome_of, reduce_keys
from mambocap.addon.retarget.keys.write_keys import write_action
from mambocap.addon.retarget.rig.held_values import HeldValue, bone_path
from mambocap.addon.sample import SAMPLE
from mambocap.addon.take_scene import TakeOptions, build_take
from mambocap.addon.takes import people_of
from mambocap.motion.contacts.contacts import Contacts
from mambocap.motion.hermite import curve_through
from mambocap.motion.refusal import Refusal
from mambocap.motion.retarget.rig.rig_keys import RigKeys

from tests.addon.made_up_takes import empty_scene
from tests.addon.retarget.made_up_armature import wild_armature, wild_keys
from tests.addon.retarget.rigify_rig import FK_BONES, rigify_character


@pytest.fixture
def person() -> bpy.types.Object:
    scene = empty_scene()
    return people_of(build_take(scene, SAMPLE, "Sample", body_model(bpy.context), TakeOptions(body=False)))[0]


def wild_character(frames: int = 90) -> bpy.types.Object:
    """Every rotation mode, bones that inherit no rotation and say their location elsewhere, the object scaled."""
    empty_scene()
    thing = wild_armature()
    channels, _ = channels_of(thing, wild_keys([bone.name for bone in thing.data.bones], frames))
    write_action(thing, "Wild Dance", np.arange(frames) + 1.0, channels)
    return thing


def bone_ends(thing: bpy.types.Object, frames) -> np.ndarray:
    """[T, 2B, 3] m in the world, as Blender evaluates them."""
    seen = []
    for frame in frames:
        bpy.context.scene.frame_set(int(np.floor(frame)), subframe=float(frame % 1))
        posed = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
        world = posed.matrix_world
        seen.append([world @ end for bone in posed.pose.bones for end in (bone.head, bone.tail)])
    return np.array(seen)


def key_counts(thing: bpy.types.Object) -> set[int]:
    return {len(curve.keyframe_points) for curve in curves_of(thing) if curve.data_path.startswith("pose.bones")}


def key_frames(thing: bpy.types.Object) -> set[float]:
    """The frames in which bones have keys."""
    return {point.co.x for curve in curves_of(thing) if curve.data_path.startswith("pose.bones")
            for point in curve.keyframe_points}  # fmt: skip


@pytest.mark.parametrize("tolerance_mm", [3.0, 15.0])
def test_blender_finds_a_captured_person_within_the_tolerance_in_every_frame(person, tolerance_mm):
    frames = read_curves(person).frames
    before = bone_ends(person, frames)
    words = reduce_keys(person, tolerance_mm / 1000.0)
    off_mm = 1000.0 * np.linalg.norm(bone_ends(person, frames) - before, axis=-1).max()
    assert 0.3 * tolerance_mm < off_mm < tolerance_mm + 0.01
    count = max(key_counts(person))
    assert words.startswith(f"{count} of 216 frames keep keys, at most {off_mm:.1f} mm off ("), words
    assert count < 150 and key_counts(person) == {1, count}
    assert outcome_of(person) == words


def test_every_rotation_mode_of_an_odd_rig_is_played_within_the_tolerance():
    thing = wild_character()
    frames = read_curves(thing).frames
    before = bone_ends(thing, frames)
    reduce_keys(thing, 0.02)
    assert np.linalg.norm(bone_ends(thing, frames) - before, axis=-1).max() < 0.02001
    assert max(key_counts(thing)) < len(frames)


def control_rig() -> bpy.types.Object:
    """A Rigify character that dances by its FK controls, switched to them by keys alone."""
    character, frames = rigify_character(), 40
    keys = wild_keys(list(FK_BONES), frames)
    moves = np.array([name == "torso" for name in FK_BONES])
    channels, _ = channels_of(character, RigKeys(keys.bones, keys.R_basis, 0.1 * keys.locations, moves))
    switches = [("IK_FK", 1.0, (f"{limb}_parent.{side}" for limb in ("upper_arm", "thigh") for side in "LR")),
                ("neck_follow", 1.0, ["torso"]), ("head_follow", 1.0, ["torso"])]  # fmt: skip
    held = [HeldValue(bone_path(bone, name, is_custom=True), value, bone) for name, value, bones in switches
            for bone in bones]  # fmt: skip
    write_action(character, "Rig Dance", np.arange(frames) + 1.0, channels, held)
    return character


def test_what_a_control_rig_deforms_stays_within_the_tolerance():
    character = control_rig()
    some = (1, 6, 13, 22, 31, 40)
    deforms = np.array([character.data.bones[bone.name].use_deform for bone in character.pose.bones]).repeat(2)
    before = bone_ends(character, some)[:, deforms]
    reduce_keys(character, 0.02)
    off_m = np.linalg.norm(bone_ends(character, some)[:, deforms] - before, axis=-1).max()
    assert 0.001 < off_m < 0.0201
    assert max(key_counts(character)) < 40
    assert character.pose.bones["thigh_parent.L"]["IK_FK"] == 1.0


def test_blender_plays_the_cubic_curves_that_were_measured(person):
    read = read_curves(person)
    reduce_keys(person, 0.01)
    after = read_curves(person)
    keys = np.searchsorted(read.frames, sorted(key_frames(person)))
    assert len(keys) < 100
    slopes = np.zeros((len(keys), read.channels.shape[1]))
    for channel, curve in after.curves:
        points = curve.keyframe_points
        if len(points) > 1:
            slopes[:, channel] = [(p.handle_right.y - p.co.y) / (p.handle_right.x - p.co.x) for p in points]
    expected = curve_through(read.frames, keys, read.channels, slopes)
    for channel, curve in after.curves:
        played = [curve.evaluate(frame) for frame in read.frames]
        np.testing.assert_allclose(played, expected[:, channel], atol=2e-5)


def test_the_full_action_stays_and_comes_back(person):
    full = person.animation_data.action
    before = {(c.data_path, c.array_index): len(c.keyframe_points) for c in curves_of(person)}
    reduce_keys(person, 0.005)
    reduced = person.animation_data.action
    assert reduced != full and reduced.name == f"{full.name} Reduced" and full.use_fake_user
    assert full_keys_of(person) == full
    bring_full_keys_back(person)
    assert person.animation_data.action == full and reduced.use_fake_user and outcome_of(person) == ""
    assert before == {(c.data_path, c.array_index): len(c.keyframe_points) for c in curves_of(person)}


def test_reducing_again_starts_from_all_keys_and_leaves_no_action_behind(person):
    full = person.animation_data.action
    reduce_keys(person, 0.02)
    few = max(key_counts(person))
    reduce_keys(person, 0.003)
    assert max(key_counts(person)) > few and full_keys_of(person) == full
    bring_full_keys_back(person)
    reduce_keys(person, 0.01)
    assert {action.name for action in bpy.data.actions} == {full.name, f"{full.name} Reduced"}


def test_a_reduced_action_that_the_artist_changed_is_kept(person):
    reduce_keys(person, 0.02)
    curves_of(person)[0].keyframe_points[0].co.y += 0.1
    changed = person.animation_data.action
    reduce_keys(person, 0.003)
    assert changed.use_fake_user and person.animation_data.action != changed


def test_contacts_of_a_person_keep_their_strips_and_get_keys_where_they_start_and_end(person):
    strips = [curve for curve in curves_of(person) if curve.data_path.startswith('["Contact')]
    assert strips
    frames = read_curves(person).frames
    ends = set()
    for curve in strips:
        rests = np.array([curve.evaluate(frame) for frame in frames]) > 0.5
        ends |= {frames[i] for i in range(len(frames)) if rests[i] and
                 (i == 0 or not rests[i - 1] or i == len(frames) - 1 or not rests[i + 1])}  # fmt: skip
    reduce_keys(person, 0.05)
    assert ends <= key_frames(person)
    assert len([curve for curve in curves_of(person) if curve.data_path.startswith('["Contact')]) == len(strips)


def test_contacts_noted_on_a_character_s_action_get_keys():
    thing = wild_character()
    frames = read_curves(thing).frames
    held = np.zeros((90, 2), dtype=bool)
    held[13:30, 0] = held[41:44, 1] = True
    contacts = Contacts(("left_heel", "right_ball"), held, held, 0.0 * held, np.array([-1, -1]))
    note_contacts(thing.animation_data.action, contacts, frames)
    reduce_keys(thing, 0.5)
    assert {14.0, 30.0, 42.0, 44.0} <= key_frames(thing)


def test_a_motion_with_few_keys_of_its_own_is_measured_between_them():
    thing = wild_character()
    reduce_keys(thing, 0.02)
    few = thing.animation_data.action
    del few[FULL]
    frames = np.arange(1.0, 91.0)
    before = bone_ends(thing, frames)
    reduce_keys(thing, 0.1)
    assert np.linalg.norm(bone_ends(thing, frames) - before, axis=-1).max() < 0.1001


def test_nothing_happens_to_a_character_without_a_motion():
    empty_scene()
    thing = wild_armature()
    with pytest.raises(Refusal, match="Wild has no motion with keys on its bones."):
        reduce_keys(thing, 0.005)
    assert len(bpy.data.actions) == 0
