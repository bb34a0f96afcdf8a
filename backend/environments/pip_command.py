"""Runs pip, tells how far it is, and says in one sentence why it failed."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Iterator

from motion.refusal import Refusal

from backend.environments.telling import Step, Tell

POLL_S = 1.0
MEGA = 1_000_000
_SIZE = re.compile(r"\((\d+(?:\.\d+)?) (bytes|kB|MB|GB)\)")
_UNITS = {"bytes": 1, "kB": 1000, "MB": MEGA, "GB": 1000 * MEGA}
_NO_NETWORK = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|"
                         r"Connection (?:refused|reset)|Name or service not known|Temporary failure in name resolution|"
                         r"connection broken|Network is unreachable|getaddrinfo failed", re.I)  # fmt: skip
_MISSING = re.compile(r"No matching distribution found for ([^\s;(]+)")


@dataclass
class Pip:
    """The pip of one environment. `sources` are the options that say where packages come from."""

    python: Path
    sources: tuple[str, ...]
    wheels: Path | None
    log: Path
    expected_mb: int
    tell: Tell
    received: int = 0
    tail: list[str] = field(default_factory=list)

    def install(self, *arguments: str, sources: tuple[str, ...] | None = None) -> None:
        """`pip install` with these arguments. Raises Refusal with one sentence when it fails."""
        self.tail.clear()
        chosen = self.sources if sources is None else sources
        command = [str(self.python), "-I", "-m", "pip", *(("--isolated",) if self.wheels else ()), "install",
                   "--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--prefer-binary",
                   *self._progress_option(), *chosen, *arguments]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              env=_environment(), text=True, encoding="utf-8", errors="replace") as process:  # fmt: skip
            try:
                self._follow(process)
            finally:
                process.kill()
        if process.returncode != 0:
            raise self._refusal(process.returncode)

    def _progress_option(self) -> tuple[str, ...]:
        major, minor = self._version()
        return ("--progress-bar", "raw" if (major, minor) >= (24, 1) else "off")

    def _version(self) -> tuple[int, int]:
        for info in site_packages(self.python).glob("pip-*.dist-info"):
            major, minor = info.name.split("-")[1].split(".")[:2]
            return int(major), int(minor)
        return 0, 0

    def _follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        installing, before = 0, _installed(self.python)
        with open(self.log, "a", encoding="utf-8") as log:
            for line in _lines(process.stdout):
                if line.startswith("Installing collected packages:"):
                    installing, before = line.count(",") + 1, _installed(self.python)
                if line and not line.startswith("Progress "):
                    log.write(line + "\n")
                    self.tail = [*self.tail[-200:], line]
                if installing:
                    done = min(_installed(self.python) - before, installing)
                    self.tell(Step("install", "Unpacking packages", done, installing))
                else:
                    self._tell_download(line)
        process.wait()

    def _tell_download(self, line: str) -> None:
        if line.startswith("Progress "):
            now = self.received + int(line.split()[1])
        elif line.strip().startswith(("Downloading ", "Using cached ")) and ".metadata" not in line:
            now = self.received = self.received + self._pending
            self._pending = _size(line)
        else:
            return
        done = min(now // MEGA, self.expected_mb)
        self.tell(Step("download", "Fetching packages", done, self.expected_mb, now))

    _pending: int = 0

    def _refusal(self, code: int) -> Refusal:
        text = "\n".join(self.tail)
        if "No space left on device" in text or "not enough space on the disk" in text:
            return Refusal("disk-full", f"The disk is full: packages could not be unpacked under {self.python.parents[1]}.",
                           "Free some space and start again; what has been fetched is kept.")  # fmt: skip
        if missing := _MISSING.search(text):
            if self.wheels:
                return Refusal("no-such-wheel", f"{self.wheels} has no wheel of {missing[1]} that fits this machine.",
                               "Add it to the folder, or install from the network.")  # fmt: skip
            if not _NO_NETWORK.search(text):
                return Refusal("no-such-package", f"No build of {missing[1]} fits this machine and its Python.",
                               "Use a 64-bit Python 3.11, 3.12 or 3.13 on Linux, Windows or macOS.")  # fmt: skip
        if _NO_NETWORK.search(text):
            return Refusal("no-network", "The package index could not be reached.",
                           "Check the connection and start again, or install from a folder of wheels (--wheels FOLDER).")  # fmt: skip
        if "Permission denied" in text:
            return Refusal("unwritable", f"Packages could not be written to {self.python.parents[1]} (permission denied).",
                           "Choose another place by the environment variable MAMBOCAP_HOME.")  # fmt: skip
        last = next((line for line in reversed(self.tail) if line.startswith("ERROR")), f"code {code}")
        return Refusal("pip-failed", f"pip ended with: {last.removeprefix('ERROR: ').rstrip('.')}.",
                       f"Start again; if it fails the same way, send {self.log}.")  # fmt: skip


def site_packages(python: Path) -> Path:
    """Where a virtual environment keeps its packages."""
    root = python.parents[1]
    if (root / "Lib").is_dir():
        return root / "Lib/site-packages"
    return next(iter(root.glob("lib/python3.*/site-packages")), root)


def forget_half_installed(python: Path) -> None:
    """Make pip install again what an interrupted pip left: it writes INSTALLER when all other files are there."""
    for info in site_packages(python).glob("*.dist-info"):
        if not (info / "INSTALLER").exists():
            (info / "METADATA").unlink(missing_ok=True)


def _installed(python: Path) -> int:
    return sum(1 for _ in site_packages(python).glob("*.dist-info/INSTALLER"))


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


def _size(line: str) -> int:
    found = _SIZE.search(line)
    return int(float(found[1]) * _UNITS[found[2]]) if found else 0


def _environment() -> dict[str, str]:
    """This process's environment without what would make pip install elsewhere."""
    unwanted = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES", "PIP_CONSTRAINT", "LD_LIBRARY_PATH"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "PIP_USER": "0", "LC_ALL": "C.UTF-8"}
