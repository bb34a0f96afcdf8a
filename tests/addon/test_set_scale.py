"""A take made as large as it is in truth: all of it, whatever reads it afterwards, and nothing that its cameras see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.body_model import body_model
from mambocap.addon.clean_up_take import source_of
from mambocap.addon.curves import curves_of
from mambocap.addon.draw_length import on_floor
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.addon.hypotheses.kept_hypotheses import hypotheses_of
from mambocap.addon.hypotheses.uncertainty_kept import uncertainty_of
from mambocap.addon.kept_corrections import HANDLE, handles_of, store, stored_in
from mambocap.addon.kept_quality import card_of
from mambocap.addon.people import Person
from mambocap.addon.retarget.sources import source_of_person
from mambocap.addon.set_scale import points_of
from mambocap.addon.take_cameras import cameras_of
from mambocap.addon.take_scene import SCALE, TakeOptions, build_people, rebuild_take
from mambocap.addon.takes import people_of, select
from mambocap.motion.body import read_open_body
from mambocap.motion.corrections.edits import PoseKey
from mambocap.motion.hypotheses.choice import Choice
from mambocap.motion.motion import Motion
from mambocap.motion.motion_file import read_motion, write_motion
from mambocap.motion.rotations import axis_angle_from_matrix
from mambocap.motion.skeleton import Skeleton
from mathutils import Vector

from tests.addon.drawn_panels import drawn_by
from tests.addon.made_up_cameras import FRAMES, pixels_by_matrices, pixels_in_blender, seen_by_three
from tests.addon.made_up_takes import evaluated_joints

pytest_plugins = ["tests.addon.in_blender"]

ops = bpy.ops.mambocap
FACTOR = 1.2
HANDED_OVER = ("root_world", "hypotheses_root", "spread_m")


def captured_motion(folder: Path, seed: int) -> Motion:
    """Somebody before three cameras, with another pose, unsure wrists and a raw motion."""
    motion = replace(seen_by_three(folder, seed), skeleton=read_open_body().shaped([]).skeleton)
    raw = replace(motion, root_world=motion.root_world + 0.05)
    return raw.with_raw(replace(
        motion, hypotheses=axis_angle_from_matrix(motion.R_parent_from_joint)[None, :],
        hypotheses_root=motion.root_world[None] + 0.1, hypotheses_weights=np.array([0.4]),
        choices=(Choice("left_arm", 10, 20, 0.4, "left wrist 20 cm nearer"),), spread_m=np.full((FRAMES, 22), 0.1),
    ))  # fmt: skip


@pytest.fixture
def take(extension: Path, tmp_path: Path) -> bpy.types.Object:
    return brought_in(tmp_path)


def brought_in(tmp_path: Path, body: bool = False) -> bpy.types.Object:
    people = []
    for number in (1, 2):
        path = tmp_path / "out" / f"person_0{number - 1}" / "motion.npz"
        path.parent.mkdir(parents=True)
        write_motion(path, captured_motion(tmp_path, number))
        people.append(Person(f"Person {number}", captured_motion(tmp_path, number), path, number=number))
    taken = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), TakeOptions(body=body),
                         tmp_path / "out")  # fmt: skip
    select(taken)
    return taken


def put_points(distance_m: float) -> None:
    for number, place in ((1, (0.5, 0.2, 0.1)), (2, (0.5, 0.2 + distance_m, 0.1))):
        bpy.context.scene.cursor.location = place
        assert ops.scale_point(number=number) == {"FINISHED"}


def grow(factor: float = FACTOR) -> None:
    put_points(2.0)
    assert ops.set_scale(length_m=2.0 * factor) == {"FINISHED"}


def joints_of(take: bpy.types.Object, frame: int) -> np.ndarray:
    return np.array([evaluated_joints(person, frame) for person in people_of(take)])


def skin_of(person: bpy.types.Object) -> np.ndarray:
    """The vertices of a person's body as Blender poses them, [V, 3] m in the world."""
    body = next(child for child in person.children if child.type == "MESH")
    posed = body.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([posed.matrix_world @ vertex.co for vertex in posed.data.vertices])


def test_people_bodies_paths_and_cameras_become_larger_about_the_floor_of_the_take(extension, tmp_path):
    take = brought_in(tmp_path, body=True)
    before = joints_of(take, 40)
    skins = [skin_of(person) for person in people_of(take)]
    places = [np.array(camera.matrix_world.translation) for camera in cameras_of(take)]
    grow()
    np.testing.assert_allclose(joints_of(take, 40), FACTOR * before, atol=2e-5)
    for person, skin in zip(people_of(take), skins, strict=True):
        np.testing.assert_allclose(skin_of(person), FACTOR * skin, atol=5e-5)
    for camera, place in zip(cameras_of(take), places, strict=True):
        np.testing.assert_allclose(camera.matrix_world.translation, FACTOR * place, atol=1e-5)
    assert all(tuple(thing.scale) == (1.0, 1.0, 1.0) for thing in (take, *take.children_recursive))


def test_the_pictures_seen_through_the_cameras_do_not_change(take, tmp_path):
    grow()
    captured = captured_motion(tmp_path, 1)
    joints_before = captured.world_joints()
    for frame in (1, 60):
        joints_world = joints_of(take, frame)[0]
        for thing, view in zip(cameras_of(take), captured.cameras, strict=True):
            seen_px = pixels_by_matrices(view, joints_before[frame - 1])
            assert np.abs(pixels_in_blender(thing, view, joints_world) - seen_px).max() < 0.05


def test_the_points_lie_as_far_apart_as_the_user_says_and_asking_again_changes_nothing(take):
    grow()
    one, other = (point.matrix_world.translation for point in points_of(take))
    assert (one - other).length == pytest.approx(2.0 * FACTOR, abs=1e-5)
    before = joints_of(take, 9)
    ops.set_scale(length_m=2.0 * FACTOR)
    np.testing.assert_allclose(joints_of(take, 9), before, atol=1e-5)


def test_it_is_one_step_of_undo(take):
    put_points(2.0)
    before = joints_of(take, 40)
    bpy.ops.ed.undo_push(message="before")
    ops.set_scale(length_m=3.0)
    bpy.ops.ed.undo_push(message="scaled")
    bpy.ops.ed.undo()
    take = bpy.context.scene.objects["Dance"]
    np.testing.assert_allclose(joints_of(take, 40), before, atol=1e-6)
    assert [person[SCALE] for person in people_of(take)] == [1.0, 1.0]
    person = people_of(take)[0]
    np.testing.assert_allclose(source_of(person, bpy.context).motion.world_joints()[39],
                               joints_of(take, 40)[0], atol=2e-5)  # fmt: skip


def test_the_motion_that_clean_up_and_export_read_is_as_large(take):
    before = source_of(people_of(take)[0], bpy.context)
    grow()
    after = source_of(people_of(take)[0], bpy.context)
    for name in HANDED_OVER:
        np.testing.assert_allclose(getattr(after.motion, name), FACTOR * getattr(before.motion, name), atol=1e-6)
    np.testing.assert_allclose(after.raw.world_joints(), FACTOR * before.raw.world_joints(), atol=1e-6)
    assert after.body.height == pytest.approx(FACTOR * before.body.height, rel=1e-6)


def test_clean_up_again_and_as_captured_keep_the_size(take):
    grow()
    person = people_of(take)[0]
    bpy.context.view_layer.objects.active = person
    ops.clean_up()
    joints = evaluated_joints(person, 50)
    lengths = np.linalg.norm(np.diff(joints[[1, 4, 7]], axis=0), axis=1)   # left hip, knee, ankle
    at_first = np.linalg.norm(source_of(person, bpy.context).motion.skeleton.offsets[[4, 7]], axis=1)
    np.testing.assert_allclose(lengths, at_first, atol=1e-4)
    ops.as_captured()
    raw = source_of(person, bpy.context).raw
    np.testing.assert_allclose(evaluated_joints(person, 50), raw.world_joints()[49], atol=1e-4)


def test_what_is_brought_to_a_character_is_as_large(take):
    person = people_of(take)[0]
    before = source_of_person(person, bpy.context).pose
    grow()
    after = source_of_person(person, bpy.context).pose
    np.testing.assert_allclose(after.joints_world, FACTOR * before.joints_world, atol=5e-5)


def test_what_is_exported_is_as_large(take, tmp_path):
    grow()
    person = people_of(take)[0]
    joints = np.array([evaluated_joints(person, frame) for frame in range(5, 9)])
    export_motion(person, tmp_path / "a.npz", ExportChoices("AMASS", first_frame=5, last_frame=8), bpy.context)
    written = read_motion(tmp_path / "a.npz", Skeleton(read_open_body().joints))
    np.testing.assert_allclose(written.world_joints(), joints, atol=2e-5)
    np.testing.assert_allclose(np.linalg.norm(written.skeleton.offsets, axis=1), FACTOR * np.linalg.norm(
        captured_motion(tmp_path, 1).skeleton.offsets, axis=1), atol=1e-5)  # fmt: skip


def test_a_take_that_is_built_again_keeps_its_size(take, tmp_path):
    grow()
    grow(1.5)
    before = joints_of(take, 30)
    rebuild_take(bpy.context.scene, take, tmp_path / "out", body_model(bpy.context))
    np.testing.assert_allclose(joints_of(take, 30), before, atol=5e-5)
    assert people_of(take)[0][SCALE] == pytest.approx(1.5 * FACTOR)


def test_other_poses_and_how_unsure_a_motion_is_become_larger(take):
    person = people_of(take)[0]
    path = 'pose.bones["pelvis"].location'
    kept, = hypotheses_of(person)   # fmt: skip
    before = np.array([curve.evaluate(30) for curve in kept.curves() if curve.data_path == path])
    spread_m = uncertainty_of(person, 30.0).spread_m
    grow()
    kept, = hypotheses_of(person)   # fmt: skip
    after = np.array([curve.evaluate(30) for curve in kept.curves() if curve.data_path == path])
    np.testing.assert_allclose(after, FACTOR * before, rtol=1e-5)
    assert kept.title == "Left wrist 24 cm nearer" and kept.track.name.startswith(kept.title)
    np.testing.assert_allclose(uncertainty_of(person, 30.0).spread_m, FACTOR * spread_m, atol=0.0026)


def test_corrections_and_pins_stay_where_they_are_on_the_body(take):
    person = people_of(take)[0]
    bpy.context.view_layer.objects.active = person
    bpy.context.scene.frame_set(20)
    person.mambocap_clean_up.first_frame, person.mambocap_clean_up.last_frame = 20, 30
    ops.pin_end(end="left_hand")
    place = np.array(handles_of(person)[0].location)
    key = PoseKey(0.5, np.tile(np.eye(3), (55, 1, 1)), np.array([0.1, 0.2, 1.0]))
    store(person, [key])
    grow()
    handle, = handles_of(person)   # fmt: skip
    np.testing.assert_allclose(handle.location, FACTOR * place, rtol=1e-5)
    np.testing.assert_allclose(stored_in(person)[0].root_world, FACTOR * key.root_world)
    assert HANDLE in handle


def test_keys_by_hand_grow_and_stay_by_hand(take):
    person = people_of(take)[0]
    curve = next(c for c in curves_of(person) if c.data_path == 'pose.bones["pelvis"].location')
    curve.keyframe_points[10].co.y += 0.5
    wanted = FACTOR * curve.keyframe_points[10].co.y
    grow()
    curve = next(c for c in curves_of(person) if c.data_path == 'pose.bones["pelvis"].location')
    assert curve.keyframe_points[10].co.y == pytest.approx(wanted, rel=1e-5)
    bpy.context.view_layer.objects.active = person
    ops.clean_up()
    assert any(action.name.endswith("By Hand") for action in bpy.data.actions)


def test_keys_as_written_are_not_taken_for_keys_by_hand_afterwards(take):
    grow()
    bpy.context.view_layer.objects.active = people_of(take)[0]
    ops.clean_up()
    assert not any(action.name.endswith("By Hand") for action in bpy.data.actions)


def test_the_floor_stays_at_zero_in_squares_of_a_metre_and_reaches_as_far(take):
    floor = bpy.data.objects["Dance Floor"]
    width_m = floor.dimensions.x
    grow()
    bpy.context.view_layer.update()
    corners = np.array([vertex.co for vertex in floor.data.vertices])
    assert np.all(corners[:, 2] == 0.0) and np.all(corners == np.rint(corners))
    assert FACTOR * width_m <= floor.dimensions.x <= FACTOR * width_m + 2.0


def test_what_the_user_hung_on_somebody_stays_as_large_as_it_is(take):
    hat = bpy.data.objects.new("Hat", None)
    take.users_collection[0].objects.link(hat)
    hat.parent, hat.location = people_of(take)[0], (0.0, 0.0, 0.3)
    grow()
    np.testing.assert_allclose(hat.location, (0.0, 0.0, 0.3), atol=1e-6)


def test_a_take_that_was_moved_and_turned_grows_where_it_stands(take):
    take.location, take.rotation_euler = (3.0, -1.0, 0.5), (0.0, 0.0, 0.7)
    bpy.context.view_layer.update()
    before = joints_of(take, 12)
    grow()
    np.testing.assert_allclose(joints_of(take, 12) - np.array(take.location),
                               FACTOR * (before - np.array(take.location)), atol=5e-5)  # fmt: skip


def test_two_selected_cameras_or_bones_are_points_as_well(take):
    for thing in bpy.context.view_layer.objects:
        thing.select_set(thing in cameras_of(take)[:2])
    bpy.context.view_layer.objects.active = cameras_of(take)[0]
    ops.set_scale(length_m=4.0)
    one, other = (camera.matrix_world.translation for camera in cameras_of(take)[:2])
    assert (one - other).length == pytest.approx(4.0, abs=1e-4)
    person = people_of(take)[0]
    bpy.context.view_layer.objects.active = person
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="DESELECT")
    for name in ("left_hip", "left_knee"):
        bone = person.pose.bones[name]
        (bone if hasattr(bone, "select") else bone.bone).select = True
    ops.set_scale(length_m=0.5)
    joints = evaluated_joints(person, 5)
    assert np.linalg.norm(joints[1] - joints[4]) == pytest.approx(0.5, abs=1e-4)


def test_afterwards_the_card_says_that_the_size_is_known(take):
    person = people_of(take)[0]
    before = card_of(person).values
    grow()
    after = card_of(person).values
    assert before["size_percent"] == 5.0 and after["size_percent"] == 2.0
    assert after["depth_percent"] == pytest.approx(np.sqrt(before["depth_percent"] ** 2 - 25.0 + 4.0))


def test_points_that_lie_together_are_refused(take):
    put_points(0.001)
    with pytest.raises(RuntimeError, match="The two points lie 0.1 cm apart."):
        ops.set_scale(length_m=1.0)


def test_without_points_it_is_grey_and_the_panel_says_what_to_do(take):
    assert not ops.set_scale.poll()
    drawn = [text for _, text, _ in drawn_by(bpy.types.MAMBOCAP_PT_scale).drawn]
    assert drawn[:2] == ["First Point", "Second Point"] and drawn[3].startswith("Points go to the 3D cursor.")
    put_points(0.75)
    drawn = " ".join(text for _, text, _ in drawn_by(bpy.types.MAMBOCAP_PT_scale).drawn)
    assert "Point 1 and Point 2: 0.750 m" in drawn and ops.set_scale.poll()


def test_a_length_that_is_drawn_lies_on_the_floor_of_the_take_where_the_rays_meet_it(take):
    take.location, take.rotation_euler, take.scale = (3.0, -1.0, 0.5), (0.0, 0.0, 0.7), (2.0, 2.0, 2.0)
    bpy.context.view_layer.update()
    place = np.array(take.matrix_world @ Vector((0.4, 1.2, 0.0)))
    eye = np.array([-4.0, -3.0, 2.0])
    np.testing.assert_allclose(on_floor(take, eye, place - eye), place, atol=1e-5)
    assert on_floor(take, eye, eye - place) is None, "behind the eye"
    assert on_floor(take, eye, np.array([1.0, 0.0, -0.01])) is None, "at the horizon"
