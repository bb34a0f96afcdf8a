"""Backends as real processes that are killed at a moment of a stage, or left to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bench.data import ROOT
from motion.job import DONE, EVENTS, read_events

BACKEND = (sys.executable, "-m", "backend", "run")
LOOK_EVERY_S = 0.002    # the shortest stage takes some 30 ms
LONGEST_RUN_S = 600.0   # a run that takes longer hangs
OUTLIVING_S = 3.0       # until the system has buried who was killed
TEMPORARY = ("TMPDIR", "TEMP", "TMP")   # where the systems are told of the folder for temporary files


class Run:
    """BACKEND on a job folder, in a process group of its own; what it keeps for a while lies in `temporary`."""

    def __init__(self, job: Path, temporary: Path) -> None:
        self._job = job
        self._offset = (job / EVENTS).stat().st_size if (job / EVENTS).exists() else 0
        environment = {**os.environ, **dict.fromkeys(TEMPORARY, str(temporary))}
        self._process = subprocess.Popen(
            [*BACKEND, str(job)], cwd=ROOT, env=environment, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._deadline_s = time.monotonic() + LONGEST_RUN_S
        self.stage = ""     # the latest that was seen

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def stages(self) -> Iterator[str]:
        """Each stage as soon as the events tell of it, until the process has ended."""
        while True:
            has_ended = self._process.poll() is not None
            for stage in self._new_stages():
                self.stage = stage
                yield stage
            if has_ended:
                return
            if time.monotonic() > self._deadline_s:
                raise TimeoutError(f"a run hangs in {self.stage}")
            time.sleep(LOOK_EVERY_S)

    def _new_stages(self) -> list[str]:
        events, self._offset = read_events(self._job, self._offset)
        known = [self.stage, *(event.stage for event in events)]
        return [stage for before, stage in zip(known, known[1:], strict=False) if stage != before]

    def killed_in(self, stage: str, after_s: float) -> bool:
        """Kill it so long after the stage began; whether it then was alive and in that stage.

        Raises ChildProcessError for a process that failed by itself.
        """
        if stage not in self.stages():
            raise ChildProcessError(f"a run ended with exit code {self._process.returncode} before {stage}")
        try:
            code = self._process.wait(after_s)
        except subprocess.TimeoutExpired:
            code = self.kill()
        if code not in (DONE, *_KILLED):
            raise ChildProcessError(f"a run ended with exit code {code} in {stage}")
        latest = [stage, *self._new_stages()][-1]
        return code != DONE and latest == stage

    def kill(self) -> int:
        """It and all that it started, at once and without a word; returns its exit code."""
        if self._process.poll() is None:
            _kill_tree(self._process)
        return self._process.wait()

    def ended(self) -> int:
        """Its exit code, when it has come to its end."""
        self.stages_s()
        return self._process.wait()

    def stages_s(self) -> dict[str, float]:
        """Seconds of each stage of a run that is left to its end, the last one's to the end of the process."""
        began = [(stage, time.monotonic()) for stage in self.stages()] + [("", time.monotonic())]
        seconds: dict[str, float] = {}
        for (stage, from_s), (_, to_s) in pairwise(began):
            seconds[stage] = seconds.get(stage, 0.0) + to_s - from_s
        return seconds

    def leaves_processes(self) -> bool:
        """Whether anything that it started outlives it by more than a moment; nobody can tell on Windows."""
        until_s = time.monotonic() + OUTLIVING_S
        while is_there := _has_group(self._process.pid):
            if time.monotonic() > until_s:
                break
            time.sleep(LOOK_EVERY_S)
        return is_there


if sys.platform == "win32":
    _KILLED = (1,)      # what taskkill gives; our own bugs end so too, but leave error.json, which is compared

    def _kill_tree(process: subprocess.Popen[bytes]) -> None:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True)

    def _has_group(leader: int) -> bool:
        return False

else:
    _KILLED = (-signal.SIGKILL,)

    def _kill_tree(process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)

    def _has_group(leader: int) -> bool:
        try:
            os.killpg(leader, 0)
        except ProcessLookupError:
            return False
        return True
