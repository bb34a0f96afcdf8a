"""Takes that several cameras filmed, each in its own shape, at its own rate, from its own beginning on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.people import Person
from mambocap.addon.take_cameras import CAMERA, cameras_of
from mambocap.addon.take_scene import build_people, notes_of, rebuild_take
from mambocap.addon.takes import people_of, select
from mambocap.motion.motion_file import write_motion

from tests.addon.drawn_panels import drawn_by
from tests.addon.made_up_cameras import (
    BEGINS_S,
    FRAMES,
    PICTURES,
    RATE,
    RATES,
    SIZES_PX,
    filmed,
    pixels_by_matrices,
    pixels_in_blender,
    seen_by_three,
)
from tests.addon.made_up_takes import evaluated_joints, soft_body_model, wild_motion, write_film

pytest_plugins = ["tests.addon.in_blender"]


def shown_second(thing: bpy.types.Object, frame: int, index: int) -> float:
    """The second of the take at which the picture was taken that Blender shows behind the body.

    It counts from a film's start on, plus an offset that may have keys. Before and behind a film its first and last
    picture stay.
    """
    bpy.context.scene.frame_set(frame)
    user = thing.data.evaluated_get(bpy.context.evaluated_depsgraph_get()).background_images[0].image_user
    count = min(max(frame - user.frame_start + 1, 0), user.frame_duration)
    picture = count - 1 + user.frame_offset
    return min(max(picture, 0), PICTURES[index] - 1) / float(RATES[index]) + BEGINS_S[index]


@pytest.fixture
def take(extension: Path, tmp_path: Path) -> Iterator[bpy.types.Object]:
    (tmp_path / "out" / "person_00").mkdir(parents=True)
    path = tmp_path / "out" / "person_00" / "motion.npz"
    motion = seen_by_three(tmp_path)
    write_motion(path, motion)
    people = [Person("Anna", motion, path, number=1)]
    taken = build_people(bpy.context.scene, people, "Dance", soft_body_model(), folder=tmp_path / "out")
    select(taken)
    yield taken


def test_each_clip_has_a_camera_that_is_called_after_it(take):
    names = [camera.name for camera in cameras_of(take)]
    assert names == ["Dance Camera 1 cam01", "Dance Camera 2 cam02", "Dance Camera 3 cam03"]
    assert [thing[CAMERA] for thing in cameras_of(take)] == [0, 1, 2] and notes_of(take) == []
    scene = bpy.context.scene
    assert scene.camera.name == names[0] and (scene.render.resolution_x, scene.render.resolution_y) == (640, 360)


def test_the_scene_lasts_from_the_first_cameras_beginning_to_the_last_ones_end(take):
    assert (bpy.context.scene.frame_start, bpy.context.scene.frame_end) == (1, 124)


@pytest.mark.parametrize("looked_through", [None, 0, 1, 2])
def test_all_cameras_see_the_joints_where_their_footage_has_them(take, tmp_path, looked_through):
    motion, scene = seen_by_three(tmp_path), bpy.context.scene
    if looked_through is not None:
        bpy.ops.mambocap.look_through(camera=cameras_of(take)[looked_through].name)
    for frame in (1, 70):
        joints_world = evaluated_joints(people_of(take)[0], frame)
        np.testing.assert_allclose(joints_world, motion.world_joints()[frame - 1], atol=1e-4)
        for thing, view in zip(cameras_of(take), motion.cameras, strict=True):
            wrong_px = pixels_in_blender(thing, view, joints_world) - pixels_by_matrices(view, joints_world)
            assert np.abs(wrong_px).max() < 0.05, (thing.name, scene.render.resolution_x)


@pytest.mark.parametrize("index", range(3))
def test_each_frame_shows_the_picture_of_its_moment_by_each_cameras_own_clock(take, index):
    thing = cameras_of(take)[index]
    half_s = 0.5 / float(RATES[index]) + 1e-6
    end_s = BEGINS_S[index] + (PICTURES[index] - 1) / float(RATES[index])
    for frame in range(1, FRAMES + 1):
        moment_s = min(max((frame - 1) / float(RATE), BEGINS_S[index]), end_s)
        assert abs(shown_second(thing, frame, index) - moment_s) <= half_s, frame


def test_footage_is_an_image_since_a_movie_clip_shows_nothing_before_and_behind_its_film(take):
    assert {thing.data.background_images[0].source for thing in cameras_of(take)} == {"IMAGE"}


def test_the_next_camera_is_looked_through_in_turn_and_the_render_takes_its_size(take):
    scene, seen = bpy.context.scene, []
    for _ in range(4):
        assert bpy.ops.mambocap.look_through() == {"FINISHED"}
        seen.append((scene.camera[CAMERA], (scene.render.resolution_x, scene.render.resolution_y)))
    assert seen == [(index, SIZES_PX[index]) for index in (1, 2, 0, 1)]


def test_looking_through_a_camera_is_one_step_of_undo(take):
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.mambocap.look_through(camera="Dance Camera 2 cam02")
    bpy.ops.ed.undo_push(message="looked")
    bpy.ops.ed.undo()
    scene = bpy.context.scene
    assert scene.camera.name == "Dance Camera 1 cam01" and scene.render.resolution_x == 640


def test_the_list_shows_which_camera_is_looked_through(take):
    bpy.ops.mambocap.look_through(camera="Dance Camera 3 cam03")
    assert drawn_by(bpy.types.MAMBOCAP_PT_look_through).drawn == [
        ("mambocap.look_through", "Camera 1 cam01", "CAMERA_DATA"),
        ("mambocap.look_through", "Camera 2 cam02", "CAMERA_DATA"),
        ("mambocap.look_through", "Camera 3 cam03", "VIEW_CAMERA"),
    ]


def test_a_camera_that_is_not_there_is_told(take):
    with pytest.raises(RuntimeError, match="Dance has no camera Lamp."):
        bpy.ops.mambocap.look_through(camera="Lamp")


def test_one_camera_makes_no_list(extension, tmp_path):
    motion = replace(wild_motion(FRAMES), cameras=(filmed(tmp_path, 0),))
    taken = build_people(bpy.context.scene, [Person("Anna", motion)], "Dance", soft_body_model())
    select(taken)
    assert not bpy.types.MAMBOCAP_PT_look_through.poll(bpy.context)
    assert [thing.name for thing in cameras_of(taken)] == ["Dance Camera 1"]


def test_a_take_that_is_built_again_is_still_seen_through_the_same_camera(take, tmp_path):
    bpy.ops.mambocap.look_through(camera="Dance Camera 2 cam02")
    rebuild_take(bpy.context.scene, take, tmp_path / "out", soft_body_model())
    assert bpy.context.scene.camera.name == "Dance Camera 2 cam02"


def test_proxies_of_further_cameras_begin_with_their_clips(extension, tmp_path):
    (tmp_path / "out" / "person_00").mkdir(parents=True)
    path = tmp_path / "out" / "person_00" / "motion.npz"
    for index, name in enumerate(["proxy.mp4", "proxy_02.mp4", "proxy_03.mp4"]):
        write_film(tmp_path / "out" / name, PICTURES[index], RATES[index])
    taken = build_people(bpy.context.scene, [Person("Anna", seen_by_three(tmp_path), path)], "Dance",
                         soft_body_model())  # fmt: skip
    for index, thing in enumerate(cameras_of(taken)):
        assert "proxy" in thing.data.background_images[0].image.filepath
        for frame in (1, 30, 100, 120):
            end_s = BEGINS_S[index] + (PICTURES[index] - 1) / float(RATES[index])
            moment_s = min(max((frame - 1) / float(RATE), BEGINS_S[index]), end_s)
            assert abs(shown_second(thing, frame, index) - moment_s) <= 0.5 / float(RATES[index]) + 1e-6


def test_each_clip_that_is_gone_is_told(extension, tmp_path):
    motion = seen_by_three(tmp_path)
    for index in (0, 2):
        Path(motion.cameras[index].video_path).unlink()
    taken = build_people(bpy.context.scene, [Person("Anna", motion)], "Dance", soft_body_model())
    assert [note.partition(" is no longer")[0] for note in notes_of(taken)] == [
        "The footage cam01.y4m", "The footage cam03.y4m"]  # fmt: skip
    assert len(cameras_of(taken)) == 3


def test_clips_of_one_name_are_told_apart_by_their_size(extension, tmp_path):
    """When a folder was moved, each camera's film lies beside the take, and an older one has the name as well."""
    (tmp_path / "out" / "person_00").mkdir(parents=True)
    old = write_film(tmp_path / "out" / "cam01.y4m", 20)
    moved = tmp_path / "moved"
    moved.mkdir()
    view = filmed(moved, 0)
    view = replace(view, video_path=str(old), video_bytes=view.video_bytes)
    Path(moved / "cam01.y4m").rename(tmp_path / "cam01.y4m")
    motion = replace(wild_motion(FRAMES), cameras=(view,))
    taken = build_people(bpy.context.scene, [Person("Anna", motion, tmp_path / "out" / "person_00" / "motion.npz")],
                         "Dance", soft_body_model())  # fmt: skip
    assert notes_of(taken) == []
