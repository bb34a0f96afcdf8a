"""Runs pip in an environment and tells how far it is."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Iterator

from backend.environments.pip_progress import PipProgress
from backend.environments.pip_words import why_pip_failed
from backend.environments.telling import Tell

POLL_S = 1.0
RETRIES = "2"  # pip's own five take half a minute to say that there is no network
KEPT_LINES = 200  # of what pip says, to find out why it failed
_LEADS_ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES", "PIP_CONSTRAINT", "LD_LIBRARY_PATH")


@dataclass
class Pip:
    """The pip of one environment. It takes wheels only: nothing is compiled on the user's machine."""

    python: Path
    wheels: Path | None  # install from this folder alone
    log: Path
    expected_mb: int
    tell: Tell
    received: int = 0  # bytes, over all calls
    tail: list[str] = field(default_factory=list)

    def install(self, *arguments: str, index: str = "") -> None:
        """`pip install` with these arguments, from another index where one is named. Raises Refusal when it fails."""
        self.tail.clear()
        with subprocess.Popen(self._command(arguments, index), env=_environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
                              errors="replace") as process:  # fmt: skip
            try:
                self._follow(process)
            finally:
                process.kill()
        if process.returncode != 0:
            raise why_pip_failed(self.tail, process.returncode, self.python.parents[1], self.wheels, self.log)

    def _command(self, arguments: tuple[str, ...], index: str) -> list[str]:
        offline = ["--no-index", "--find-links", str(self.wheels)] if self.wheels else []
        elsewhere = ["--index-url", index] if index else []
        alone = ["--isolated"] if self.wheels else []
        return [str(self.python), "-I", "-X", "utf8", "-m", "pip", *alone, "install", "--no-input",
                "--disable-pip-version-check", "--no-warn-script-location", "--only-binary", ":all:",
                "--retries", RETRIES,
                "--progress-bar", self._progress_bar(), *offline, *elsewhere, *arguments]  # fmt: skip

    def _progress_bar(self) -> str:
        """pip writes its progress for programs from 24.1 on."""
        for info in site_packages(self.python).glob("pip-*.dist-info"):
            major, minor = info.name.split("-")[1].split(".")[:2]
            return "raw" if (int(major), int(minor)) >= (24, 1) else "off"
        return "off"

    def _follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        progress = PipProgress(self.expected_mb, self.received, lambda: installed_count(self.python))
        told = None
        with open(self.log, "a", encoding="utf-8") as log:
            for line in _lines(process.stdout):
                if line and not line.startswith("Progress "):
                    log.write(line + "\n")
                    self.tail = [*self.tail[-KEPT_LINES:], line]
                step = progress.after(line)
                if step and step != told:
                    self.tell(step)
                    told = step
        process.wait()
        self.received = progress.received


def site_packages(python: Path) -> Path:
    """Where a virtual environment keeps its packages."""
    root = python.parents[1]
    if (root / "Lib").is_dir():
        return root / "Lib/site-packages"
    return next(iter(root.glob("lib/python3.*/site-packages")), root)


def installed_count(python: Path) -> int:
    """How many packages are wholly there: pip writes INSTALLER when all their other files lie in place."""
    return sum(1 for _ in site_packages(python).glob("*.dist-info/INSTALLER"))


def forget_half_installed(python: Path) -> None:
    """Make pip install again what a killed pip left behind, which it would otherwise take for whole.

    The folder's name alone is a whole package to pip 26, and one without a version to whoever asks for it.
    """
    for info in site_packages(python).glob("*.dist-info"):
        if not (info / "INSTALLER").exists():
            shutil.rmtree(info)


def _lines(stream: IO[str]) -> Iterator[str]:
    """The lines of a stream as they come, and an empty one whenever nothing came for a while."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in stream:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=POLL_S)
        except queue.Empty:
            line = ""
        if line is None:
            return
        yield line


def _environment() -> dict[str, str]:
    """This process's environment without what would make pip install elsewhere or speak another language."""
    kept = {name: value for name, value in os.environ.items() if name not in _LEADS_ELSEWHERE}
    return {**kept, "PIP_USER": "0", "LC_ALL": "C.UTF-8"}
