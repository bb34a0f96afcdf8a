"""A layer of corrections over a motion that stays as it is."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from mambocap.addon.curves import Keys, curves_of
from mambocap.addon.retarget import retarget_character
from mambocap.addon.retarget.keys.channels import channels_of
from mambocap.addon.retarget.keys.correction_layer import (
    LAYER,
    add_correction_layer,
    has_correction_layer,
    remove_correction_layer,
    why_no_layer,
)
from mambocap.addon.retarget.keys.write_keys import write_action
from mambocap.addon.retarget.panel.found_mapping import found_mapping
from mambocap.addon.retarget.retarget_character import Outcome, Wish
from mambocap.addon.retarget.sources import Source, motion_frames
from mambocap.motion.refusal import Refusal
from mambocap.motion.retarget.settings import RetargetSettings
from mambocap.motion.retarget.source.sampled_source import sampled
from mathutils import Quaternion

from bench.rigs.made_up_motion import performance
from tests.addon.made_up_takes import empty_scene
from tests.addon.retarget.chosen_character import mixamo_character
from tests.addon.retarget.made_up_armature import wild_armature, wild_keys

FRAMES = 40
SAMPLED = (1, 7, 20, 33, 40)
SHOWN, HEAD = (5, 30, 60), "mixamorig:Head"


def dancing(first_frame: float = 1.0, seed: int = 1) -> bpy.types.Object:
    thing = wild_armature()
    channels, _ = channels_of(thing, wild_keys([bone.name for bone in thing.data.bones], FRAMES, seed))
    write_action(thing, "Wild Dance", first_frame + np.arange(FRAMES), channels)
    return thing


def basis(thing: bpy.types.Object, frames=SAMPLED) -> np.ndarray:
    """[T, B, 4, 4] how bones are turned and moved beyond rest, as Blender evaluates them."""
    seen = []
    for frame in frames:
        bpy.context.scene.frame_set(int(np.floor(frame)), subframe=frame % 1)
        posed = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
        seen.append([np.array(bone.matrix_basis) for bone in posed.pose.bones])
    return np.array(seen)


@pytest.mark.parametrize("first_frame", [1.0, 0.4])
def test_a_layer_without_keys_changes_nothing(first_frame):
    empty_scene()
    thing = dancing(first_frame)
    action, before = thing.animation_data.action, basis(thing)
    layer = add_correction_layer(thing)
    assert thing.animation_data.action == layer and layer.name == "Wild Dance Corrections"
    assert [track.name for track in thing.animation_data.nla_tracks] == ["Wild Dance"]
    assert thing.animation_data.nla_tracks[0].strips[0].action == action
    np.testing.assert_allclose(basis(thing), before, atol=1e-5)
    assert has_correction_layer(thing) and why_no_layer(thing) == "Wild has a correction layer: key your corrections"


def test_a_turn_that_is_keyed_is_added_where_it_is_keyed_and_nowhere_else():
    empty_scene()
    thing = dancing()
    before = basis(thing)
    add_correction_layer(thing)
    index = next(i for i, bone in enumerate(thing.pose.bones) if bone.rotation_mode == "QUATERNION")
    bone, turn = thing.pose.bones[index], Quaternion((0.0, 0.6, 0.8), 0.4)
    path = f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"].rotation_quaternion'
    for frame, value in ((10, Quaternion()), (20, turn), (30, Quaternion())):
        key_layer(thing, path, frame, value)
    after = basis(thing)
    expected = before.copy()
    expected[2, index, :3, :3] = before[2, index, :3, :3] @ np.array(turn.to_matrix())
    np.testing.assert_allclose(after, expected, atol=2e-5)


def key_layer(thing: bpy.types.Object, path: str, frame: int, value: Quaternion) -> None:
    """A key of the layer's own action, as a correction is stored."""
    if not curves_of(thing):
        keys = Keys(thing, "none")
        for part in range(4):
            keys.add(path, part, "Corrections", np.array([float(frame)]), np.array([value[part]]))
        return
    for curve in curves_of(thing):
        curve.keyframe_points.insert(frame, value[curve.array_index])


def test_an_artist_who_poses_and_inserts_a_key_gets_what_was_posed():
    empty_scene()
    thing = dancing()
    add_correction_layer(thing)
    index = next(i for i, bone in enumerate(thing.pose.bones) if bone.rotation_mode == "QUATERNION")
    bone = thing.pose.bones[index]
    bpy.context.scene.frame_set(20)
    wanted = Quaternion((0.3, 1.0, 0.2), 0.25) @ bone.rotation_quaternion
    bone.rotation_quaternion = wanted
    assert bone.keyframe_insert("rotation_quaternion")
    shown = basis(thing, [20])[0, index, :3, :3]
    np.testing.assert_allclose(shown, np.array(wanted.to_matrix()), atol=2e-5)


def test_the_whole_motion_is_a_source_though_corrections_have_a_key_or_two():
    empty_scene()
    thing = dancing()
    add_correction_layer(thing)
    bpy.context.scene.frame_set(20)
    thing.pose.bones[0].keyframe_insert("rotation_quaternion")
    np.testing.assert_array_equal(motion_frames(thing), 1.0 + np.arange(FRAMES))


def test_removing_the_layer_gives_the_plain_action_back_and_keeps_what_was_keyed():
    empty_scene()
    thing = dancing()
    action, before = thing.animation_data.action, basis(thing)
    add_correction_layer(thing)
    bone = thing.pose.bones[0]
    bpy.context.scene.frame_set(5)
    bone.keyframe_insert("rotation_quaternion")
    layer = thing.animation_data.action
    remove_correction_layer(thing)
    assert thing.animation_data.action == action and not len(thing.animation_data.nla_tracks)
    assert thing.animation_data.action_blend_type == "REPLACE" and layer.use_fake_user
    np.testing.assert_allclose(basis(thing), before, atol=1e-6)


def test_a_layer_without_keys_leaves_nothing_behind():
    empty_scene()
    thing = dancing()
    add_correction_layer(thing)
    remove_correction_layer(thing)
    assert [action.name for action in bpy.data.actions] == ["Wild Dance"]
    assert why_no_layer(thing) == ""


def test_tracks_that_are_switched_off_are_not_switched_on_by_a_layer():
    empty_scene()
    thing = dancing()
    thing.animation_data.nla_tracks.new()
    thing.animation_data.use_nla = False
    with pytest.raises(Refusal, match="The NLA tracks of Wild are switched off, and a layer would show them."):
        add_correction_layer(thing)
    assert thing.animation_data.action.name == "Wild Dance"


def test_a_library_override_takes_a_layer_and_a_linked_character_says_why_not(tmp_path):
    empty_scene()
    thing = dancing()
    thing.animation_data_clear()
    bpy.data.libraries.write(str(tmp_path / "rig.blend"), {thing}, fake_user=True)
    empty_scene()
    with bpy.data.libraries.load(str(tmp_path / "rig.blend"), link=True) as (_, wanted):
        wanted.objects = ["Wild"]
    linked = bpy.data.objects["Wild"]
    assert why_no_layer(linked) == "Wild is linked: make it a library override first"
    thing = linked.override_create()
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.update()
    assert why_no_layer(thing) == "Wild has no action"
    channels, _ = channels_of(thing, wild_keys([bone.name for bone in thing.data.bones], FRAMES))
    write_action(thing, "Wild Dance", 1.0 + np.arange(FRAMES), channels)
    before = basis(thing)
    add_correction_layer(thing)
    np.testing.assert_allclose(basis(thing), before, atol=1e-5)
    remove_correction_layer(thing)
    np.testing.assert_allclose(basis(thing), before, atol=1e-6)


@pytest.fixture
def character() -> bpy.types.Object:
    empty_scene()
    return mixamo_character()


def walk(frame_count: int) -> Source:
    return Source(sampled(performance(), np.arange(float(frame_count)), 30.0), 5.0 + np.arange(frame_count), "Walk")


def retargeted(character: bpy.types.Object, source: Source) -> Outcome:
    wish = Wish(found_mapping(character), RetargetSettings(solve_feet=False, hands="free"))
    return retarget_character.retarget_character(character, source, wish, lambda share, words: None)


def corrected(character: bpy.types.Object) -> tuple[bpy.types.Action, bpy.types.Action]:
    """A motion and a layer that turns the head by 1 rad in all frames: both actions."""
    old = retargeted(character, walk(50)).action
    layer = add_correction_layer(character)
    bpy.context.scene.frame_set(5)
    head = character.pose.bones[HEAD]
    head.rotation_quaternion = head.rotation_quaternion @ Quaternion((1.0, 0.0, 0.0), 1.0)
    head.keyframe_insert("rotation_quaternion")
    return old, layer


def test_corrections_stay_on_top_of_the_new_motion(character):
    old, layer = corrected(character)
    outcome = retargeted(character, walk(80))
    animation = character.animation_data
    assert "Your corrections stay on top" in outcome.notes and not any("NLA" in note for note in outcome.notes)
    assert max(outcome.limb_errors.values()) < 0.01
    assert (animation.action, animation.action_blend_type, layer[LAYER]) == (layer, "COMBINE", outcome.action)
    assert [strip.action for track in animation.nla_tracks for strip in track.strips] == [outcome.action]
    assert has_correction_layer(character) and old.use_fake_user and not animation.nla_tracks[0].mute
    with_layer, head = basis(character, SHOWN), character.pose.bones.find(HEAD)
    remove_correction_layer(character)
    plain = basis(character, SHOWN)
    differs = np.abs(with_layer - plain).max(axis=(2, 3)) > 1e-4
    assert character.animation_data.action == outcome.action
    assert differs[:, head].all() and differs.sum() == len(differs)


@pytest.mark.parametrize("step", ("write_action", "shown_errors_deg"))
def test_corrections_stay_where_they_were_when_the_new_motion_fails(character, monkeypatch, step):
    old, layer = corrected(character)
    before = basis(character, SHOWN)

    def failing(*arguments, **options):
        raise RuntimeError(step)

    monkeypatch.setattr(retarget_character, step, failing)
    with pytest.raises(RuntimeError, match=step):
        retargeted(character, walk(80))
    animation = character.animation_data
    assert animation.action == layer and layer[LAYER] == old and list(bpy.data.actions) == [old, layer]
    (track,) = animation.nla_tracks
    assert not track.mute and [strip.action for strip in track.strips] == [old]
    assert (animation.action_blend_type, animation.action_influence) == ("COMBINE", 1.0)
    np.testing.assert_allclose(basis(character, SHOWN), before, atol=1e-6)
