"""Cases of places: full disks, folders that may not be written to or are somebody else's, and names of every kind."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from bench.reliability_trial import NotTriedError, Trial, capture_command, ended
from bench.small_disk import fill, limited, small_disk, unwritable
from motion.job import CACHE, ERROR, MOTION, SCENE

FREE = "Free some space there and start again; what is finished is kept."
ANOTHER = "Choose another folder with --out."
LONGEST_NAME_BYTES = 255       # of the usual file systems

NAMES = {
    "spaces and ampersands": "Tanz & Übung – 1 ", "Arabic, from right to left": "رقص العرب",
    "Devanagari": "नृत्य अभ्यास", "Chinese and Japanese": "舞蹈 ダンス",
    "Korean": "춤 연습",
    "emoji": "dance \U0001f57a\U0001f3fd\U0001f468\u200d\U0001f469",
    "combining marks": "Z\u0323a\u0301lgo\u0308",
    "a mark that turns the direction": "dance\u202e4pm", "percent signs": "100 %d %s %03d",
    "quotes and shell": "it's \"it\"; $HOME `x` *?<>|",
    "a newline": "two\nlines", "bytes that are no text": "caf\udce9",
    "a leading dash": "-o", "a dot before it": ".hidden", "hashes and braces": "take #1 {x} [y]",
    "as long as it may be": "長い" * 41 + "abcde",
}  # fmt: skip


def place_cases() -> dict[str, Callable[[Trial], None]]:
    return {
        "full disk from the start": functools.partial(_full_disk, leave_bytes=0),
        "full disk in the middle": functools.partial(_full_disk, leave_bytes=40 << 10),
        "full disk at the scene": _full_at_the_scene,
        "a bound on the size of files": _bounded,
        "read-only folder": _read_only,
        "read-only folder with a take": _read_only_take,
        "foreign output folder": _foreign,
        "output folder that is a file": _file_for_folder,
        "output folder in a file": _folder_in_file,
        "output folder with too long a name": _too_long,
        **{f"a name with {what}": functools.partial(_named, name) for what, name in NAMES.items()},
    }  # fmt: skip


def _full_disk(trial: Trial, leave_bytes: int) -> None:
    with small_disk(trial.folder / "disk", 8) as disk:
        job = trial.take(disk / "take")
        shutil.rmtree(job / CACHE)
        ballast = fill(disk, leave_bytes)
        first = trial.capture(trial.clip, "--out", job)
        words = next(iter(line for line in first.err.splitlines() if "The disk is full" in line), "The disk is full")
        trial.refused(first, words, also=[line for line in first.err.splitlines() if "does not say its lens" in line])
        trial.expect(words.endswith(FREE), f"said: {words}")
        ballast.unlink()
        trial.unharmed(job)
        trial.captured(trial.capture(trial.clip, "--out", job), job, 20)
        trial.expect((job / f"person_00/{MOTION}").read_bytes() == trial.take_motion(), "differs when there is room")


def _full_at_the_scene(trial: Trial) -> None:
    """There is room for the motion and none for scene.blend; what is told is of the scene, the motion is kept."""
    with small_disk(trial.folder / "disk", 8) as disk:
        job = disk / "take"
        fill(disk, 1 << 20)
        first = trial.capture(trial.clip, "--out", job)
        words = f"The disk is full: {SCENE} could not be written to {job}. {FREE}"
        trial.expect(first.code == 2 and first.err.endswith(f"{words}\n"), f"said: {first.err[-300:]}")
        trial.expect("person_00 (person 1): 20 frames" in first.out, "does not tell of the motion")
        trial.expect((job / f"person_00/{MOTION}").read_bytes() == trial.take_motion(), "lost the motion")
        trial.nothing_left(job)
        trial.expect(sorted(path.name for path in job.glob("*.blend*")) == [], "left half a scene")


def _bounded(trial: Trial) -> None:
    job = trial.take()
    shutil.rmtree(job / CACHE)
    command = limited(capture_command(trial.clip, "--out", job), kilobytes=20)
    first = ended(trial.start(command))
    words = next(iter(line for line in first.err.splitlines() if "The disk is full" in line), "The disk is full")
    trial.refused(first, words, job, [line for line in first.err.splitlines() if "does not say its lens" in line])


def _read_only(trial: Trial) -> None:
    folder = trial.folder / "locked up"
    folder.mkdir()
    with unwritable(folder):
        words = f"dance.mp4: take could not be written to {folder} ({{}}). Choose a folder that you may write to."
        _not_written(trial, trial.capture(trial.clip, "--out", folder / "take"), words)
        trial.expect(not list(folder.iterdir()), "wrote all the same")


def _read_only_take(trial: Trial) -> None:
    job = trial.take()
    with unwritable(job):
        words = f"dance.mp4: {{name}} could not be written to {job} ({{}}). Choose a folder that you may write to."
        _not_written(trial, trial.capture(trial.clip, "--out", job), words.replace("{name}", "request.json"))
    trial.unharmed(job)


def _not_written(trial: Trial, first, words: str) -> None:
    whys = ("Read-only file system", "Permission denied")
    said = next((words.format(why) for why in whys if first.err.endswith(f"{words.format(why)}\n")), words)
    trial.refused(first, said)


def _foreign(trial: Trial) -> None:
    """Somebody's own scene lies where ours would go."""
    job = trial.folder / "my film"
    (job / "person_00").mkdir(parents=True)
    (job / SCENE).write_bytes(b"hours of work")
    trial.refused(trial.capture(trial.clip, "--out", job),
                  f"dance.mp4: {job} holds a {SCENE} that is not from a capture here. {ANOTHER}")  # fmt: skip
    trial.expect((job / SCENE).read_bytes() == b"hours of work", "changed it")
    trial.expect(sorted(path.name for path in job.iterdir()) == ["person_00", SCENE], "left something")


def _file_for_folder(trial: Trial) -> None:
    (trial.folder / "out").write_bytes(b"mine")
    trial.refused(trial.capture(trial.clip, "--out", trial.folder / "out"),
                  f"dance.mp4: {trial.folder / 'out'} cannot be a folder, since a file has that name. {ANOTHER}")
    trial.expect((trial.folder / "out").read_bytes() == b"mine", "changed it")


def _folder_in_file(trial: Trial) -> None:
    (trial.folder / "out").write_bytes(b"mine")
    inner = trial.folder / "out" / "take"
    trial.refused(trial.capture(trial.clip, "--out", inner),
                  f"dance.mp4: {inner} cannot be a folder, since a file has that name. {ANOTHER}")  # fmt: skip


def _too_long(trial: Trial) -> None:
    job = trial.folder / ("x" * (LONGEST_NAME_BYTES + 1))
    trial.refused(trial.capture(trial.clip, "--out", job),
                  f"dance.mp4: The name {job.name[:40]}... is too long for its folder {job.parent}. "
                  "Choose a shorter name, or a folder that lies less deep.")  # fmt: skip
    trial.expect(not (job.parent / ERROR).exists(), "left something")


def _named(name: str, trial: Trial) -> None:
    """Both the clip and the folder, given as they are to a command that was started beside them."""
    film, job = trial.folder / f"{name}.mp4", trial.folder / name
    try:
        shutil.copyfile(trial.clip, film)
        job.mkdir()
    except (OSError, ValueError) as error:
        raise NotTriedError(f"there can be no file of this name here ({error})") from error
    arguments = [f"--out={job.name}", "--", film.name]
    motion = trial.captured(trial.capture(*arguments), job, 20)
    trial.expect(motion is None or motion.cameras[0].video_path == _said(film), "does not know its footage")
    trial.expect((job / SCENE).exists(), "has no scene")


def _said(film: Path) -> str:
    return str(film) if sys.platform == "win32" else os.fsdecode(os.fsencode(film))
