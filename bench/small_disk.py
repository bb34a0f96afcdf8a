"""Disks that are full and folders that nobody may write to, made for real where the machine allows it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.reliability_trial import NotTriedError

BLOCK_BYTES = 4096


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own in `folder`. Raises NotTriedError where this user may make none."""
    folder.mkdir()
    if not sys.platform.startswith("linux"):
        raise NotTriedError("a small disk is made with Linux' tmpfs")
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, leave_bytes: int) -> Path:
    """Fill the disk but for some bytes; who deletes the returned file frees it."""
    ballast = disk / "ballast"
    with open(ballast, "wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            stream.write(bytes(BLOCK_BYTES))
    with open(ballast, "r+b") as stream:
        stream.truncate(max(0, ballast.stat().st_size - leave_bytes))
    return ballast


@contextlib.contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nobody may write to the folder, root neither, for whom it is mounted once more, read-only."""
    if sys.platform == "win32":
        raise NotTriedError("Windows has no folder that its owner may not write to")
    if os.geteuid() != 0:
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def limited(command: list[str], kilobytes: int) -> list[str]:
    """A command of which no process may write a file larger than this, which a quota does to it too."""
    if sys.platform == "win32":
        raise NotTriedError("Windows has no bound on the size of files")
    return ["sh", "-c", f'ulimit -f {2 * kilobytes}; exec "$@"', "sh", *command]


def _mount(*arguments: str) -> None:
    try:
        subprocess.run(["mount", *arguments], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotTriedError("this user may not mount anything") from error
