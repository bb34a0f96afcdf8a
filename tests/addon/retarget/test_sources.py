from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.body_model import body_model  # noqa: E402
from mambocap.addon.contact_strips import key_contacts  # noqa: E402
from mambocap.addon.retarget.retarget_character import Wish, retarget_character  # noqa: E402
from mambocap.addon.retarget.rig import bones_over_time as bones_module  # noqa: E402
from mambocap.addon.retarget.sources import (  # noqa: E402
    Source,
    motion_frames,
    source_of_armature,
    source_of_file,
    source_of_person,
)
from mambocap.addon.sample import SAMPLE  # noqa: E402
from mambocap.addon.take_scene import build_take  # noqa: E402
from mambocap.motion.motion_file import write_motion  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mathutils import Matrix  # noqa: E402

from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.in_blender import build  # noqa: E402
from bench.rigs.made_up_motion import performance  # noqa: E402
from motion.recordings.naming import FAMILIES  # noqa: E402
from motion.retarget.mapping.rig_mapping import RigMapping  # noqa: E402
from motion.retarget.settings import RetargetSettings  # noqa: E402
from motion.skeleton import JOINT  # noqa: E402
from tests.addon.in_blender import extension  # noqa: F401, E402
from tests.addon.made_up_takes import evaluated_joints, wild_motion  # noqa: E402
from tests.motion.recordings.made_up_files import write_bvh  # noqa: E402
from tests.motion.recordings.made_up_recordings import BODY, told_by, walking_about  # noqa: E402

UNREAL = next(family for family in json.loads(FAMILIES.read_text(encoding="utf-8"))["families"]
              if family["name"] == "Unreal")  # fmt: skip
RIGS, PERFORMANCE = made_up_rigs(), performance()
LIMBS = [(f"{side}_{start}", f"{side}_{end}") for side in ("left", "right") for start, end in
         (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))]  # fmt: skip


@pytest.fixture
def person(extension) -> bpy.types.Object:  # noqa: F811
    """The sample's, in a take that is moved, turned and made smaller."""
    take = build_take(bpy.context.scene, SAMPLE, "Sample", body_model(bpy.context))
    take.matrix_world = Matrix.LocRotScale((2.0, -1.0, 0.3), Matrix.Rotation(0.9, 3, "Z"), (0.5,) * 3)
    bpy.context.view_layer.update()
    return next(thing for thing in take.children_recursive if thing.type == "ARMATURE")


def limbs_apart_deg(joints: np.ndarray, others: np.ndarray) -> float:
    """The largest angle between limbs of [T, 55, 3] and [T, 55, 3]."""
    worst = 0.0
    for start, end in LIMBS:
        one, two = (each[:, JOINT[end]] - each[:, JOINT[start]] for each in (joints, others))
        cosine = np.sum(one * two, axis=-1) / np.linalg.norm(one, axis=-1) / np.linalg.norm(two, axis=-1)
        worst = max(worst, np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))).max())
    return worst


def test_a_person_is_where_blender_has_it_in_the_world(person):
    source = source_of_person(person, bpy.context)
    assert source.pose.frame_count == len(source.frames) == len(person["mambocap_seen"])
    for index in range(0, len(source.frames), 23):
        shown = evaluated_joints(person, source.frames[index])
        np.testing.assert_allclose(source.pose.joints_world[index], shown, atol=1e-4)
    R, joints = source.pose.figure.kinematics(source.pose.figure.local(source.pose.R_world_from_joint),
                                              source.pose.joints_world[:, 0])  # fmt: skip
    np.testing.assert_allclose(joints, source.pose.joints_world, atol=1e-4)
    assert source.pose.floor_world_m == pytest.approx(0.3, abs=1e-6)


def test_a_person_whose_curves_are_not_all_is_sampled_with_the_same_result(person, monkeypatch):
    by_curves = source_of_person(person, bpy.context)
    bone = person.pose.bones["left_wrist"].constraints.new("LIMIT_ROTATION")   # which limits nothing
    frame = bpy.context.scene.frame_current
    seen = []
    real = bones_module.shown_over_time
    monkeypatch.setattr(bones_module, "shown_over_time", lambda *all: seen.append(1) or real(*all))
    sampled = source_of_person(person, bpy.context)
    assert seen and bone is not None and bpy.context.scene.frame_current == frame
    np.testing.assert_allclose(sampled.pose.joints_world, by_curves.pose.joints_world, atol=1e-4)
    np.testing.assert_allclose(sampled.pose.R_world_from_joint, by_curves.pose.R_world_from_joint, atol=1e-3)
    np.testing.assert_array_equal(sampled.pose.contacts.held, by_curves.pose.contacts.held)


def test_keys_that_the_artist_moved_in_time_or_changed_are_what_counts(person):
    before = source_of_person(person, bpy.context)
    path = 'pose.bones["left_elbow"].rotation_quaternion'
    for curve in bones_module.curves_of(person):
        for point in curve.keyframe_points:
            point.co.x += 10.0
            if curve.data_path == path:
                point.co.y = (1.0, 0.0, 0.0, 0.0)[curve.array_index]
        curve.update()
    after = source_of_person(person, bpy.context)
    np.testing.assert_allclose(after.frames, before.frames + 10.0)
    elbow, shoulder = (after.pose.R_world_from_joint[:, JOINT[f"left_{name}"]] for name in ("elbow", "shoulder"))
    np.testing.assert_allclose(elbow, shoulder, atol=1e-5)


def test_contacts_are_those_that_the_channels_say_now(person):
    frames = source_of_person(person, bpy.context).frames
    held = np.zeros((len(frames), 2), dtype=bool)
    held[7:19, 0] = held[12:30, 1] = True
    key_contacts(person, ("left_heel", "right_ball"), held, frames)
    contacts = source_of_person(person, bpy.context).pose.contacts
    for column, name in enumerate(("left_heel", "right_ball")):
        np.testing.assert_array_equal(contacts.held[:, contacts.names.index(name)], held[:, column])


def test_a_person_without_its_file_is_still_a_source(person):
    whole = source_of_person(person, bpy.context)
    person["mambocap_motion_file"] = "/nowhere/motion.npz"
    without = source_of_person(person, bpy.context)
    np.testing.assert_array_equal(without.pose.joints_world, whole.pose.joints_world)
    assert without.pose.figure.point_names == whole.pose.figure.point_names


def test_a_motion_file_is_read_as_it_is(extension, tmp_path):  # noqa: F811
    motion = wild_motion(20, Fraction(60))
    (tmp_path / "person_00").mkdir()
    write_motion(tmp_path / "person_00" / "motion.npz", motion)
    bpy.context.scene.render.fps = 30
    source = source_of_file(tmp_path / "person_00" / "motion.npz", bpy.context)
    np.testing.assert_allclose(source.pose.joints_world, motion.world_joints(), atol=1e-5)
    np.testing.assert_allclose(source.frames, bpy.context.scene.frame_start + 0.5 * np.arange(20))
    assert source.pose.rate == 60.0 and source.name == tmp_path.name


def test_a_file_that_was_written_anew_is_read_anew(extension, tmp_path):  # noqa: F811
    for frames in (5, 9):
        write_motion(tmp_path / "motion.npz", wild_motion(frames))
        assert source_of_file(tmp_path / "motion.npz", bpy.context).pose.frame_count == frames


def test_a_file_that_is_gone_or_of_another_kind_is_refused(extension, tmp_path):  # noqa: F811
    with pytest.raises(Refusal):
        source_of_file(tmp_path / "gone.npz", bpy.context)
    (tmp_path / "note.txt").write_text("hello")
    with pytest.raises(Refusal):
        source_of_file(tmp_path / "note.txt", bpy.context)


def test_a_recording_that_blenders_own_importer_brought_in_moves_as_our_reading_of_it(extension, tmp_path):  # noqa: F811
    path = recording(tmp_path / "walk.bvh")
    ours = source_of_file(path, bpy.context)
    bpy.context.scene.render.fps = round(ours.pose.rate)
    bpy.ops.import_anim.bvh(filepath=str(path), update_scene_fps=False, use_fps_scale=False)
    theirs = source_of_armature(bpy.context.object, bpy.context)
    count = min(theirs.pose.frame_count, ours.pose.frame_count)
    # Feet and trunk keep their own posture; limbs point as recorded whoever read the file.
    assert limbs_apart_deg(theirs.pose.joints_world[:count], ours.pose.joints_world[:count]) < 0.5


def recording(path: Path) -> Path:
    body = BODY.model.shaped([])
    return write_bvh(path, told_by(UNREAL, walking_about(2.0, body=body), {}, np.eye(3), body))


@pytest.mark.parametrize("name", ("mixamo", "unreal_ue5", "daz_g8"))
def test_another_character_is_a_source_with_its_limbs_directions_and_standing_feet(extension, name):  # noqa: F811
    character = build(RIGS[name])
    bpy.context.scene.render.fps = 30
    wish = Wish(RigMapping(RIGS[name].slots, name), RetargetSettings())
    retarget_character(character, Source(PERFORMANCE, np.arange(400) + 1.0, "Show"), wish, lambda *_: None)
    source = source_of_armature(character, bpy.context)
    for index in (0, 120, 260, 343):
        bpy.context.scene.frame_set(index + 1)
        for part, (start, end) in {"upper_arm": ("shoulder", "elbow"), "shin": ("knee", "ankle")}.items():
            child = {"upper_arm": "forearm", "shin": "foot"}[part]
            heads = [character.matrix_world @ character.pose.bones[RIGS[name].slots[f"left_{each}"][0]].head
                     for each in (part, child)]  # fmt: skip
            wanted = np.array(heads[1] - heads[0])
            places = source.pose.joints_world[index, [JOINT[f"left_{joint}"] for joint in (start, end)]]
            np.testing.assert_allclose(places[1] - places[0], wanted, atol=2e-3 * np.linalg.norm(wanted))
    assert np.mean(balls_held(source.pose)[:280] == balls_held(PERFORMANCE)[:280]) > 0.85


def balls_held(pose) -> np.ndarray:
    return pose.contacts.held[:, [pose.contacts.names.index(f"{side}_ball") for side in ("left", "right")]]


def test_an_armature_that_does_not_move_is_refused_by_name(extension):  # noqa: F811
    character = build(RIGS["mixamo"])
    with pytest.raises(Refusal, match="has no keys that move its bones. Choose an armature with an action."):
        source_of_armature(character, bpy.context)


def test_few_keys_are_taken_on_whole_frames_and_dense_ones_where_they_lie(extension):  # noqa: F811
    character = build(RIGS["mixamo"])
    bone = character.pose.bones[0]
    for frame in (3.0, 10.5, 21.0):
        bone.location = (frame, 0.0, 0.0)
        bone.keyframe_insert("location", frame=frame)
    np.testing.assert_array_equal(motion_frames(character), np.arange(3.0, 22.0))
    for frame in np.arange(3.0, 21.0, 0.25):
        bone.keyframe_insert("location", frame=frame)
    np.testing.assert_allclose(motion_frames(character), np.arange(3.0, 21.1, 0.25))


def test_a_hidden_armature_that_constraints_move_is_refused(person):
    person.pose.bones["left_wrist"].constraints.new("LIMIT_ROTATION")
    for thing in (person, *person.children):   # else it is posed for the body that follows it
        thing.hide_viewport = True
    with pytest.raises(Refusal, match="is hidden, so that Blender does not pose it. Show it in the viewport."):
        source_of_person(person, bpy.context)
