"""What build.py makes of a capture's arguments and of what the backend left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.job.lock import locked
from commands import capture
from commands.capture import exit_code, scene_folders, without_option


@pytest.mark.parametrize("argv, rest, value", [
    (["a.mp4", "--out", "o", "--fov", "50"], ["a.mp4", "--fov", "50"], "o"),
    (["--out=my folder", "a.mp4"], ["a.mp4"], "my folder"),
    (["--out", "one", "--out=other"], [], "other"),
    (["a.mp4", "--outer", "o"], ["a.mp4", "--outer", "o"], ""),
    (["a.mp4", "--out"], ["a.mp4"], ""),
])  # fmt: skip
def test_an_option_is_taken_out_wherever_it_stands(argv, rest, value):
    assert without_option(argv, "--out") == (rest, value)


@pytest.mark.parametrize("argv, out", [
    (["--quality", "fast"], "mambocap-sample"),
    (["--detector", "lite", "--no-hands", "--out=sampled"], "sampled"),
    (["--quality", "fast", "a.mp4", "--out", "o"], "o"),
])  # fmt: skip
def test_the_backend_gets_every_word_and_its_people_a_scene(argv, out, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    asked, written = [], []

    def backend(python, module, arguments, **how):
        asked.append(arguments)
        Path(out, "person_00").mkdir(parents=True)
        Path(out, "person_00/motion.npz").touch()
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(capture, "ready_backend", lambda device="auto": Path("python"))
    monkeypatch.setattr(capture, "call_module", backend)
    monkeypatch.setattr(capture, "write_scene", lambda folder: written.append(folder) or 0)
    assert capture.run(argv) == 0
    assert asked == [["capture", *argv]] and written == [Path(out)]


def test_scenes_are_written_for_the_people_of_this_run_alone(tmp_path):
    now = time.time()
    for name, age_s in (("one take", 0.0), ("old take", 3600.0)):
        motion = tmp_path / name / "person_00/motion.npz"
        motion.parent.mkdir(parents=True)
        motion.touch()
        os.utime(motion, (now - age_s, now - age_s))
    assert scene_folders(tmp_path, since=now - 60.0) == [tmp_path / "one take"]
    assert scene_folders(tmp_path / "one take", since=now - 60.0) == [tmp_path / "one take"]


def test_the_scene_of_another_capture_that_is_at_work_is_left_to_it(tmp_path):
    (tmp_path / "person_00").mkdir()
    (tmp_path / "person_00/motion.npz").touch()
    with locked(tmp_path):
        assert scene_folders(tmp_path, since=0.0) == []
    assert scene_folders(tmp_path, since=0.0) == [tmp_path]


def test_a_folder_whose_name_cannot_be_holds_no_scenes():
    assert scene_folders(Path("x" * 256), since=0.0) == []


@pytest.mark.parametrize("end, words, code", [
    ("os.kill(os.getpid(), 9)", "was killed, perhaps because the memory was not enough", 2),
    ("os.abort()", "crashed (code -6)", 1),
])  # fmt: skip
def test_a_backend_that_could_not_end_by_itself_is_told(capfd, end, words, code):
    returned = subprocess.run([sys.executable, "-c", f"import os; {end}"], capture_output=True).returncode
    assert exit_code(returned) == code
    assert capfd.readouterr().err == (f"The backend {words}. "
                                      "Start the capture again to go on; finished stages are kept.\n")  # fmt: skip


def test_the_backends_own_codes_pass():
    assert [exit_code(code) for code in range(4)] == [0, 1, 2, 3]
