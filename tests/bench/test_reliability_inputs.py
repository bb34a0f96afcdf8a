"""What counts as an answer to bad input, what is found that was lost or left, and what grows with repetition."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from bench import reliability_inputs
from bench.reliability_files import DEEP, Executed
from bench.reliability_inputs import figures
from bench.reliability_made_inputs import behind_a_door, film_of
from bench.reliability_repeats import count_right, failures_inside, growth
from bench.reliability_trial import Ended, NotTriedError, Trial, ended
from bench.small_disk import fill, small_disk, unwritable
from motion.job import ERROR, LIVE_PICTURE, LOG, MOTION, Failure
from motion.refusal import Refusal
from motion.whole_files import written_whole

GONE = Failure("no-file", "There is no file a.mp4.", "Choose it again.")
WORDS = f"{GONE.sentence} {GONE.mend}"
GREY = [np.full((48, 64, 3), 20 * number, np.uint8) for number in range(12)]
CAPTURE = {"failure": "", "motion": "same", "rss_mb": 500.0, "peak_mb": 600.0, "handles": 9, "threads": 3,
           "children": 0}  # fmt: skip


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    take = tmp_path / "earlier"
    (take / "person_00").mkdir(parents=True)
    (take / f"person_00/{MOTION}").write_bytes(b"a motion")
    case = Trial(tmp_path / "case", tmp_path / "dance.mp4", take)
    assert case.run(lambda trial: None) == "ok"   # makes its folders
    return case


def refused(trial: Trial, code: int = 2, out: str = "", err: str = f"{WORDS}\n") -> list[str]:
    job = trial.take()
    GONE.write(job)
    trial.refused(Ended(code, out, err), WORDS, job)
    return trial.wrong


def test_one_sentence_and_its_mend_with_two_as_the_code_is_an_answer(trial: Trial):
    assert refused(trial, err=f"a.mp4: Opening the footage\n{WORDS}\n") == []


@pytest.mark.parametrize("answer, wrong", [
    ({"code": 1}, "ended with 1"), ({"out": "person_00"}, "said on stdout"),
    ({"err": "Segmentation fault\n"}, "said: "),
    ({"err": f"Traceback (most recent call last):\n{WORDS}\n"}, "said besides"),
    ({"err": f"{WORDS}\n{WORDS}\n"}, "said besides"), ({"err": f"{WORDS}\nBye.\n"}, "said: "),
])  # fmt: skip
def test_anything_else_is_none(trial: Trial, answer: dict, wrong: str):
    assert [words for words in refused(trial, **answer) if words.startswith(wrong)]


@pytest.mark.parametrize("harm, wrong", [
    (lambda job: (job / f"person_00/{MOTION}").write_bytes(b"half"), "lost or changed ['person_00/motion.npz']"),
    (lambda job: (job / "person_00/my scene.blend").unlink(), "lost or changed ['person_00/my scene.blend']"),
    (lambda job: (job / "person_01").mkdir() or (job / f"person_01/{MOTION}").touch(), "left ['person_01/motion.npz']"),
    (lambda job: (job / ".a.4.tmp").touch(), "left behind ['half-written .a.4.tmp']"),
    (lambda job: (job / "lock").write_text("4711"), "left behind ['locked .']"),
    (lambda job: (job / LIVE_PICTURE).touch(), "left behind ['live.jpg']"),
    (lambda job: (job.parent.with_name("case temporary") / "x").touch(), "left behind ['temporary x']"),
    (lambda job: Failure("no-file", "Other", "words.").write(job), "told other programs: Other words."),
])  # fmt: skip
def test_what_was_there_stays_and_nothing_else_does(trial: Trial, harm, wrong: str):
    job = trial.take()
    (job / LOG).write_text("each run adds to it")
    harm(job)
    trial.refused(Ended(2, "", f"{WORDS}\n"), WORDS, job)
    assert wrong in trial.wrong


def test_a_capture_that_left_nothing_is_none(trial: Trial):
    job = trial.folder / "out"
    job.mkdir()
    (job / ERROR).touch()
    assert trial.captured(Ended(0, "", ""), job, 20) is None
    assert trial.wrong == ["left no result", "left no motion"]


def test_commands_run_with_temporary_files_of_their_own(trial: Trial):
    code = "import tempfile, os; print(os.getcwd()); print(tempfile.gettempdir())"
    assert ended(trial.start([sys.executable, "-c", code])).out.split("\n")[:2] == [
        str(trial.folder), f"{trial.folder} temporary"]  # fmt: skip


def test_cases_are_counted_by_how_they_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def impossible(trial: Trial) -> None:
        raise NotTriedError("no right to")

    def broken(trial: Trial) -> None:
        raise KeyError("a bug of the bench")

    cases = {"good": lambda trial: None, "bad": lambda trial: trial.expect(False, "lost"), "impossible": impossible,
             "broken": broken}  # fmt: skip
    monkeypatch.setattr(reliability_inputs, "sample_pictures", lambda: GREY)
    monkeypatch.setattr(reliability_inputs, "all_cases", lambda shown: cases)
    monkeypatch.setattr(reliability_inputs, "_finished_take", lambda folder, clip: folder)
    found = figures(tmp_path, None)   # type: ignore[arg-type]
    assert (found["bad_inputs"], found["bad_inputs_failed"]) == (3, 2)
    assert found["bad_inputs_named"]["impossible"] == "not tried: no right to"
    assert "KeyError" in found["bad_inputs_named"]["broken"]


def test_a_door_hides_whom_it_stands_before():
    shown = behind_a_door(GREY)
    assert (shown[0] == 128).all() and (shown[-1] == GREY[-1]).all() and (shown[6][:, 0] == 128).all()


@pytest.mark.parametrize("turned_deg", [0, 90, 180, 270])
def test_films_are_made_as_players_show_them(tmp_path: Path, turned_deg: int):
    clip = open_clip(film_of(tmp_path / "a.mp4", GREY, turned_deg=turned_deg), VideoSettings())
    assert (clip.width_px, clip.height_px, clip.picture_count) == (64, 48, 12)


def test_a_full_disk_and_a_locked_folder_are_real(tmp_path: Path):
    try:
        with small_disk(tmp_path / "disk", 1) as disk:
            ballast = fill(disk, 0)
            with pytest.raises(Refusal, match="The disk is full"), written_whole(disk / "a") as stream:
                stream.write(bytes(100_000))
            ballast.unlink()
            (disk / "a").write_bytes(bytes(100_000))
            with unwritable(disk), pytest.raises(OSError):
                (disk / "b").touch()
    except NotTriedError as why:
        pytest.skip(str(why))


def test_hostile_files_would_tell_if_they_ran(tmp_path: Path):
    pickle.loads(pickle.dumps(Executed(tmp_path / "executed"))).close()
    assert (tmp_path / "executed").exists() and len(DEEP) > sys.getrecursionlimit()


def test_captures_that_are_alike_and_hold_nothing_are_right():
    assert failures_inside([CAPTURE] * 30, 30) == [] and count_right([CAPTURE] * 30) == 30
    assert growth([CAPTURE] * 30)["ratio"] == 1.0


@pytest.mark.parametrize("change, words", [
    ({"failure": "The disk is full. Free it."}, "capture 12: The disk is full. Free it."),
    ({"motion": "other"}, "capture 12: another motion"), ({"rss_mb": 1200.0}, "memory grew to 1.28 times"),
    ({"handles": 10}, "handles grew from 9 to 10"), ({"children": 1}, "children grew from 0 to 1"),
])  # fmt: skip
def test_what_differs_or_grows_is_told(change: dict, words: str):
    last = [{**CAPTURE, **change}]
    assert words in failures_inside([CAPTURE] * 11 + last, 12)


def test_captures_that_never_ended_are_told():
    assert failures_inside([], 30) == ["no capture in one process ended"]
    assert failures_inside([CAPTURE] * 3, 30) == ["3 of 30 captures ended"]
