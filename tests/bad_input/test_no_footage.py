"""Everything that is no usable footage, given to the command as a user would: one sentence, its mend, exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.reliability_made_inputs import index_lost, no_pictures
from motion.job import DONE, ERROR, LIVE_PICTURE, RESULT, USER_CAN_MEND, read_object
from tests.backend.processes import finished
from tests.backend.video.made_footage import cut_off, write_film, write_sound

ANOTHER = "Choose another file, or export this one again as an MP4."
COPY = "Copy it again from the camera, or choose another file."


def missing(path: Path) -> None:
    pass


def text(path: Path) -> None:
    path.write_text("Dear all, " * 300)


def hardly_begun(path: Path) -> None:
    cut_off(path, kept=24)


def nobody(path: Path) -> None:
    write_film(path, 8)


FOOTAGE = {
    "gone.mp4": (missing, "There is no file {path}. Check the name, or choose the clip again."),
    "letter.mp4": (text, f"letter.mp4 is not a video, is not finished or is damaged. {ANOTHER}"),
    "empty.mp4": (Path.touch, f"empty.mp4 is empty. {COPY}"),
    "half.mp4": (index_lost, f"half.mp4 is not a video, is not finished or is damaged. {ANOTHER}"),
    "begun.mp4": (hardly_begun, f"begun.mp4 ends after 0.8 s of 8.0 s. {COPY}"),
    "talk.m4a": (write_sound, "talk.m4a has sound but no picture. Choose a file with pictures."),
    "blank.avi": (no_pictures, f"blank.avi holds no picture that can be read. {ANOTHER}"),
    "wall.mp4": (nobody, "No person was found in wall.mp4. "
                         "Choose a clip in which the body is visible from head to foot."),
}  # fmt: skip


def test_footage_that_cannot_be_used_is_told_clip_by_clip(tmp_path: Path) -> None:
    for name, (make, _) in FOOTAGE.items():
        make(tmp_path / name)
    ended = finished("-m", "backend", "capture", *(tmp_path / name for name in FOOTAGE), "--each",
                     "--out", tmp_path / "out")  # fmt: skip
    assert (ended.returncode, ended.stdout) == (USER_CAN_MEND, "")
    for name, (_, words) in FOOTAGE.items():
        folder = tmp_path / "out" / Path(name).stem
        failure = read_object(folder / ERROR)
        assert f"{failure['sentence']} {failure['mend']}" == words.format(path=tmp_path / name)
        assert words.format(path=tmp_path / name) in ended.stderr.splitlines()
        assert not (folder / RESULT).exists() and not list(folder.glob("person_*"))
        assert not (folder / LIVE_PICTURE).exists()


def test_a_good_clip_among_bad_ones_is_captured_and_the_exit_code_tells_of_the_bad_one(tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "assets/sample/sample.mp4"
    text(tmp_path / "letter.mp4")
    ended = finished("-m", "backend", "capture", tmp_path / "letter.mp4", sample, "--each", "--last-frame", "24",
                     "--no-preview", "--no-hands", "--out", tmp_path / "out")  # fmt: skip
    assert ended.returncode == USER_CAN_MEND
    assert ended.stdout.startswith("sample/person_00 (person 1): 24 frames in ")
    assert (tmp_path / "out/sample/person_00/motion.npz").exists()


@pytest.mark.parametrize("arguments, words", [
    (["--first-frame", "900"], "sample.mp4 has 216 frames, so it cannot start at frame 900. "
                               "Move the start and the end of the take into the clip."),
    (["--detector", "best"], "sample.mp4: There is no model, file or folder called best. Choose one of "),
    (["--height-m", "180"], "sample.mp4: A body height of 180 m is not a person's. "
                            "Give it in metres, such as 1.75, or leave it empty."),
    (["--smplx-file", __file__], "sample.mp4: test_no_footage.py is not an SMPL-X model. "
                                 "Choose SMPLX_NEUTRAL.npz, SMPLX_MALE.npz or SMPLX_FEMALE.npz."),
])  # fmt: skip
def test_what_is_asked_wrongly_is_told_before_the_work(tmp_path: Path, arguments: list[str], words: str) -> None:
    sample = Path(__file__).parents[2] / "assets/sample/sample.mp4"
    ended = finished("-m", "backend", "capture", sample, "--out", tmp_path / "out", *arguments)
    assert ended.returncode == USER_CAN_MEND != DONE
    assert ended.stderr.splitlines()[-1].startswith(words)
