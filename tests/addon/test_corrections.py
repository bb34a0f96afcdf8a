"""Repairs by the artist in Blender: one frame posed, sides exchanged, limbs ignored, pinned and dragged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.body_model import body_model
from mambocap.addon.clean_up_take import source_of
from mambocap.addon.kept_corrections import CORRECTIONS, handles_of, pose_of, stored_in
from mambocap.addon.people import Person
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.addon.takes import people_of, select
from mambocap.motion.body import read_open_body
from mambocap.motion.corrections.seen_points import POINTS, Sight, posed
from mambocap.motion.kinematics import forward_kinematics
from mambocap.motion.motion import Camera, Motion
from mambocap.motion.motion_file import write_motion
from mambocap.motion.rotations import matrix_from_axis_angle
from mambocap.motion.skeleton import JOINT
from mathutils import Vector

from tests.addon.made_up_takes import camera, looking_at_origin

pytest_plugins = ["tests.addon.in_blender"]

ops = bpy.ops.mambocap
FRAMES = 101
R_WORLD_FROM_REST = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


def waving() -> Motion:
    """Somebody who stands and waves both arms, before a camera."""
    body = read_open_body().shaped([])
    turns = np.zeros((FRAMES, 55, 3))
    turns[:, JOINT["left_shoulder"], 2] = -0.6 + 0.4 * np.sin(np.arange(FRAMES) / 8.0)
    turns[:, JOINT["right_shoulder"], 2] = 0.9
    turns[:, JOINT["left_elbow"], 1] = -0.8
    turns[:, JOINT["right_elbow"], 1] = 0.5
    R = matrix_from_axis_angle(turns)
    R[:, 0] = R_WORLD_FROM_REST
    root = np.tile([0.0, 0.0, body.skeleton.rest_joints[0, 1] - body.points[:, 1].min()], (FRAMES, 1))
    view = camera(FRAMES)
    points_px = np.full((FRAMES, 33, 2), np.nan)
    points_px[:, POINTS] = Sight.of(view).pixels(posed(body, R, root).points_world)
    scores = np.isfinite(points_px[..., 0]).astype(float)
    return Motion(body.skeleton, 30, R, root, cameras=(replace(view, landmarks_px=points_px, scores=scores),))


def beside(motion: Motion) -> Camera:
    """A second camera, to the right of the first."""
    place = np.tile([5.0, -0.5, 1.3], (FRAMES, 1))
    R = looking_at_origin(place)
    view = replace(motion.cameras[0], R_camera_from_world=R, t_camera_from_world=-np.einsum("tij,tj->ti", R, place))
    points_px, body = np.array(view.landmarks_px), read_open_body().shaped([])
    points_px[:, POINTS] = Sight.of(view).pixels(
        posed(body, motion.R_parent_from_joint, motion.root_world).points_world)  # fmt: skip
    return replace(view, landmarks_px=points_px)


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    return brought_in(tmp_path)


def brought_in(tmp_path: Path, is_seen_by_two: bool = False) -> bpy.types.Object:
    path, motion = tmp_path / "person_00" / "motion.npz", waving()
    if is_seen_by_two:
        motion = replace(motion, cameras=(*motion.cameras, beside(motion)))
    path.parent.mkdir()
    write_motion(path, motion)
    people = [Person("Anna", motion, path)]
    take = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), TakeOptions(body=False))
    select(take)
    ops.clean_up()
    return people_of(take)[0]


def pose_at(person: bpy.types.Object, frame: int):
    bpy.context.scene.frame_set(frame)
    bpy.context.view_layer.update()
    return pose_of(person)


def joints_at(person: bpy.types.Object, frame: int) -> np.ndarray:
    pose = pose_at(person, frame)
    skeleton = source_of(person, bpy.context).motion.skeleton
    return forward_kinematics(skeleton, pose.R_parent_from_joint, pose.root_world)[1]


def choose_frames(person: bpy.types.Object, first: int, last: int) -> None:
    person.mambocap_clean_up.first_frame, person.mambocap_clean_up.last_frame = first, last


def all_poses(person: bpy.types.Object) -> np.ndarray:
    return np.array([pose_at(person, frame).R_parent_from_joint for frame in range(1, FRAMES + 1)])


def bend_elbow(person: bpy.types.Object, frame: int) -> np.ndarray:
    """Pose the armature without a key, as an artist does. Gives the rotations posed."""
    bpy.context.scene.frame_set(frame)
    bone = person.pose.bones["left_elbow"]
    bone.rotation_quaternion = (0.9, 0.4, 0.1, 0.1)
    bpy.context.view_layer.update()
    return pose_of(person).R_parent_from_joint


def test_the_pose_that_is_shown_is_read_as_the_motion_has_it(person):
    motion = source_of(person, bpy.context).raw
    ops.as_captured()
    for frame in (1, 30):
        pose = pose_at(person, frame)
        np.testing.assert_allclose(pose.R_parent_from_joint, motion.R_parent_from_joint[frame - 1], atol=1e-4)
        np.testing.assert_allclose(pose.root_world, motion.root_world[frame - 1], atol=1e-4)


def test_a_posed_frame_is_kept_and_its_neighbours_follow(person):
    before = all_poses(person)
    wanted = bend_elbow(person, 30)
    assert ops.correct_frame() == {"FINISHED"}
    after = all_poses(person)
    np.testing.assert_allclose(after[29], wanted, atol=1e-4)
    changed = np.abs(after - before).max(axis=(1, 2, 3))
    assert changed[24:34].min() > 0.02 and changed[84:].max() < 1e-5
    assert len(stored_in(person)) == 1


def test_a_frame_that_nobody_posed_changes_nothing(person):
    before = all_poses(person)
    bpy.context.scene.frame_set(30)
    ops.correct_frame()
    np.testing.assert_allclose(all_poses(person), before, atol=1e-4)


def test_corrections_are_kept_by_clean_up_and_with_the_file(person, tmp_path):
    wanted = bend_elbow(person, 30)
    ops.correct_frame()
    ops.as_captured()
    assert np.abs(pose_at(person, 30).R_parent_from_joint - wanted).max() > 0.05
    ops.clean_up()
    np.testing.assert_allclose(pose_at(person, 30).R_parent_from_joint, wanted, atol=1e-4)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    opened = bpy.context.scene.objects["Dance Anna"]
    assert len(stored_in(opened)) == 1


def test_removing_a_correction_gives_the_motion_without_it(person):
    before = all_poses(person)
    bend_elbow(person, 30)
    ops.correct_frame()
    assert ops.remove_correction(index=0) == {"FINISHED"}
    np.testing.assert_allclose(all_poses(person), before, atol=1e-5)
    assert stored_in(person) == [] and handles_of(person) == []


def test_exchanging_twice_gives_the_motion_back(person):
    before = all_poses(person)
    choose_frames(person, 20, 40)
    ops.exchange_sides(part="arms")
    assert np.abs(all_poses(person) - before)[25:35].max() > 0.1
    ops.exchange_sides(part="arms")
    np.testing.assert_allclose(all_poses(person), before, atol=1e-5)


def test_the_preview_range_is_the_range_of_repairs(person):
    scene = bpy.context.scene
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 11, 21
    ops.ignore_limb(limb="left_arm")
    (edit,) = stored_in(person)
    assert (edit.from_s, edit.to_s) == (pytest.approx(10 / 30), pytest.approx(20 / 30))


def test_a_pinned_hand_follows_its_empty_and_lets_go_when_that_is_deleted(person):
    before = all_poses(person)
    wrist = joints_at(person, 30)[JOINT["left_wrist"]]
    choose_frames(person, 28, 32)
    assert ops.pin_end(end="left_hand") == {"FINISHED"}
    (pin,) = handles_of(person)
    assert bpy.context.view_layer.objects.active == pin
    np.testing.assert_allclose(pin.location, wrist, atol=1e-4)
    pin.location.z += 0.05
    ops.mend_again()
    for frame in (28, 32):
        np.testing.assert_allclose(joints_at(person, frame)[JOINT["left_wrist"]], wrist + [0, 0, 0.05], atol=1e-3)
    bpy.context.view_layer.objects.active = person
    bpy.data.objects.remove(pin)
    ops.clean_up()
    np.testing.assert_allclose(all_poses(person), before, atol=1e-5)


def test_an_animated_pin_is_followed(person):
    wrist = joints_at(person, 30)[JOINT["left_wrist"]]
    choose_frames(person, 26, 34)
    ops.pin_end(end="left_hand")
    (pin,) = handles_of(person)
    for frame, rise in ((26, 0.0), (34, 0.06)):
        pin.location = wrist + [0.0, 0.0, rise]
        pin.keyframe_insert("location", frame=frame)
    ops.mend_again()
    rises = [joints_at(person, frame)[JOINT["left_wrist"], 2] - wrist[2] for frame in (26, 30, 34)]
    np.testing.assert_allclose(rises, [0.0, 0.03, 0.06], atol=2e-3)


def test_a_dragged_landmark_brings_the_limb_where_the_empty_is_seen(person):
    bpy.context.scene.frame_set(30)
    ops.drag_landmark(landmark="left_wrist")
    (drag,) = handles_of(person)
    drag.location.z += 0.06
    ops.mend_again()
    source, pose = source_of(person, bpy.context), pose_at(person, 30)
    sight = Sight.of(source.raw.cameras[0], slice(29, 30))
    points = posed(source.body, pose.R_parent_from_joint[None], pose.root_world[None], np.array([15])).points_world
    off_px = sight.pixels(points) - sight.pixels(np.array(drag.location)[None, None])
    assert np.linalg.norm(off_px) < 2.0


def test_a_landmark_is_dragged_in_the_picture_of_the_camera_that_is_looked_through(extension, tmp_path):
    """The empty goes to and fro along the first camera's ray, which only the second one sees."""
    person = brought_in(tmp_path, is_seen_by_two=True)
    bpy.context.scene.frame_set(30)
    ops.look_through(camera="Dance Camera 2")
    ops.drag_landmark(landmark="left_wrist")
    (drag,) = handles_of(person)
    assert drag.name.endswith("Drag Left Wrist in Camera 2")
    source = source_of(person, bpy.context)
    first, second = (Sight.of(camera, slice(29, 30)) for camera in source.raw.cameras)
    ray = first.rays(np.array(drag.location)[None, None])[0, 0]
    drag.location += Vector(0.08 * ray)
    ops.mend_again()
    pose = pose_at(person, 30)
    points = posed(source.body, pose.R_parent_from_joint[None], pose.root_world[None], np.array([15])).points_world
    off_px = second.pixels(points) - second.pixels(np.array(drag.location)[None, None])
    assert np.linalg.norm(off_px) < 2.0


def test_what_cannot_be_done_is_not_offered_or_refused_in_words(person):
    assert not ops.mend_again.poll(), "nothing is corrected yet"
    assert not ops.exchange_sides.poll() and not ops.pin_end.poll(), "no frames are chosen"
    bpy.context.scene.frame_set(500)
    with pytest.raises(RuntimeError, match="no key at frame 500"):
        ops.correct_frame()
    choose_frames(person, 300, 400)
    with pytest.raises(RuntimeError, match="no key from frame 300"):
        ops.exchange_sides(part="legs")
    bpy.context.view_layer.objects.active = person
    with bpy.context.temp_override(active_object=person, object=person):
        bpy.ops.object.mode_set(mode="POSE")
    assert not ops.pin_end.poll() and ops.correct_frame.poll()
    with bpy.context.temp_override(active_object=person, object=person):
        bpy.ops.object.mode_set(mode="OBJECT")


def test_a_broken_list_is_refused_and_can_be_forgotten(person):
    person[CORRECTIONS] = "[{]"
    with pytest.raises(RuntimeError, match="no correction"):
        ops.clean_up()
    assert ops.forget_corrections() == {"FINISHED"}
    assert stored_in(person) == []
