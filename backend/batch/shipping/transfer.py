"""Files in pieces between the driver and a machine of the cluster; they appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from pathlib import Path
from typing import Protocol

from backend.batch.shipping.entries import Entry, entry_of
from backend.batch.shipping.sender import LARGEST_PIECE_BYTES, Wanted
from motion.refusal import Refusal
from motion.whole_files import DISK_FULL, put_in_place


class Files(Protocol):
    """The driver's Sender, near or far."""

    def wanted(self, job: str) -> Wanted: ...
    def belonging(self, job: str, path: str) -> list[Entry]: ...
    def inside(self, folder: str) -> list[Entry]: ...
    def read(self, path: str, offset: int, length: int) -> bytes: ...
    def digest(self, path: str) -> str: ...
    def write(self, path: str, number: int, offset: int, piece: bytes) -> None: ...
    def land(self, path: str, number: int, entry: Entry, sha256: str) -> None: ...
    def remove(self, path: str) -> None: ...
    def no_longer_needed(self) -> list[str]: ...


def is_here(entry: Entry, target: Path) -> bool:
    """Whether `target` is the file that the driver has, as it was brought or sent."""
    try:
        here = entry_of(target)
    except OSError:
        return False
    return (here.size, here.changed_us) == (entry.size, entry.changed_us)


def bring(entry: Entry, target: Path, files: Files) -> None:
    """Copy a file of the driver's to `target`, unless it is there. Raises Refusal when it changes or does not fit."""
    if is_here(entry, target):
        return
    aside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sha256 = _brought(entry, aside, files)
        if sha256 != files.digest(entry.path):
            raise Refusal("changed", f"{target.name} changed while it was sent.", "Start again when it is complete.")
        os.utime(aside, ns=(entry.changed_us * 1000, entry.changed_us * 1000))
        put_in_place(aside, target)
    except OSError as error:
        if error.errno in DISK_FULL:
            raise machine_full(target.name) from error
        raise
    finally:
        aside.unlink(missing_ok=True)


def send(source: Path, path: str, files: Files) -> None:
    """Copy a file of this machine to the driver's `path`."""
    entry, number, sha256 = entry_of(source), secrets.randbelow(1 << 48), hashlib.sha256()
    with open(source, "rb") as stream:
        offset = 0
        while (piece := stream.read(LARGEST_PIECE_BYTES)) or offset == 0:
            files.write(path, number, offset, piece)
            sha256.update(piece)
            offset += len(piece)
            if not piece:
                break
    files.land(path, number, entry, sha256.hexdigest())


def _brought(entry: Entry, aside: Path, files: Files) -> str:
    """SHA-256 of what came."""
    sha256, offset = hashlib.sha256(), 0
    with open(aside, "wb") as stream:
        while offset < entry.size:
            piece = files.read(entry.path, offset, LARGEST_PIECE_BYTES)
            if not piece:
                break
            stream.write(piece)
            sha256.update(piece)
            offset += len(piece)
    return sha256.hexdigest()


def machine_full(what: str) -> Refusal:
    """The refusal for a machine whose disk has no room for `what`."""
    return Refusal("machine-full", f"The disk of the machine {socket.gethostname()} is full: {what} does not fit.",
                   "Free some in its folder for temporary files, and start again.")  # fmt: skip
