"""Files of a folder and of the archives in it, read into memory: nothing is unpacked to the disk."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from motion.refusal import Refusal

ARCHIVES = (".tar.xz", ".tar.gz", ".tgz", ".tar", ".zip")
RECORDINGS = (".bvh", ".amc", ".skm")
SKELETONS = (".asf", ".asx", ".sk")
LARGEST_FILE_BYTES = 256 << 20
LARGEST_ARCHIVE_BYTES = 2 << 30   # of what is read of one archive, unpacked
MOST_MEMBERS = 100_000

_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, lzma.LZMAError, zlib.error,
            tarfile.TarError, zipfile.BadZipFile)  # fmt: skip


def is_archive(path: Path) -> bool:
    return path.name.lower().endswith(ARCHIVES)


def is_wanted(path: PurePosixPath) -> bool:
    return path.suffix.lower() in RECORDINGS + SKELETONS


def archive_files(path: Path) -> dict[str, bytes]:
    """Recordings and skeletons of an archive, by their paths in it. Raises Refusal with a sentence.

    Paths serve as names only; links, devices and whatever is no recording are passed over.
    """
    try:
        members = _zip_members(path) if path.name.lower().endswith(".zip") else _tar_members(path)
        return _bounded(path, members)
    except _DAMAGED as error:
        raise Refusal("bad-archive", f"{path.name} is not a readable archive.", "Pack it again.") from error


def _bounded(path: Path, members: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    size = 0
    for name, data in members:
        size += len(data)
        if size > LARGEST_ARCHIVE_BYTES or len(data) > LARGEST_FILE_BYTES:
            raise Refusal("large-archive", f"{path.name} holds more than is read from an archive.",
                          "Unpack it beside the other recordings.")  # fmt: skip
        files[name] = data
    return dict(sorted(files.items()))


def _tar_members(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path, "r:*") as archive:
        for index, member in enumerate(archive):
            if index >= MOST_MEMBERS:
                raise ValueError("too many members")
            if member.isreg() and is_wanted(PurePosixPath(member.name)):
                stream = archive.extractfile(member)
                if stream is not None:
                    yield str(PurePosixPath(member.name)), stream.read(LARGEST_FILE_BYTES + 1)


def _zip_members(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > MOST_MEMBERS:
            raise ValueError("too many members")
        for member in archive.infolist():
            if not member.is_dir() and is_wanted(PurePosixPath(member.filename)):
                with archive.open(member) as stream:
                    yield str(PurePosixPath(member.filename)), stream.read(LARGEST_FILE_BYTES + 1)
