"""What the artist says reaches the backend, and nothing that he did not say."""

from __future__ import annotations

import dataclasses
import math
import re
import typing
from pathlib import Path

import bpy
import pytest
from mambocap.addon.capture_request import request_from, show_request
from mambocap.addon.capture_settings import SOLVED
from mambocap.motion.job import Request
from mambocap.motion.refusal import Refusal

from backend.cameras.focal import CameraSettings
from backend.multiview.settings import MultiviewSettings
from backend.video.clip import VideoSettings

pytest_plugins = ["tests.addon.in_blender"]


def asked(**values: object) -> dict:
    settings = bpy.context.scene.mambocap
    for name, value in values.items():
        setattr(settings, name, value)
    return request_from(settings, None).settings


def test_an_untouched_panel_asks_for_nothing(extension, film):
    assert asked() == {}


@pytest.mark.parametrize("said, stage, name, value", [
    ({"set_recorded_fps": True, "recorded_fps": 240.0}, "video", "recorded_fps", 240.0),
    ({"mirrored": True}, "video", "mirrored", True),
    ({"turn": "270"}, "video", "turn_deg", 270),
    ({"lens": "MM", "focal_mm": 35.0}, "camera", "focal_mm", 35.0),
    ({"lens": "FOV", "fov": math.radians(70.0)}, "camera", "fov_deg", pytest.approx(70.0, abs=1e-4)),
    ({"camera_motion": "travelling"}, "camera", "motion", "travelling"),
    ({"quality": "fast"}, "detect", "quality", "fast"),
    ({"detector": "full"}, "detect", "model", "full"),
    ({"lifter": "direct"}, "lift", "lifter", "direct"),
    ({"hands": False}, "detect", "hands", False),
    ({"most_people": 2}, "detect", "most_people", 2),
    ({"set_height": True, "height_m": 1.62}, "body", "height_m", pytest.approx(1.62)),
    ({"actor": "  Ada "}, "body", "actor", "Ada"),
])  # fmt: skip
def test_one_word_of_the_artist_is_one_setting_of_the_backend(extension, film, said, stage, name, value):
    assert asked(**said) == {stage: {name: value}}


def test_a_number_that_is_switched_off_is_not_said(extension, film):
    assert asked(recorded_fps=50.0, height_m=1.5, focal_mm=80.0) == {}


def test_in_and_out_become_seconds_of_the_footage(extension, film):
    settings = bpy.context.scene.mambocap
    settings.clips[0].fps, settings.clips[0].frame_count = 25.0, 200
    assert asked(first_frame=51, last_frame=150) == {"video": {"in_s": 2.0, "out_s": 6.0}}
    assert asked(first_frame=1, last_frame=200) == {}


def test_the_names_are_those_of_the_backend(extension, film):
    said = asked(turn="90", mirrored=True, set_recorded_fps=True, lens="FOV")
    assert set(said["video"]) <= {field.name for field in dataclasses.fields(VideoSettings)}
    assert set(said["camera"]) <= {field.name for field in dataclasses.fields(CameraSettings)}


def test_a_request_that_is_shown_again_asks_for_the_same(extension, film):
    asked(turn="90", lens="MM", focal_mm=50.0, set_height=True, height_m=1.9, actor="Ada", preview=False, hands=False,
          lifter="direct")
    settings = bpy.context.scene.mambocap
    before = request_from(settings, None)
    settings.turn, settings.actor, settings.mirrored, settings.most_people = "0", "Grace", True, 9
    show_request(settings, before)
    assert request_from(settings, None) == before


def test_every_way_in_which_a_camera_moves_is_one_of_the_backends(extension, film):
    said = [item.identifier for item in bpy.context.scene.mambocap.bl_rna.properties["camera_motion"].enum_items]
    assert said == [*typing.get_args(typing.get_type_hints(CameraSettings)["motion"]), SOLVED]


def test_a_solved_camera_is_a_file_that_exists(extension, film, tmp_path):
    with pytest.raises(Refusal, match="There is no camera file chosen."):
        asked(camera_motion=SOLVED)
    with pytest.raises(Refusal, match="There is no camera file .*a.json"):
        asked(path_file=str(tmp_path / "a.json"))
    (tmp_path / "a.json").touch()
    assert asked() == {"camera": {"path_file": str(tmp_path / "a.json")}}
    before = request_from(bpy.context.scene.mambocap, None)
    bpy.context.scene.mambocap.camera_motion = "static"
    assert asked() == {"camera": {"motion": "static"}}
    show_request(bpy.context.scene.mambocap, before)
    assert request_from(bpy.context.scene.mambocap, None) == before


def test_a_detector_of_the_users_own_is_a_file_that_exists(extension, film, tmp_path):
    settings = bpy.context.scene.mambocap
    for chosen, sentence in (("", "There is no detector file chosen."),
                             (str(tmp_path / "a.onnx"), f"There is no detector file {tmp_path / 'a.onnx'}.")):
        with pytest.raises(Refusal, match=re.escape(sentence)):
            asked(detector="FILE", detector_file=chosen)
    (tmp_path / "a.onnx").touch()
    assert asked() == {"detect": {"model": str(tmp_path / "a.onnx")}}
    before = request_from(settings, None)
    settings.detector = "heavy"
    show_request(settings, before)
    assert (settings.detector, settings.detector_file) == ("FILE", str(tmp_path / "a.onnx"))


@pytest.mark.parametrize("name", ["found.json", "keypoints"])
def test_a_detector_beside_the_blend_file_is_asked_for_by_its_whole_path(extension, film, tmp_path, name):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    (tmp_path / "keypoints").mkdir()
    (tmp_path / "found.json").touch()
    assert asked(detector="FILE", detector_file=f"//{name}") == {"detect": {"model": str(tmp_path / name)}}


@pytest.mark.parametrize("model, name", [("pose_landmarker_full", "full"), ("lite", "lite"), (None, "heavy")])
def test_detectors_of_captures_made_earlier_are_shown(extension, film, model, name):
    settings = bpy.context.scene.mambocap
    show_request(settings, Request((str(film),), {"detect": {"model": model}} if model else {}))
    assert (settings.detector, settings.quality) == (name, "best")
    assert asked() == ({} if name == "heavy" else {"detect": {"model": name}})


def test_footage_that_is_gone_is_refused_by_its_name(extension, film):
    film.unlink()
    with pytest.raises(Refusal, match="There is no file .*dance.mp4"):
        request_from(bpy.context.scene.mambocap, None)


def test_pictures_run_at_the_rate_that_they_were_recorded_at(extension, tmp_path):
    for number in range(1, 4):
        image = bpy.data.images.new("made up", 16, 12)
        image.filepath_raw, image.file_format = str(tmp_path / f"walk_{number:03d}.png"), "PNG"
        image.save()
    settings = bpy.context.scene.mambocap
    settings.clip = str(tmp_path / "walk_001.png")
    assert (settings.frame_count, settings.fps) == (3, 30.0)
    assert asked(first_frame=2, last_frame=3)["video"]["in_s"] == pytest.approx(1 / 30)
    said = asked(set_recorded_fps=True, recorded_fps=120.0)
    assert said["video"]["in_s"] == pytest.approx(1 / 120)
    show_request(settings, request_from(settings, None))
    assert (settings.first_frame, settings.last_frame) == (2, 3)


def second_film(film: Path, name: str = "side.mp4") -> Path:
    """Another file with a film's name beside the first, put behind it in the list."""
    path = film.with_name(name)
    path.write_bytes(b"seen from the side")
    bpy.ops.mambocap.add_camera(directory=str(film.parent), files=[{"name": name}])
    return path


def test_all_clips_are_asked_for_in_their_order(extension, film):
    side = second_film(film)
    assert request_from(bpy.context.scene.mambocap, None).clips == (str(film), str(side))
    bpy.ops.mambocap.move_clip(to="UP")
    assert request_from(bpy.context.scene.mambocap, None).clips == (str(side), str(film))


@pytest.mark.parametrize("said, fields", [
    ({}, {}), ({"synchronised": True}, {"synchronised": True}), ({"sound": False}, {"sound": False}),
])  # fmt: skip
def test_of_several_cameras_only_what_is_known_is_said(extension, film, said, fields):
    multiview = bpy.context.scene.mambocap.multiview
    for name, value in said.items():
        setattr(multiview, name, value)
    assert asked() == {}, "nothing is said of several cameras where there is one"
    second_film(film)
    assert asked() == ({"multiview": fields} if fields else {})
    assert set(fields) <= {field.name for field in dataclasses.fields(MultiviewSettings)}


def test_defaults_of_several_cameras_are_those_of_the_backend(extension):
    shown = bpy.context.scene.mambocap.multiview.bl_rna.properties
    for field in dataclasses.fields(MultiviewSettings):
        assert field.name == "fusion" or shown[field.name].default == field.default


def test_a_calibration_is_a_file_or_folder_that_exists(extension, film, tmp_path):
    second_film(film)
    multiview = bpy.context.scene.mambocap.multiview
    multiview.calibration_file = str(tmp_path / "sparse")
    with pytest.raises(Refusal, match="There is no calibration file .*sparse"):
        asked()
    (tmp_path / "sparse").mkdir()
    assert asked() == {"multiview": {"calibration_file": str(tmp_path / "sparse")}}


def test_in_and_out_are_frames_of_the_first_clip(extension, film):
    settings = bpy.context.scene.mambocap
    settings.clips[0].fps, settings.clips[0].frame_count = 25.0, 200
    settings.first_frame, settings.last_frame = 51, 150
    side = second_film(film)
    assert asked() == {"video": {"in_s": 2.0, "out_s": 6.0}}
    settings.clips[1].path = str(side.rename(side.with_name("other.mp4")))
    assert asked() == {"video": {"in_s": 2.0, "out_s": 6.0}}, "another clip was found again"
    bpy.ops.mambocap.move_clip(to="UP")
    assert asked() == {}, "another clip leads"


def test_a_request_of_several_clips_that_is_shown_again_asks_for_the_same(extension, film, tmp_path):
    second_film(film)
    (tmp_path / "rig.toml").touch()
    settings = bpy.context.scene.mambocap
    settings.multiview.synchronised, settings.multiview.calibration_file = True, str(tmp_path / "rig.toml")
    before = request_from(settings, None)
    bpy.ops.mambocap.remove_clip()
    settings.multiview.synchronised, settings.multiview.sound = False, False
    show_request(settings, before)
    assert request_from(settings, None) == before
    show_request(settings, Request((str(film),)))
    assert request_from(settings, None) == Request((str(film),), actor_folder=before.actor_folder)


def test_the_same_clip_twice_is_refused_by_its_name(extension, film):
    side = second_film(film)
    bpy.context.scene.mambocap.clips[1].path = str(film)
    with pytest.raises(Refusal, match=r"dance.mp4 is in the list of clips twice. Remove one of the two."):
        asked()
    side.unlink()
    bpy.context.scene.mambocap.clips[1].path = str(side)
    with pytest.raises(Refusal, match="There is no file .*side.mp4"):
        asked()
