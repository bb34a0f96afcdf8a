"""Opening .npz files that others wrote: bounded in size, never unpickled, and all errors that damaged ones raise."""

from __future__ import annotations

import contextlib
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

# What numpy and zipfile raise for damaged files: of the zip, of what is packed in it, of the text before an array.
DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, EOFError,
           MemoryError, SyntaxError, tokenize.TokenError, zipfile.BadZipFile, zlib.error)  # fmt: skip

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)   # as numpy does; others unpack to more than they announce


class TooMuch(ValueError):
    """An archive that unpacks to more than it may, in words that follow a colon."""


@contextlib.contextmanager
def opened(path: Path, most_bytes: int) -> Iterator[np.lib.npyio.NpzFile]:
    """The archive, which unpacks to at most so many bytes. Raises an error of DAMAGED for anything else."""
    with np.load(path, allow_pickle=False) as archive:
        members = archive.zip.infolist()
        if sum(member.file_size for member in members) > most_bytes:
            raise TooMuch(f"it unpacks to more than {most_bytes / 2**30:.2g} GB")
        if any(member.compress_type not in _PACKED for member in members):
            raise ValueError("packed in another way than numpy's")
        yield archive


def announced(archive: np.lib.npyio.NpzFile, name: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and kind of an array, before it takes any memory. Raises an error of DAMAGED."""
    member = name if name in archive.zip.NameToInfo else f"{name}.npy"
    with archive.zip.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read(stream)
    return shape, kind
