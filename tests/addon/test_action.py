from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.action import bone_transforms, key_motion  # noqa: E402
from mambocap.addon.armature import build_armature  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mambocap.motion.skeleton import Skeleton  # noqa: E402

from tests.addon.made_up_takes import empty_scene, evaluated_joints, wild_motion  # noqa: E402
from tests.box_body import rest_joints  # noqa: E402


@pytest.fixture
def person() -> bpy.types.Object:
    scene = empty_scene()
    built = build_armature("Anna", Skeleton(rest_joints()), rest_joints()[0] - [0.0, 0.9, 0.0])
    scene.collection.objects.link(built)
    return built


def curves(action: bpy.types.Action) -> list[bpy.types.FCurve]:
    if hasattr(action, "layers"):
        return list(action.layers[0].strips[0].channelbags[0].fcurves)
    return list(action.fcurves)


def worst_distance(person, motion, frames) -> float:
    pairs = zip(frames, motion.world_joints(), strict=True)
    return max(np.abs(evaluated_joints(person, frame) - joints).max() for frame, joints in pairs)


@pytest.mark.parametrize("seed", range(3))
def test_blender_has_every_joint_where_the_motion_has_it(person, seed):
    motion, frames = wild_motion(12, seed=seed), np.arange(12) + 5.0
    key_motion(person, motion, frames, "Wild")
    assert worst_distance(person, motion, frames) < 1e-5


def test_tails_and_rolls_that_the_artist_changed_do_not_change_the_motion(person):
    bpy.context.view_layer.objects.active = person
    bpy.ops.object.mode_set(mode="EDIT")
    rng = np.random.default_rng(1)
    for bone in person.data.edit_bones:
        bone.tail = bone.head + type(bone.head)(rng.normal(size=3) * 0.1)
        bone.roll = rng.uniform(-3, 3)
    bpy.ops.object.mode_set(mode="OBJECT")
    motion, frames = wild_motion(8), np.arange(8.0)
    key_motion(person, motion, frames, "Wild")
    assert worst_distance(person, motion, frames) < 2e-5


def test_neighbouring_quaternions_lie_on_one_half_sphere(person):
    wxyz, _ = bone_transforms(person, wild_motion(300))
    assert np.all(np.sum(wxyz[1:] * wxyz[:-1], axis=-1) > 0)


def test_keys_stand_at_the_given_frames_and_are_straight_between(person):
    frames = np.array([1.0, 2.25, 3.5])
    action = key_motion(person, wild_motion(3), frames, "Wild")
    location = next(curve for curve in curves(action) if curve.data_path.endswith("location"))
    assert [point.co.x for point in location.keyframe_points] == frames.tolist()
    assert {point.interpolation for point in location.keyframe_points} == {"LINEAR"}


def test_a_joint_that_never_turns_takes_one_key(person):
    still = replace(wild_motion(5), R_parent_from_joint=np.tile(np.eye(3), (5, 55, 1, 1)))
    action = key_motion(person, still, np.arange(5.0), "Still")
    turns = [curve for curve in curves(action) if "rotation" in curve.data_path]
    assert len(turns) == 220 and {len(curve.keyframe_points) for curve in turns} == {1}


def test_the_action_plays_through_its_slot_where_blender_has_slots(person):
    action = key_motion(person, wild_motion(5), np.arange(5.0), "Wild")
    if hasattr(action, "slots"):
        assert person.animation_data.action_slot == action.slots[0]
        assert action.slots[0].target_id_type == "OBJECT"


def test_keying_again_makes_a_new_action_and_keeps_the_old_one(person):
    first = key_motion(person, wild_motion(5), np.arange(5.0), "First")
    old_keys = len(curves(first)[0].keyframe_points)
    cleaned = wild_motion(7, seed=9)
    second = key_motion(person, cleaned, np.arange(7.0), "Second")
    assert person.animation_data.action == second != first
    assert first.use_fake_user and len(curves(first)[0].keyframe_points) == old_keys
    assert worst_distance(person, cleaned, np.arange(7.0)) < 1e-5


def test_an_armature_without_our_bones_is_refused_by_name():
    empty_scene()
    other = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    with pytest.raises(Refusal, match="Rig has no bone pelvis, left_hip, right_hip."):
        key_motion(other, wild_motion(2), np.arange(2.0), "Wild")


def test_ten_thousand_frames_are_keyed_fast(person, capsys):
    motion, frames = wild_motion(10_000), np.arange(10_000.0)
    start = time.process_time()
    key_motion(person, motion, frames, "Long")
    seconds = time.process_time() - start
    with capsys.disabled():
        print(f" 10,000 frames keyed in {seconds:.2f} s of processor time ", end="")
    assert seconds < 4.0   # a slow test machine under load; about 0.9 s on one free core
