"""The driver's end of sending: gives out pieces of the batch's own files, and puts what comes back in its place."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.batch.shipping.entries import Entry, entries_under, entry_of
from backend.video.sequence import is_picture, pictures_from, pictures_in
from motion.batch.words import BatchRequest
from motion.job import REQUEST, read_object
from motion.refusal import Refusal
from motion.whole_files import put_in_place, remove

LARGEST_PIECE_BYTES = 8 << 20
SERIES = (".json", ".txt", ".bin")   # of settings' files: those beside them of the same kind belong to them


@dataclass(frozen=True)
class Shipment:
    """The takes of a batch whose footage and results are sent."""

    batch: str                # name of the batch's folder on the machines
    jobs: tuple[str, ...]     # the takes' job folders, whole paths


@dataclass(frozen=True)
class Wanted:
    """What a job's request asks for, with its files as whole paths of the driver's machine."""

    request: Mapping[str, Any]
    files: Mapping[str, str]      # the request's word to the whole path, of each clip and each setting's file
    actor_folder: str


def shipment_of(folder: Path, request: BatchRequest) -> Shipment:
    """Of the batch in `folder`."""
    takes = Path(request.takes_folder) if request.takes_folder else folder
    return Shipment(secrets.token_hex(8), tuple(os.path.abspath(takes / wanted.name) for wanted in request.takes))


class Sender:
    """Reads and writes on the driver's machine for workers elsewhere: files that takes name, and their job folders.

    Everything else raises PermissionError. Several threads may call it at the same time.
    """

    def __init__(self, shipment: Shipment) -> None:
        self._jobs = set(shipment.jobs)
        self._over: set[str] = set()
        self._wanted: dict[str, Wanted] = {}
        self._given: set[str] = set()          # files that may be read
        self._folders = set(shipment.jobs)     # that may be read and written
        self._digests: dict[Entry, str] = {}
        self._sent_bytes = self._got_bytes = 0

    def wanted(self, job: str) -> Wanted:
        """What the request in a job folder names. Raises PermissionError for a folder of none of the batch's takes."""
        if job not in self._jobs:
            raise PermissionError(f"{job} is no job of this batch")
        request = read_object(Path(job) / REQUEST) or {}
        files = {text: os.path.abspath(os.path.join(job, text)) for text in _texts(request.get("clips"))}
        named = {text: os.path.abspath(os.path.expanduser(text)) for text in _named_files(request.get("settings"))}
        named = {text: path for text, path in named.items() if os.path.exists(path)}
        actors = request.get("actor_folder") or ""
        actors = os.path.abspath(os.path.join(job, actors)) if actors else ""
        self._folders |= {actors} - {""}
        self._wanted[job] = Wanted(request, {**named, **files}, actors)
        return self._wanted[job]

    def belonging(self, job: str, path: str) -> list[Entry]:
        """The files that footage or a setting's file at `path` consists of; none where there is none."""
        if path not in self._wanted[job].files.values():
            raise PermissionError(f"{path} is not named by {job}")
        found = [entry_of(each) for each in _footage(Path(path)) if each.is_file()]
        self._given |= {entry.path for entry in found}
        return found

    def inside(self, folder: str) -> list[Entry]:
        """All files in a job folder or the actors' folder, their paths whole."""
        if folder not in self._folders:
            raise PermissionError(f"{folder} is no folder of this batch")
        return entries_under(Path(folder))

    def read(self, path: str, offset: int, length: int) -> bytes:
        """At most LARGEST_PIECE_BYTES of a file."""
        if path not in self._given:
            self._check_inside(path)
        with open(path, "rb") as stream:
            stream.seek(offset)
            piece = stream.read(min(length, LARGEST_PIECE_BYTES))
        self._sent_bytes += len(piece)
        return piece

    def digest(self, path: str) -> str:
        """SHA-256 of a file, read once for all who ask."""
        if path not in self._given:
            self._check_inside(path)
        entry = entry_of(Path(path))
        if entry not in self._digests:
            with open(path, "rb") as stream:
                self._digests[entry] = hashlib.file_digest(stream, "sha256").hexdigest()
        return self._digests[entry]

    def write(self, path: str, number: int, offset: int, piece: bytes) -> None:
        """A piece of a file that comes back, kept aside until land(). `number` tells two senders of it apart."""
        self._check_inside(path)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with open(_aside(path, number), "r+b" if offset else "wb") as stream:
            stream.seek(offset)
            stream.write(piece)
        self._got_bytes += len(piece)

    def land(self, path: str, number: int, entry: Entry, sha256: str) -> None:
        """Put a file in its place, if it has come whole. Raises OSError where it has not."""
        self._check_inside(path)
        aside = _aside(path, number)
        with open(aside, "rb") as stream:
            arrived = hashlib.file_digest(stream, "sha256").hexdigest()
        if arrived != sha256:
            aside.unlink()
            raise OSError(errno.EIO, "it did not arrive whole", path)
        os.utime(aside, ns=(entry.changed_us * 1000, entry.changed_us * 1000))
        put_in_place(aside, Path(path))

    def remove(self, path: str) -> None:
        """A file that the work removed."""
        self._check_inside(path)
        remove(Path(path))

    def end(self, job: str) -> None:
        """The take is over: its footage is not needed any more, unless another take has the same."""
        self._over.add(job)

    def no_longer_needed(self) -> list[str]:
        """Paths of footage and folders that machines need not keep."""
        done: set[str] = set()
        needed: set[str] = set()
        for job, wanted in self._wanted.items():
            (done if job in self._over else needed).update(wanted.files.values())
        return sorted((done - needed) | self._over)

    def passed_bytes(self) -> tuple[int, int]:
        """All that was given out, and all that came back."""
        return self._sent_bytes, self._got_bytes

    def _check_inside(self, path: str) -> None:
        real = Path(os.path.realpath(path))
        if not any(real.is_relative_to(os.path.realpath(folder)) for folder in self._folders):
            raise PermissionError(f"{path} is no file of this batch")


def _aside(path: str, number: int) -> Path:
    return Path(path).with_name(f".{Path(path).name}.{number}.tmp")


def _footage(path: Path) -> Iterable[Path]:
    if path.is_dir():
        try:
            return pictures_in(path)
        except Refusal:   # a folder that a setting names
            return sorted(each for each in path.rglob("*") if each.is_file())
    if is_picture(path) and path.is_file():
        return pictures_from(path)
    if path.suffix.lower() in SERIES and path.is_file():
        return sorted(each for each in path.parent.iterdir() if each.suffix.lower() == path.suffix.lower())
    return [path]


def _named_files(settings: Any) -> Iterable[str]:
    """The texts of settings that may name a file: "..._file", and the model that finds people."""
    if isinstance(settings, Mapping):
        for name, value in settings.items():
            may_be = str(name).endswith("_file") or (name == "model" and any(sign in str(value) for sign in "./\\"))
            if isinstance(value, str) and value and may_be:
                yield value
            yield from _named_files(value)


def _texts(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
