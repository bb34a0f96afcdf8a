"""Cases of captures that are killed, that meet another one, or whose environment is of another time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

from backend.command_line.names import BUILD
from bench.reliability_trial import LONGEST_S, QUICK, QUICK_SETTINGS, Trial, backend_command, capture_command, ended
from commands.blender import script_command
from commands.capture import WRITE_SCENE
from motion.job import CACHE, EVENTS, LOCK, MOTION, SCENE, Request, read_events

INSTALL = f"Press Install Backend in Blender's preferences of Mambocap, or run `{BUILD} setup`."


def interrupted_cases() -> dict[str, Callable[[Trial], None]]:
    return {
        "killed backend, started again": _killed,
        "killed backend of build.py, started again": _killed_behind_the_door,
        "cancelled with Ctrl+C, started again": _cancelled,
        "two captures at once, one folder": _two_in_one_folder,
        "two captures at once, two folders": _two_in_two_folders,
        "old environment": _old_environment,
        "no environment": _no_environment,
        "a clip that moved after capture": _moved_clip,
    }


def _killed(trial: Trial) -> None:
    job = _job(trial)
    process = trial.start(backend_command("run", job))
    _wait(lambda: _stages(job) > {"open"}, process)
    process.kill()
    ended(process)
    trial.expect((job / f"person_00/{MOTION}").read_bytes() == trial.take_motion(), "lost the earlier motion")
    trial.captured(trial.backend("run", job), job, 20)
    trial.expect((job / f"person_00/{MOTION}").read_bytes() == trial.take_motion(), "differs after the kill")


def _killed_behind_the_door(trial: Trial) -> None:
    job = _without_cache(trial)
    process = trial.start(capture_command(trial.clip, "--out", job))
    _wait(lambda: _stages(job) > {"open"} and (job / LOCK).read_text(), process)
    os.kill(int((job / LOCK).read_text()), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    first = ended(process)
    words = ("The backend was killed, perhaps because the memory was not enough. "
             "Start the capture again to go on; finished stages are kept.\n")
    trial.expect(first.code == 2 and first.err.endswith(words), f"ended with {first.code}: {first.err[-300:]}")
    trial.captured(trial.capture(trial.clip, "--out", job), job, 20)
    trial.expect((job / f"person_00/{MOTION}").read_bytes() == trial.take_motion(), "differs after the kill")


def _cancelled(trial: Trial) -> None:
    job = _without_cache(trial)
    process = trial.start(backend_command("capture", *QUICK, trial.clip, "--out", job))
    _wait(lambda: _stages(job) > {"open"}, process)
    process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
    first = ended(process)
    words = "The capture was cancelled. Start it again to go on; finished stages are kept.\n"
    trial.expect(first.code == 3 and first.err.endswith(words), f"ended with {first.code}: {first.err[-300:]}")
    trial.unharmed(job)
    trial.captured(trial.capture(trial.clip, "--out", job), job, 20)


def _two_in_one_folder(trial: Trial) -> None:
    job = _without_cache(trial)
    first = trial.start(capture_command(trial.clip, "--out", job))
    _wait(lambda: _stages(job) > {"open"} and (job / LOCK).read_text(), first)
    holder = (job / LOCK).read_text()
    second = trial.capture(trial.clip, "--out", job)
    words = (f"dance.mp4: A capture is already running in {job} (process {holder}). "
             "Wait until it is done, cancel it, or choose another folder.\n")
    trial.expect(second.code == 2 and second.err.endswith(words), f"ended with {second.code}: {second.err[-300:]}")
    trial.captured(ended(first), job, 20)
    trial.expect((job / f"person_00/{MOTION}").read_bytes() == trial.take_motion(), "the first differs")


def _two_in_two_folders(trial: Trial) -> None:
    jobs = [trial.folder / name for name in ("left", "right")]
    both = [trial.start(capture_command(trial.clip, "--out", job)) for job in jobs]
    for process, job in zip(both, jobs, strict=True):
        trial.captured(ended(process), job, 20)
        trial.expect((job / f"person_00/{MOTION}").read_bytes() == trial.take_motion(), f"{job.name} differs")


def _old_environment(trial: Trial) -> None:
    """One that has none of the packages that came with the update."""
    venv.create(trial.folder / "old", with_pip=False, symlinks=sys.platform != "win32")
    python = trial.folder / "old" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    job = _job(trial)
    words = f"The installed backend lacks the package numpy. {INSTALL}"
    for arguments in (["run", job], ["capture", trial.clip, "--out", job]):
        trial.refused(ended(trial.start([str(python), *backend_command(*arguments)[1:]])), words, job)


def _no_environment(trial: Trial) -> None:
    home = trial.folder / "home"
    command = [sys.executable, str(Path(capture_command()[1])), "doctor"]
    said = ended(trial.start(command, MAMBOCAP_HOME=str(home)))
    words = (f"The backend is not installed, or not wholly, in {home / 'environments' / 'backend'}. "
             f"Run `{BUILD} setup`.")
    trial.refused(said, words)


def _moved_clip(trial: Trial) -> None:
    """The scene is written all the same, and a note says where the footage was."""
    film, job = trial.folder / "moving.mp4", trial.folder / "out"
    shutil.copyfile(trial.clip, film)
    trial.captured(trial.capture(film, "--out", job), job, 20)
    film.rename(trial.folder / "moved.mp4")
    (job / SCENE).unlink()
    said = ended(trial.start(script_command(WRITE_SCENE, str(job))))
    trial.expect(said.code == 0 and (job / SCENE).exists(), f"ended with {said.code}: {said.err[-300:]}")
    trial.expect(f"The footage moving.mp4 is no longer at {film}" in said.err, f"said: {said.err[-300:]}")
    trial.nothing_left(job)
    trial.refused(trial.capture(film, "--out", job),
                  f"There is no file {film}. Check the name, or choose the clip again.", job)  # fmt: skip


def _job(trial: Trial) -> Path:
    """The earlier take, to be made anew by whoever works on the folder."""
    job = _without_cache(trial)
    Request((str(trial.clip),), QUICK_SETTINGS, preview=False).write(job)
    return job


def _without_cache(trial: Trial) -> Path:
    job = trial.take()
    shutil.rmtree(job / CACHE)
    (job / EVENTS).unlink()
    return job


def _stages(job: Path) -> set[str]:
    return {event.stage for event in read_events(job)[0]}


def _wait(happened: Callable[[], object], process: subprocess.Popen[str]) -> None:
    until_s = time.monotonic() + LONGEST_S
    while not happened() and process.poll() is None and time.monotonic() < until_s:
        time.sleep(0.01)
