from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from bpy_extras.object_utils import world_to_camera_view  # noqa: E402
from mambocap.addon.footage import Footage, find_footage  # noqa: E402
from mambocap.addon.footage_camera import build_camera, fit_picture, show_footage  # noqa: E402
from mambocap.addon.scene_clock import SceneClock  # noqa: E402
from mambocap.addon.solved_camera import footage_start  # noqa: E402
from mambocap.motion.motion import Motion  # noqa: E402
from mathutils import Vector  # noqa: E402

from tests.addon.made_up_takes import camera, empty_scene, wild_motion, write_film  # noqa: E402

FRAMES = 6
POINTS_WORLD = np.random.default_rng(0).uniform(-0.7, 0.7, (9, 3))
SHAPES = [(1920, 1080), (1080, 1920), (640, 640)]


@pytest.fixture
def scene() -> bpy.types.Scene:
    return empty_scene()


def placed_camera(scene, made_up) -> bpy.types.Object:
    thing = build_camera("Camera", made_up, np.arange(1.0, FRAMES + 1), scene)
    scene.collection.objects.link(thing)
    return thing


def pixels_in_blender(scene, thing, made_up) -> np.ndarray:
    """Where Blender sees the points in the upright footage, whose picture is fitted into the scene's frame, [N, 2]."""
    seen = np.array([world_to_camera_view(scene, thing, Vector(point))[:2] for point in POINTS_WORLD])
    frame = np.array([scene.render.resolution_x, scene.render.resolution_y], dtype=float)
    footage = np.array([made_up.width_px, made_up.height_px], dtype=float)
    scale = (frame / footage).min()
    centred = (seen - 0.5) * frame / scale * [1, -1]
    return centred + footage / 2


def pixels_by_matrices(made_up, frame: int) -> np.ndarray:
    points_camera = POINTS_WORLD @ made_up.R_camera_from_world[frame].T + made_up.t_camera_from_world[frame]
    rays = points_camera @ made_up.K[frame].T
    return rays[:, :2] / rays[:, 2:]


@pytest.mark.parametrize("moving", [False, True])
@pytest.mark.parametrize("scene_shape", SHAPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_blenders_camera_projects_as_the_footages_did(scene, shape, scene_shape, moving):
    scene.render.resolution_x, scene.render.resolution_y = scene_shape
    made_up = camera(FRAMES, *shape, moving=moving)
    thing = placed_camera(scene, made_up)
    for frame in (0, FRAMES - 1):
        scene.frame_set(frame + 1)
        bpy.context.view_layer.update()
        assert np.abs(pixels_in_blender(scene, thing, made_up) - pixels_by_matrices(made_up, frame)).max() < 0.01


@pytest.mark.parametrize("moving", [False, True])
@pytest.mark.parametrize("later_shape", SHAPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_is_fitted_again_into_a_scene_of_another_shape(scene, shape, later_shape, moving):
    scene.render.resolution_x, scene.render.resolution_y = 1600, 900
    made_up = camera(FRAMES, *shape, moving=moving)
    thing = placed_camera(scene, made_up)
    scene.render.resolution_x, scene.render.resolution_y = later_shape
    fit_picture(thing, scene)
    for frame in (0, FRAMES - 1):
        scene.frame_set(frame + 1)
        bpy.context.view_layer.update()
        assert np.abs(pixels_in_blender(scene, thing, made_up) - pixels_by_matrices(made_up, frame)).max() < 0.01


def test_an_artists_own_way_to_fit_stays(scene):
    thing = placed_camera(scene, camera(FRAMES))
    thing.data.sensor_fit = "AUTO"
    scene.render.resolution_x, scene.render.resolution_y = 900, 1600
    before = thing.data.shift_x, thing.data.shift_y
    fit_picture(thing, scene)
    assert thing.data.sensor_fit == "AUTO" and (thing.data.shift_x, thing.data.shift_y) == before


def test_a_standing_camera_takes_no_keys(scene):
    thing = placed_camera(scene, camera(FRAMES))
    assert thing.animation_data is None and thing.data.animation_data is None


def pictures_shown(scene, thing, scene_frames) -> list[int]:
    """Which picture of the file, counted from 0, Blender puts behind the body at scene frames.

    Blender counts as here: what lies between 0 and frame_duration, counted from 1 at frame_start on, plus an offset,
    which animation may change.
    """
    shown = []
    for frame in scene_frames:
        scene.frame_set(int(frame))
        user = thing.data.evaluated_get(bpy.context.evaluated_depsgraph_get()).background_images[0].image_user
        held = min(max(int(frame) - user.frame_start + 1, 0), user.frame_duration)
        shown.append(held + user.frame_offset - 1)
    return shown


def test_footage_of_the_scenes_rate_starts_with_the_take_and_takes_no_keys(scene, tmp_path):
    thing = placed_camera(scene, camera(FRAMES))
    film = write_film(tmp_path / "film.y4m", 20)
    clock = SceneClock(Fraction(30), 11)
    assert show_footage(thing, Footage(film, np.arange(20) / 30, 0.0, False), clock) == []
    assert pictures_shown(scene, thing, [11, 20, 30]) == [0, 9, 19]
    assert thing.data.animation_data is None and len(bpy.data.movieclips) == 0
    assert footage_start(thing, scene) == 11


@pytest.mark.parametrize("scene_rate", [Fraction(30), Fraction(24)])
@pytest.mark.parametrize("first_s", [0.0, 0.2])
def test_before_and_behind_the_footage_its_first_and_last_picture_stay(scene, tmp_path, scene_rate, first_s):
    thing = placed_camera(scene, camera(FRAMES))
    film = write_film(tmp_path / "film.y4m", 20)
    clock, first = SceneClock(scene_rate, 1), round(30 * first_s)
    show_footage(thing, Footage(film, 0.5 + np.arange(20 - first) / 30, first_s, False), clock)
    begins, ends = np.rint(clock.frames(np.array([0.5, 0.5 + (19 - first) / 30])))
    assert pictures_shown(scene, thing, [-50, 1, begins - 1, begins]) == [first] * 4
    last, *later = pictures_shown(scene, thing, [ends, ends + 1, 500])
    assert last in (18, 19) and later == [last] * 2


def test_a_single_picture_stays(scene, tmp_path):
    thing = placed_camera(scene, camera(FRAMES))
    film = write_film(tmp_path / "film.y4m", 1)
    show_footage(thing, Footage(film, np.zeros(1), 0.0, False), SceneClock(Fraction(30), 1))
    assert pictures_shown(scene, thing, [-3, 1]) == [0, 0]


def test_a_take_that_starts_inside_the_footage_shows_its_own_pictures(scene, tmp_path):
    thing = placed_camera(scene, camera(FRAMES))
    film = write_film(tmp_path / "film.y4m", 20)
    show_footage(thing, Footage(film, np.arange(10) / 30, 0.2, False), SceneClock(Fraction(30), 1))
    assert pictures_shown(scene, thing, [1, 10]) == [6, 15]


@pytest.mark.parametrize("scene_rate", [Fraction(24), Fraction(60), Fraction(30000, 1001)])
def test_footage_of_another_rate_shows_the_picture_nearest_in_time(scene, tmp_path, scene_rate):
    thing = placed_camera(scene, camera(FRAMES))
    film = write_film(tmp_path / "film.y4m", 100, Fraction(25), 16, 16)
    clock, times_s = SceneClock(scene_rate, 1), np.arange(100) / 25
    show_footage(thing, Footage(film, times_s, 0.0, False), clock)
    scene_frames = np.arange(1, int(clock.frames(times_s[-1])))
    shown = times_s[pictures_shown(scene, thing, scene_frames)]
    assert np.abs(shown - clock.seconds(scene_frames)).max() <= 0.5 / 25 + 1e-9


def test_footage_of_variable_rate_shows_the_picture_nearest_in_time(scene, tmp_path):
    thing = placed_camera(scene, camera(FRAMES))
    film = write_film(tmp_path / "film.y4m", 40, Fraction(30), 16, 16)
    times_s = np.cumsum(np.random.default_rng(0).uniform(0.02, 0.05, 40))
    times_s -= times_s[0]
    clock = SceneClock(Fraction(30), 1)
    show_footage(thing, Footage(film, times_s, 0.0, False), clock)
    scene_frames = np.arange(1, int(clock.frames(times_s[-1])))
    shown = times_s[pictures_shown(scene, thing, scene_frames)]
    assert np.abs(shown - clock.seconds(scene_frames)).max() <= 0.0251


@pytest.mark.parametrize("scene_rate", [Fraction(30000, 1001), Fraction(24)])
def test_a_proxys_pictures_stand_at_the_takes_own_rate(scene, tmp_path, scene_rate):
    thing = placed_camera(scene, camera(FRAMES))
    film, take_rate = write_film(tmp_path / "proxy.y4m", 60, Fraction(30), 16, 16), Fraction(30000, 1001)
    clock = SceneClock(scene_rate, 1)
    show_footage(thing, Footage(film, None, 0.0, False, rate=take_rate), clock)
    seconds = np.array([0.0, 1.0, 1.9])   # start, middle and end
    shown = pictures_shown(scene, thing, np.rint(clock.frames(seconds)))
    assert np.abs(np.array(shown) - seconds * float(take_rate)).max() <= 1.0


def test_a_moving_camera_keeps_its_zoom_when_footage_of_another_rate_comes_behind(scene, tmp_path):
    thing = placed_camera(scene, camera(FRAMES, moving=True))
    film = write_film(tmp_path / "film.y4m", 10, Fraction(30), 16, 16)
    show_footage(thing, Footage(film, np.arange(10) / 30, 0.0, False), SceneClock(Fraction(24), 1))
    lens_before = thing.data.lens
    scene.frame_set(FRAMES)
    assert thing.data.lens > lens_before * 1.3 and pictures_shown(scene, thing, [5]) == [5]


def seen_by(*cameras) -> Motion:
    return replace(wild_motion(2), cameras=cameras)


def take_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "take" / "person_00"
    folder.mkdir(parents=True)
    return folder / "motion.npz"


def test_a_takes_proxy_comes_before_the_footage(tmp_path):
    motion_path = take_folder(tmp_path)
    proxy = write_film(tmp_path / "take" / "proxy.mp4", 3)
    film = write_film(tmp_path / "film.y4m", 3)
    footage, note = find_footage(seen_by(camera(2, video_path=str(film))), 0, motion_path)
    assert footage.path == proxy.resolve() and not footage.mirrored and note == ""


def test_footage_that_moved_along_with_the_take_is_found_beside_it(tmp_path):
    motion_path = take_folder(tmp_path)
    film = write_film(tmp_path / "take" / "dance.y4m", 3)
    footage, note = find_footage(seen_by(camera(2, video_path="/gone/dance.y4m")), 0, motion_path)
    assert footage.path == film and note == ""


def test_a_part_that_was_chosen_is_one_of_the_first_clip_alone(tmp_path):
    film = write_film(tmp_path / "film.y4m", 3)
    one = camera(2, video_path=str(film))
    motion = replace(seen_by(one, one), settings={"video": {"in_s": 0.5, "mirrored": True}})
    first, second = (find_footage(motion, index, None)[0] for index in range(2))
    assert (first.first_s, second.first_s) == (0.5, 0.0) and first.mirrored and second.mirrored


def test_footage_that_is_gone_is_told_in_one_sentence(tmp_path):
    footage, note = find_footage(seen_by(camera(2, video_path="/gone/dance.mp4")), 0, take_folder(tmp_path))
    assert footage is None
    assert note == ("The footage dance.mp4 is no longer at /gone/dance.mp4; "
                    "choose it under the camera's Background Images.")  # fmt: skip


def test_footage_that_was_changed_is_shown_and_told(tmp_path):
    film = write_film(tmp_path / "dance.y4m", 3)
    changed = replace(camera(2, video_path=str(film)), video_bytes=7)
    footage, note = find_footage(seen_by(changed), 0, None)
    assert footage.path == film
    assert note == "dance.y4m has changed since it was captured, so picture and body may not agree."


def test_a_file_that_blender_cannot_show_is_told_in_one_sentence(scene, tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("not a film")
    thing = placed_camera(scene, camera(FRAMES))
    assert show_footage(thing, Footage(text, None, 0.0, False), SceneClock(Fraction(30), 1)) == [
        "Blender cannot read the footage notes.mp4, so the camera has no picture behind the body."
    ]
    assert len(thing.data.background_images) == 0 and len(bpy.data.movieclips) == 0
