"""What build.py makes of a capture's arguments and of what the backend left."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from commands.capture import exit_code, run, scene_folders, without_option
from motion.refusal import Refusal


@pytest.mark.parametrize("argv, rest, value", [
    (["a.mp4", "--out", "o", "--fov", "50"], ["a.mp4", "--fov", "50"], "o"),
    (["--out=my folder", "a.mp4"], ["a.mp4"], "my folder"),
    (["a.mp4", "--outer", "o"], ["a.mp4", "--outer", "o"], ""),
    (["a.mp4", "--out"], ["a.mp4"], ""),
])  # fmt: skip
def test_an_option_is_taken_out_wherever_it_stands(argv, rest, value):
    assert without_option(argv, "--out") == (rest, value)


def test_a_capture_without_a_place_for_its_results_is_refused():
    with pytest.raises(Refusal, match="^It is not said where the results go. Add --out and a folder.$"):
        run(["clip.mp4"])


def test_scenes_are_written_for_the_people_of_this_run_alone(tmp_path):
    now = time.time()
    for name, age_s in (("one take", 0.0), ("old take", 3600.0)):
        motion = tmp_path / name / "person_00/motion.npz"
        motion.parent.mkdir(parents=True)
        motion.touch()
        os.utime(motion, (now - age_s, now - age_s))
    assert scene_folders(tmp_path, since=now - 60.0) == [tmp_path / "one take"]
    assert scene_folders(tmp_path / "one take", since=now - 60.0) == [tmp_path / "one take"]


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
