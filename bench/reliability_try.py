"""Gives a reader damaged files, one after another, and looks at time and memory."""

from __future__ import annotations

import shutil
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.reliability_damage import damaged
from bench.reliability_memory import peak_mb
from bench.reliability_reader import TOO_LARGE, Part, Tried, outcome_of
from bench.reliability_readers import READERS

LONGEST_S = 10.0        # of the processor, for a damaged file of at most a few MB
MEMORY_BOUND_MB = 512   # by which reading one may raise the memory of a process


def tried(part: Part, folder: Path, peak_before: float | None = None) -> Iterator[Tried]:
    """Tries all files of a part in `folder`, in order; `peak_before` is the memory, MB, that a process may have had."""
    reader = READERS[part.reader]
    whole = folder / "whole"
    shutil.rmtree(whole, ignore_errors=True)
    whole.mkdir()
    reader.write(whole)
    outcome_of(reader, whole)     # what it keeps from then on is not the damaged files' fault
    contents = {path: path.read_bytes() for path in sorted(whole.rglob("*")) if path.is_file()}
    peak_before = peak_mb() if peak_before is None else max(peak_before, peak_mb())
    for number in range(part.first, part.end):
        damages = damage(part.reader, number, part.seed, whole, contents)
        start_s = time.process_time()
        kind = outcome_of(reader, whole).kind
        milliseconds = 1000.0 * (time.process_time() - start_s)
        if peak_mb() - peak_before > MEMORY_BOUND_MB:
            kind = TOO_LARGE
        elif milliseconds > 1000.0 * LONGEST_S:
            kind = f"more than {LONGEST_S:.0f} s of the processor"
        yield Tried(number, kind, damages, milliseconds)
        _restore(whole, contents)


def damage(reader: str, number: int, seed: int, folder: Path, contents: dict[Path, bytes] | None = None) -> str:
    """Damages one of the whole files in a folder as the number says; gives the file's and the damages' names."""
    contents = contents or {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    rng = np.random.default_rng([seed, zlib.crc32(reader.encode()), number])
    path = list(contents)[rng.integers(len(contents))]
    content, kinds = damaged(path.name, contents[path], rng)
    path.write_bytes(content)
    return f"{path.name}, {kinds}"


def _restore(folder: Path, contents: dict[Path, bytes]) -> None:
    """Also where the reader wrote or took away files."""
    for path in folder.rglob("*"):
        if path.is_file() and path not in contents:
            path.unlink()
    for path, content in contents.items():
        path.write_bytes(content)
