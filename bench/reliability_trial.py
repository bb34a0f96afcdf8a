"""One bad input tried as a user meets it: a command is started, and what it said and left is looked at."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.batch_left import left_behind
from bench.data import ROOT
from motion.body import read_open_body
from motion.job import (
    CACHE,
    DONE,
    ERROR,
    EVENTS,
    LIVE_PICTURE,
    LOCK,
    LOG,
    MOTION,
    REQUEST,
    RESULT,
    SCENE,
    STAGES,
    USER_CAN_MEND,
    read_object,
)  # fmt: skip
from motion.motion import Motion
from motion.motion_file import read_motion

QUICK = ("--detector", "lite", "--quality", "fast", "--hypotheses", "0", "--no-hands", "--no-preview")
QUICK_SETTINGS = {"detect": {"model": "lite", "quality": "fast", "hands": False}, "hypotheses": {"samples": 0}}
TEMPORARY = ("TMPDIR", "TEMP", "TMP")   # variables that say where temporary files go
LONGEST_S = 300.0           # of a command, on a busy machine
OF_THE_RUN = {REQUEST, EVENTS, LOG, LOCK, ERROR}   # files of a job that each run writes anew


class NotTriedError(Exception):
    """This machine does not let a case be made for real; the words say what is lacking."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Trial:
    """A case on its way: an empty folder of its own, a good clip, a finished capture, and what was found wrong."""

    def __init__(self, folder: Path, clip: Path, take: Path) -> None:
        self.folder, self.clip = folder, clip
        self.wrong: list[str] = []
        self._take = take
        self._kept: dict[Path, dict[str, str]] = {}
        self._temporary = folder.with_name(f"{folder.name} temporary")

    def expect(self, holds: object, words: str) -> None:
        if not holds:
            self.wrong.append(words)

    def capture(self, *arguments: str | Path, **variables: str) -> Ended:
        """`build.py capture`, with the settings that take least time."""
        return self._ended(capture_command(*arguments), variables)

    def backend(self, *arguments: str | Path, **variables: str) -> Ended:
        """`python -m backend`."""
        return self._ended(backend_command(*arguments), variables)

    def start(self, command: Sequence[str], **variables: str) -> subprocess.Popen[str]:
        own = {name: str(self._temporary) for name in TEMPORARY}
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **own, **variables}
        return subprocess.Popen(command, cwd=self.folder, env=environment, encoding="utf-8", errors="backslashreplace",
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip

    def take(self, place: Path | None = None) -> Path:
        """A folder that has the results of an earlier capture and a file of the user's own. None of them may go."""
        job = place or self.folder / "take"
        shutil.copytree(self._take, job, dirs_exist_ok=True)
        (job / f"person_00/my {SCENE}").write_bytes(b"hours of work")
        self._kept[job] = contents(job)
        return job

    def take_motion(self) -> bytes:
        """What a capture of the good clip by the quick settings comes to, bit by bit."""
        return (self._take / f"person_00/{MOTION}").read_bytes()

    def refused(self, ended: Ended, words: str, job: Path | None = None, also: Sequence[str] = ()) -> None:
        """The command ended with 2 and these words alone; a job that had results has them still.

        `also` are words that it may say on the way.
        """
        self.expect(ended.code == USER_CAN_MEND, f"ended with {ended.code}")
        self.expect(not ended.out, f"said on stdout: {ended.out[-200:]}")
        before, said, behind = ended.err.rpartition(words)
        self.expect(said and behind == "\n", f"said: {ended.err[-600:]}")
        others = [line for line in before.splitlines() if not _is_progress(line) and line not in also]
        self.expect(not others, f"said besides: {others[-3:]}")
        if job is not None:
            self.unharmed(job)
            failure = read_object(job / ERROR) or {}
            told = f"{failure.get('sentence')} {failure.get('mend')}"
            self.expect(not failure or words.endswith(told), f"told other programs: {told}")

    def unharmed(self, job: Path) -> None:
        """What was in the job's folder is there as it was, and nothing is left behind."""
        before, now = self._kept.get(job, {}), contents(job)
        lost = sorted(name for name in before if now.get(name) != before[name])
        self.expect(not lost, f"lost or changed {lost}")
        added = sorted(name for name in now if before and name not in before)
        self.expect(not added, f"left {added}")
        self.nothing_left(job)

    def captured(self, ended: Ended, job: Path, frames: int) -> Motion | None:
        """The command ended well, and the take is whole; gives its first motion."""
        self.expect(ended.code == DONE, f"ended with {ended.code}: {ended.err[-300:]}")
        self.expect("Traceback" not in ended.err + ended.out, f"said: {ended.err[-600:]}")
        self.expect((job / RESULT).exists() and not (job / ERROR).exists(), "left no result")
        self.nothing_left(job)
        if not (job / f"person_00/{MOTION}").exists():
            return self.expect(False, "left no motion")   # type: ignore[return-value]
        motion = read_motion(job / f"person_00/{MOTION}", read_open_body().shaped(np.zeros(0)).skeleton)
        self.expect(motion.frame_count == frames, f"has {motion.frame_count} frames")
        self.expect(np.isfinite(motion.world_joints()).all(), "has numbers that are not finite")
        return motion

    def nothing_left(self, job: Path) -> None:
        left = left_behind(job, self._temporary) if job.is_dir() else []
        left += [LIVE_PICTURE] if (job / LIVE_PICTURE).exists() else []
        self.expect(not left, f"left behind {left}")

    def run(self, case: Callable[[Trial], None]) -> str:
        """Try it; "ok", or what was wrong, or why it could not be tried."""
        self.folder.mkdir()
        self._temporary.mkdir()
        try:
            case(self)
        except NotTriedError as why:
            return f"not tried: {why}"
        return "; ".join(self.wrong) or "ok"

    def _ended(self, command: Sequence[str], variables: dict[str, str]) -> Ended:
        return ended(self.start(command, **variables))


def capture_command(*arguments: str | Path) -> list[str]:
    return [sys.executable, str(ROOT / "build.py"), "capture", *QUICK, *map(str, arguments)]


def backend_command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-P", "-m", "backend", *map(str, arguments)]


def ended(process: subprocess.Popen[str]) -> Ended:
    """How it ended; one that hangs is killed, which its code tells."""
    try:
        out, err = process.communicate(timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return Ended(process.returncode, out, err)


def contents(job: Path) -> dict[str, str]:
    """A digest of every file that is a result or the user's own, by its place in the job."""
    paths = [path for path in sorted(job.rglob("*")) if path.is_file() and path.relative_to(job).parts[0] != CACHE]
    return {path.relative_to(job).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
            if path.relative_to(job).as_posix() not in OF_THE_RUN}  # fmt: skip


def _is_progress(line: str) -> bool:
    return any(words in line for words in STAGES.values()) or line.startswith("Writing ")
