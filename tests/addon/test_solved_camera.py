"""A camera that was tracked in Blender is the camera of the capture, and the take stands in its world."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon import solved_world
from mambocap.addon.body_model import body_model
from mambocap.addon.capture_request import request_from
from mambocap.addon.capture_settings import SOLVED
from mambocap.addon.panel import MAMBOCAP_PT_footage_options
from mambocap.addon.people import Person
from mambocap.addon.solved_camera import of_clip, write
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.motion.arrays import Array
from mambocap.motion.motion import Motion
from mambocap.motion.refusal import Refusal
from mambocap.motion.rotations import matrix_from_axis_angle
from mathutils import Euler, Matrix

from backend.cameras.path_file import read_solved_camera
from tests.addon.drawn_panels import drawn_by
from tests.addon.made_up_takes import camera, wild_motion, write_film

pytest_plugins = ["tests.addon.in_blender"]

PICTURES, WIDTH_PX, HEIGHT_PX = 20, 640, 360
OPENCV = np.diag([1.0, -1.0, -1.0])


@pytest.fixture
def footage(extension: Path, tmp_path: Path) -> Path:
    path = write_film(tmp_path / "walk.y4m", PICTURES, width=WIDTH_PX, height=HEIGHT_PX)
    bpy.context.scene.mambocap.clip = str(path)
    assert bpy.context.scene.mambocap.frame_count == PICTURES
    return path


@pytest.fixture
def tracked(footage: Path) -> bpy.types.Object:
    """A camera that hangs, turned and scaled, on an empty that travels; the footage starts at frame 11."""
    rig, lens = bpy.data.objects.new("Rig", None), bpy.data.cameras.new("Shot 7")
    lens.lens, lens.sensor_width = 40.0, 32.0
    thing = bpy.data.objects.new("Shot 7", lens)
    for each in (rig, thing):
        bpy.context.scene.collection.objects.link(each)
    thing.parent, thing.location, thing.scale = rig, (0.0, 0.2, 1.5), (2.0, 2.0, 2.0)
    thing.rotation_euler = Euler((1.3, 0.1, 0.0))
    for frame, x, z in ((11, 0.0, 0.0), (30, 3.0, 0.4)):
        rig.location.x, rig.rotation_euler.z = x, z
        rig.keyframe_insert("location", frame=frame)
        rig.keyframe_insert("rotation_euler", frame=frame)
    return thing


def use(**values: object) -> set[str]:
    return bpy.ops.mambocap.use_solved_camera(camera="Shot 7", footage_starts=11, **values)


def the_file() -> Path:
    return Path(request_from(bpy.context.scene.mambocap, None).settings["camera"]["path_file"])


def projected_px(K: Array, R_world_from_camera: Array, place: Array, point: Array) -> Array:
    seen = K @ R_world_from_camera.T @ (point - place)
    return seen[:2] / seen[2]


def test_the_backend_sees_the_scene_as_blenders_camera_does(tracked):
    from bpy_extras.object_utils import world_to_camera_view

    bpy.context.scene.frame_set(3)
    assert use() == {"FINISHED"} and bpy.context.scene.frame_current == 3
    solved, render = read_solved_camera(the_file()), bpy.context.scene.render
    render.resolution_x, render.resolution_y = WIDTH_PX, HEIGHT_PX
    assert solved.times_s == pytest.approx(np.arange(PICTURES) / 30.0) and solved.in_metres
    K = np.array([[solved.focal_px, 0, WIDTH_PX / 2], [0, solved.focal_px, HEIGHT_PX / 2], [0, 0, 1]])
    for picture in (0, 7, 19):
        bpy.context.scene.frame_set(11 + picture)
        point = np.array(tracked.matrix_world @ Matrix.Translation((0.3, 0.1, -2.0)).translation)
        x, y, _ = world_to_camera_view(bpy.context.scene, tracked, Matrix.Translation(point).translation)
        found = projected_px(K, solved.R_world_from_camera[picture], solved.places_world[picture], point)
        assert found == pytest.approx([x * WIDTH_PX, (1.0 - y) * HEIGHT_PX], abs=0.01)


def test_the_camera_is_that_of_the_pictures_from_in_to_out_in_true_seconds(tracked):
    settings = bpy.context.scene.mambocap
    settings.first_frame, settings.last_frame = 6, 15
    settings.set_recorded_fps, settings.recorded_fps = True, 120.0
    use()
    solved = read_solved_camera(the_file())
    assert solved.times_s == pytest.approx(np.arange(10) / 120.0)
    bpy.context.scene.frame_set(16)
    assert solved.places_world[0] == pytest.approx(np.array(tracked.matrix_world.translation), abs=1e-5)


def test_an_in_behind_out_is_refused_in_words(tracked):
    settings = bpy.context.scene.mambocap
    settings.first_frame, settings.last_frame = 12, 5
    with pytest.raises(RuntimeError, match="Set In before Out"):
        use()


@pytest.mark.parametrize("turn, corner", [("90", (0.0, 1.0)), ("180", (-1.0, 0.0)), ("270", (0.0, -1.0))])
def test_a_picture_that_is_turned_upright_has_a_camera_that_rolls_along(tracked, turn, corner):
    use()
    as_filmed = read_solved_camera(the_file())
    bpy.context.scene.mambocap.turn = turn
    use()
    upright = read_solved_camera(the_file())
    right_in_file = as_filmed.R_world_from_camera[4] @ [1.0, 0.0, 0.0]
    # What was to the right of the picture's middle goes down when the picture is turned clockwise.
    assert (upright.R_world_from_camera[4].T @ right_in_file)[:2] == pytest.approx(corner, abs=1e-5)


def test_a_take_stands_behind_the_very_camera_that_was_solved(tracked):
    bpy.context.scene.render.fps = 30
    use()
    motion = in_own_world(the_file())
    take = build_people(bpy.context.scene, [Person("Anna", motion)], "Walk", body_model(bpy.context),
                        TakeOptions(body=False))  # fmt: skip
    seen_by = next(thing for thing in take.children if thing.type == "CAMERA")
    for picture in (0, 9, 19):
        bpy.context.scene.frame_set(bpy.context.scene.frame_start + picture)
        ours = np.array(seen_by.matrix_world)
        bpy.context.scene.frame_set(11 + picture)
        theirs = np.array(tracked.matrix_world.normalized())
        assert ours == pytest.approx(theirs, abs=1e-4)


def in_own_world(path: Path) -> Motion:
    """A motion that was captured with a solved camera, in a world that is turned and shifted to begin with itself."""
    solved, view = read_solved_camera(path), camera(PICTURES)
    R_take_from_world, origin = matrix_from_axis_angle(np.array([0.01, -0.02, 2.1])), np.array([4.0, -3.0, 0.2])
    R_camera_from_take = np.swapaxes(R_take_from_world @ solved.R_world_from_camera, -1, -2)
    places = (solved.places_world - origin) @ R_take_from_world.T
    view = replace(view, R_camera_from_world=R_camera_from_take,
                   t_camera_from_world=-np.einsum("tij,tj->ti", R_camera_from_take, places))  # fmt: skip
    said = {"camera": {"path_file": str(path)}}
    return replace(wild_motion(PICTURES), cameras=(view,), settings=said)


def test_without_metres_a_take_keeps_its_own_world_and_the_panel_says_so(tracked):
    use()
    whole = the_file()
    assert use(in_metres=False) == {"FINISHED"} and the_file() != whole
    assert not read_solved_camera(the_file()).in_metres
    assert solved_world.world_of([in_own_world(the_file())]) is None
    assert "a world of its own" in solved_world.in_words(the_file())
    assert "this scene's world" in solved_world.in_words(whole)


DAMAGED = ('{"in_metres": true, "up": [0, 0, 1], "times_s": [0, 1], "places": [[0, 0, 0], %s], '
           '"R_world_from_camera": [[1, 0, 0, 0], [1, 0, 0, 0]]}')


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"in_metres": true}', '{"in_metres": true, "places": 1, "up": 2}', "[" * 100_000,
    DAMAGED % "[1]", DAMAGED % "[0, 0, NaN]", DAMAGED % f"[0, 0, 1{'0' * 400}]",
])  # fmt: skip
def test_a_take_whose_camera_file_is_broken_or_gone_stands_in_its_own_world(footage, tmp_path, text):
    path = tmp_path / "camera.json"
    motion = replace(wild_motion(5), cameras=(camera(5),), settings={"camera": {"path_file": str(path)}})
    assert solved_world.world_of([motion]) is None
    path.write_text(text, encoding="utf-8")
    assert solved_world.world_of([motion]) is None


def test_a_world_with_another_up_is_not_blenders(tracked, tmp_path):
    use()
    path = tmp_path / "y_up.json"
    path.write_text(the_file().read_text(encoding="utf-8").replace("[0.0, 0.0, 1.0]", "[0.0, 1.0, 0.0]"))
    assert solved_world.read_world(path) is None and solved_world.read_world(the_file()) is not None


def test_what_is_no_camera_is_refused_by_its_name(tracked):
    with pytest.raises(RuntimeError, match="There is no camera Rig in this scene"):
        bpy.ops.mambocap.use_solved_camera(camera="Rig")
    tracked.data.type = "ORTHO"
    with pytest.raises(RuntimeError, match="Shot 7 is no perspective camera"):
        use()
    with pytest.raises(RuntimeError, match="There is no movie clip chosen"):
        bpy.ops.mambocap.use_solved_camera(source="CLIP")


@pytest.mark.parametrize("fps, start, said", [
    (30, 11, ""), (24, 11, "The scene runs at 24 fps, the footage at 30"), (30, 1, "at scene frame 1, In is at 11"),
])  # fmt: skip
def test_a_scene_with_another_clock_than_the_footage_is_told_so(tracked, capsys, fps, start, said):
    bpy.context.scene.render.fps, bpy.context.scene.frame_start = fps, start
    use()
    printed = capsys.readouterr().out
    assert said in printed and ("Warning" in printed) == bool(said)


def test_mirrored_footage_has_no_camera(tracked):
    bpy.context.scene.mambocap.mirrored = True
    assert not bpy.ops.mambocap.use_solved_camera.poll()


def test_the_panel_asks_for_the_file_of_a_solved_camera_only(tracked, monkeypatch):
    monkeypatch.setattr("mambocap.addon.panel.draw_wrapped", lambda layout, context, text, icon: layout.label(text))
    shown = [name for _, _, name in drawn_by(MAMBOCAP_PT_footage_options).drawn]
    assert "camera_motion" in shown and "path_file" not in shown
    use()
    assert bpy.context.scene.mambocap.camera_motion == SOLVED
    assert "path_file" in [name for _, _, name in drawn_by(MAMBOCAP_PT_footage_options).drawn]


def test_the_reconstruction_of_a_clip_is_the_path_of_its_camera(footage):
    clip, R_true, places_true = solved_clip(footage)
    solved = of_clip(clip, bpy.context.scene.mambocap)
    read = read_solved_camera(write(solved))
    assert read.focal_px == pytest.approx(800.0) and not read.in_metres and len(read.up_world) == 0
    path = read.path(np.arange(PICTURES) / 30.0)
    assert path.R_first_from_camera == pytest.approx(OPENCV @ R_true[0].T @ R_true @ OPENCV, abs=1e-4)
    way = (places_true - places_true[0]) @ R_true[0] @ OPENCV
    scale = np.sum(path.places_first * way) / np.sum(way**2)
    assert path.places_first == pytest.approx(scale * way, abs=1e-3)
    clip.frame_offset = 5
    with pytest.raises(Refusal, match="is solved for 15 of the 20 pictures"):
        of_clip(clip, bpy.context.scene.mambocap)


def solved_clip(film: Path) -> tuple[bpy.types.MovieClip, Array, Array]:
    """A clip with tracks of points before a camera whose way is known, and what Blender's own solver makes of them."""
    clip = bpy.data.movieclips.load(str(film))
    clip.tracking.camera.sensor_width, clip.tracking.camera.focal_length = 32.0, 40.0
    steps = np.arange(PICTURES)
    R = matrix_from_axis_angle(np.stack([0.005 * steps, 0.01 * steps, 0.0 * steps], axis=-1))
    places = np.stack([0.1 * steps, 0.02 * steps, 0.0 * steps], axis=-1)
    points = np.random.default_rng(0).uniform([-2, -2, -8], [3, 2, -5], (60, 3))
    seen = np.einsum("tji,tpj->tpi", R, points - places[:, None])
    shares = 0.5 - 800.0 * seen[..., :2] / seen[..., 2:] / [WIDTH_PX, HEIGHT_PX]
    for number in np.flatnonzero(((shares > 0.02) & (shares < 0.98)).all(axis=(0, 2))):
        track = clip.tracking.tracks.new(name=f"{number}", frame=1)
        for picture, share in enumerate(shares[:, number], start=1):
            track.markers.insert_frame(picture, co=share)
    clip.tracking.objects[0].keyframe_a, clip.tracking.objects[0].keyframe_b = 1, PICTURES
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    before, area.ui_type = area.ui_type, "CLIP_EDITOR"
    area.spaces.active.clip = clip
    with bpy.context.temp_override(window=window, area=area):
        bpy.ops.clip.solve_camera()
    area.ui_type = before
    assert clip.tracking.reconstruction.average_error < 0.1
    return clip, R, places
