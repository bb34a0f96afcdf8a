"""The captures that lie on the disk: made, listed, measured, deleted. Knows nothing of Blender."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..motion.job import CACHE, MOTION, REQUEST, Request, read_request, read_result
from ..motion.places import jobs_folder
from ..motion.refusal import Refusal
from ..motion.whole_files import unwritable
from . import backend_process

STATE_WORDS = {"running": "Running", "finished": "Finished", "failed": "Stopped", "interrupted": "Interrupted"}
_STAMP = "%Y%m%d-%H%M%S"   # names of folders begin with it, so that they sort by age


@dataclass(frozen=True)
class Job:
    """One capture on the disk, as it was when it was looked at."""

    folder: Path
    clip: str          # name of the footage, of several clips in words
    state: str         # see backend_process.state
    people: int
    byte_count: int

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def when(self) -> str:
        """Day and time at which it was begun, empty when its folder was renamed."""
        try:
            return f"{datetime.strptime(self.name[:15], _STAMP):%d %b, %H:%M}"
        except ValueError:
            return ""


def new_job(clip: Path, request: Request) -> Path:
    """A job folder for `clip` with its request in it. Raises Refusal when the disk does not take it."""
    stem = re.sub(r"[^\w-]+", "_", clip.stem)[:40] or "clip"
    folder = jobs_folder() / f"{datetime.now():{_STAMP}-%f}-{stem}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    request.write(folder)
    if len(request.clips) > 1:
        _take_over_caches(folder, request)
    return folder


def _take_over_caches(folder: Path, request: Request) -> None:
    """Let what earlier captures kept of the same clips be found: a camera more costs the work of one clip.

    Files are found by what they were made from, so that those of other settings do no harm.
    """
    for job in _folders():
        with contextlib.suppress(Refusal):
            if job != folder and set(read_request(job).clips) & set(request.clips):
                _share_cache(job / CACHE, folder / CACHE)


def _share_cache(source: Path, target: Path) -> None:
    """Finished files are never written again, so that both captures may hold the same; what cannot be had is not."""
    with contextlib.suppress(OSError):
        target.mkdir(exist_ok=True)
        for path in source.glob("*.npz"):
            try:
                os.link(path, target / path.name)
            except FileExistsError:
                continue
            except OSError:   # a disk without hard links
                shutil.copyfile(path, target / path.name)


def _folders() -> list[Path]:
    """Of every capture on the disk, the newest first."""
    try:
        return sorted((f for f in jobs_folder().iterdir() if (f / REQUEST).exists()), reverse=True)
    except OSError:
        return []


def all_jobs() -> list[Job]:
    """Every capture on the disk, the newest first."""
    return [job for folder in _folders() if (job := look_at(folder)) is not None]


def look_at(folder: Path) -> Job | None:
    """The capture in `folder`, None when its request cannot be read."""
    try:
        request = read_request(folder)
    except Refusal:
        return None
    state = backend_process.state(folder)
    return Job(folder, _clips_in_words(request), state, len(motion_files(folder)), _byte_count(folder))


def motion_files(folder: Path) -> list[Path]:
    """The motions that a capture left, one per person, in the order of its result."""
    result = read_result(folder)
    people = result.people if result is not None else ()
    files = [folder / person.folder / MOTION for person in people] or sorted(folder.glob(f"person_*/{MOTION}"))
    return [path for path in files if path.exists()]


def clip_name(folder: Path) -> str:
    """The name of the footage that a capture is of."""
    try:
        return _clips_in_words(read_request(folder))
    except Refusal:
        return folder.name


def _clips_in_words(request: Request) -> str:
    """Such as "dance.mp4 and 2 more"."""
    more = len(request.clips) - 1
    return Path(request.clips[0]).name + (f" and {more} more" if more else "")


def has_preview(folder: Path) -> bool:
    """Whether a capture was asked to draw its preview."""
    try:
        return read_request(folder).preview
    except Refusal:
        return False


def people_words(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def size_words(found: list[Job]) -> str:
    """What captures take on the disk, such as "120 MB"."""
    megabytes = sum(job.byte_count for job in found) / 1e6
    return f"{megabytes / 1e3:.1f} GB" if megabytes >= 1e3 else f"{megabytes:.0f} MB"


def delete_cache(folder: Path) -> None:
    """Delete what a capture keeps for solving again, unless it runs. Raises Refusal when the disk refuses."""
    if backend_process.state(folder) != "running" and (folder / CACHE).is_dir():
        _remove(folder / CACHE)


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _byte_count(folder: Path) -> int:
    found = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):   # gone since, as a running capture's temporary files are
            found += path.stat().st_size if path.is_file() else 0
    return found


def delete(folder: Path) -> None:
    """Delete a capture's folder. Raises Refusal while it runs, when the disk refuses, and for any other folder."""
    if folder.resolve().parent != jobs_folder().resolve() or not (folder / REQUEST).exists():
        raise Refusal("no-job", f"{folder} is no capture of Mambocap.", "Press Look Again to see which there are.")
    if backend_process.state(folder) == "running":
        raise Refusal("job-runs", f"{folder.name} is still running.", "Cancel it first.")
    _remove(folder)
