"""The command `capture`: what it says, where, and with which exit code."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from backend.command_line.capture import _line, _names, camera_line, capture_clips, with_whole_paths
from backend.command_line.progress_line import ProgressLine
from motion.job import ERROR, REQUEST, USER_CAN_MEND, CameraResult, Event, PersonResult, read_object

from ..processes import finished


def test_a_clip_that_is_not_there_is_named_and_the_mend_too(tmp_path: Path) -> None:
    ended = finished("-m", "backend", "capture", tmp_path / "no such.mp4", "--out", tmp_path / "take")
    assert ended.returncode == USER_CAN_MEND
    assert ended.stdout == ""
    assert ended.stderr.splitlines()[-1] == (
        f"There is no file {tmp_path / 'no such.mp4'}. Check the name, or choose the clip again."
    )


def test_an_out_that_is_a_file_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    out = tmp_path / "notes"
    out.write_text("mine")
    for folder in (out, out / "below"):
        ended = finished("-m", "backend", "capture", "a.mp4", "--out", folder)
        assert ended.returncode == USER_CAN_MEND
        assert ended.stderr == (f"a.mp4: {folder} cannot be a folder, since a file has that name. "
                                "Choose another folder with --out.\n")  # fmt: skip
    assert out.read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="nobody, not even root, may write to /proc")
def test_an_out_where_nobody_may_write_is_refused(tmp_path: Path) -> None:
    ended = finished("-m", "backend", "capture", "a.mp4", "--out", "/proc/take")
    assert ended.returncode == USER_CAN_MEND
    assert ended.stderr.startswith("a.mp4: take could not be written to /proc (")
    assert ended.stderr.endswith("Choose a folder that you may write to.\n")


def test_what_else_lies_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "person_00").mkdir()
    others = [tmp_path / "letter.txt", tmp_path / "person_00/photo.jpg"]
    for path in others:
        path.write_text("mine")
    finished("-m", "backend", "capture", "missing.mp4", "--out", tmp_path)
    assert [path.read_text() for path in others] == ["mine", "mine"]


@pytest.mark.parametrize("name", ["scene.blend", "preview.mp4", "result.json", "proxy.mp4", "person_00/motion.npz"])
def test_files_of_others_that_have_the_names_of_results_are_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    ended = finished("-m", "backend", "capture", "a.mp4", "--out", tmp_path)
    assert ended.returncode == USER_CAN_MEND
    assert ended.stderr == (f"a.mp4: {tmp_path} holds a {name} that is not from a capture here. "
                            "Choose another folder with --out.\n")  # fmt: skip
    assert (tmp_path / name).read_text() == "mine" and not (tmp_path / REQUEST).exists()


def test_several_clips_are_cameras_of_one_take_and_the_bad_one_is_named(tmp_path: Path) -> None:
    clips = [tmp_path / "walk.mp4", tmp_path / "run.mp4"]
    for clip in clips:
        clip.write_text("no film")
    ended = finished("-m", "backend", "capture", *clips, "--out", tmp_path / "out", "--height-m", "1.7")
    assert ended.returncode == USER_CAN_MEND
    assert ended.stderr.splitlines()[-1].startswith("walk.mp4 is not a video, is not finished or is damaged.")
    request = read_object(tmp_path / "out" / REQUEST)
    assert request["clips"] == [str(clip) for clip in clips] and request["settings"] == {"body": {"height_m": 1.7}}


def test_each_clip_gets_a_folder_if_asked_and_one_bad_clip_does_not_stop_the_next(tmp_path: Path) -> None:
    clips = [tmp_path / "walk.mp4", tmp_path / "run.mp4"]
    for clip in clips:
        clip.write_text("no film")
    ended = finished("-m", "backend", "capture", *clips, "--out", tmp_path / "out", "--each", "--json",
                     "--height-m", "1.7")  # fmt: skip
    assert ended.returncode == USER_CAN_MEND
    failures = json.loads(ended.stdout)
    for clip, failure in zip(clips, failures, strict=True):
        assert failure["sentence"] == f"{clip.name} is not a video, is not finished or is damaged."
        assert read_object(tmp_path / "out" / clip.stem / ERROR) == failure
        assert read_object(tmp_path / "out" / clip.stem / REQUEST)["settings"] == {"body": {"height_m": 1.7}}


def test_a_wrong_setting_is_told_before_any_work(tmp_path: Path) -> None:
    ended = finished("-m", "backend", "capture", "a.mp4", "--out", tmp_path, "--height-m", "180")
    assert ended.returncode == USER_CAN_MEND
    assert "A body height of 180 m is not a person's. Give it in metres, such as 1.75" in ended.stderr


@pytest.mark.parametrize("detector", ["walk.json", "gone.json", "nets/mine.onnx", "mine.task", "keypoints"])
def test_a_detector_that_is_a_file_or_folder_is_asked_for_by_its_whole_path(tmp_path, monkeypatch, detector) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keypoints").mkdir()
    for path in (detector, str(tmp_path / detector)):
        assert with_whole_paths({"detect": {"model": path, "hands": False}, "device": "cpu"}) == {
            "detect": {"model": str(tmp_path / detector), "hands": False}, "device": "cpu"}  # fmt: skip


@pytest.mark.parametrize("name", ["lite", "full", "heavy", "pose_landmarker_full", "no such"])
def test_names_of_models_are_no_paths(tmp_path, monkeypatch, name) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "heavy").mkdir()
    assert with_whole_paths({"detect": {"model": name}}) == {"detect": {"model": name}}


def test_a_request_holds_the_whole_path_of_its_detector(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "walk.mp4").write_text("no film")
    capture_clips([Path("walk.mp4")], Path("take"), {"detect": {"model": "walk.json"}}, False, False)
    assert read_object(tmp_path / "take" / REQUEST)["settings"] == {"detect": {"model": str(tmp_path / "walk.json")}}


def test_a_solved_camera_is_asked_for_by_its_whole_path(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert with_whole_paths({"camera": {"path_file": "camera.json", "fov_deg": 60.0}}) == {
        "camera": {"path_file": str(tmp_path / "camera.json"), "fov_deg": 60.0}}  # fmt: skip


def test_a_calibration_is_asked_for_by_its_whole_path(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert with_whole_paths({"multiview": {"calibration_file": "cal.toml", "synchronised": True}}) == {
        "multiview": {"calibration_file": str(tmp_path / "cal.toml"), "synchronised": True}}  # fmt: skip


def test_folder_names_do_not_collide() -> None:
    clips = [Path(name) for name in ("a/walk.mp4", "b/Walk.mov", "run.mp4", "walk_00.mp4")]
    names = _names(clips)
    assert names[0] == "walk" and names[2] == "run" and len({name.casefold() for name in names}) == 4


def test_folder_names_are_such_that_every_system_takes_them() -> None:
    clips = [Path(f"{name}.mp4") for name in ("aux", "walk ", "walk.", "a:b", "Kür", "Ku\u0308r", "日" * 80)]
    assert _names(clips)[:-1] == ["_aux", "walk", "walk_2", "a_b", "Kür", "Kür_2"]
    assert len(_names(clips)[-1].encode()) <= 200


def test_the_closing_line_word_for_word() -> None:
    person = PersonResult("person_00", 240, 31.24, 7.683, 5.26, 0.984)
    figures = "240 frames in 31.2 s, 7.7 frames per second, mean reprojection 5.3 px, seen 98 %"
    assert _line(person, "walk/") == f"walk/person_00: {figures}"
    assert _line(replace(person, number=3), "") == f"person_00 (person 3): {figures}"


def test_what_was_found_of_a_camera_word_for_word() -> None:
    camera = CameraResult("clips/b.mp4", offset_s=-0.41, offset_frames=-12.345, offset_sigma_frames=0.12,
                          angle_deg=67.3, distance_m=3.456, focal_mm=26.04, confidence=0.913)  # fmt: skip
    assert camera_line(camera) == ("Camera b.mp4: begins 0.41 s (12.3 ± 0.1 frames) before the first, stands 67° and "
                                   "3.46 m from it, 26.0 mm, confidence 91 %")  # fmt: skip
    assert ", clock +20 ppm, " in camera_line(replace(camera, clock_rate=1.00002))
    assert camera_line(replace(camera, used=False)) == "Camera b.mp4: not used"
    assert camera_line(camera, is_first=True) == "Camera b.mp4: the first, 26.0 mm"


def test_progress_says_which_of_several_clips() -> None:
    stream = io.StringIO()
    with ProgressLine(stream, "a.mp4 and 1 more") as progress:
        for clip in (1, 1, 2):
            progress.show(Event("detect", clip, 5, 1, clip=clip, clips=2))
    assert stream.getvalue() == ("a.mp4 and 1 more: Finding people, clip 1 of 2\n"
                                 "a.mp4 and 1 more: Finding people, clip 2 of 2\n")  # fmt: skip


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_screen_there_is_one_line_per_stage() -> None:
    stream = io.StringIO()
    with ProgressLine(stream, "a.mp4") as progress:
        for done in range(5):
            progress.show(Event("detect", done, 5, 1, seconds=float(done)))
        progress.show(Event("track", message="The clip ends early.", seconds=6.0))
    assert stream.getvalue() == "a.mp4: Finding people\na.mp4: The clip ends early.\na.mp4: Following people\n"


def test_on_a_screen_one_line_says_stage_percent_and_time_left() -> None:
    screen = Screen()
    with ProgressLine(screen, "a.mp4") as progress:
        progress.show(Event("detect", 0, 300, 1, seconds=1.0))
        progress.show(Event("detect", 100, 300, 1, seconds=41.0))
    assert "a.mp4: Finding people 33 %, 1:20 left" in screen.getvalue()
    assert "\n" not in screen.getvalue() and screen.getvalue().endswith("\r\x1b[K")
