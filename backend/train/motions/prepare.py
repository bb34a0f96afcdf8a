"""From a folder of recordings to one file of training clips."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath

import numpy as np

from backend.train.motions.one_recording import Prepared, prepare_recording
from backend.train.motions.sources import Found, find_recordings, read_recording
from backend.train.motions.split_table import SplitRule, read_split_rules, split_of
from backend.train.motions.teaches import Known, known_of, read_known
from motion.body import Body, read_open_body
from motion.recordings.onto_body import lay_on_body
from motion.refusal import Refusal

_CHUNK = 4   # recordings that a process takes at a time


def prepared_of(folder: Path, processes: int) -> tuple[int, Iterator[Prepared], list[str]]:
    """How many recordings there are, what becomes of each, archive by archive, and faults of archives."""
    found, faults = find_recordings(folder)
    return len(found), _in_processes(found, processes), faults


def prepare(found: Found) -> Prepared:
    """Prepare one recording; one that cannot be read says why."""
    clip = PurePosixPath(found.name).name
    rules, known = _tables()
    split = split_of(rules, found.source, found.subject, clip)
    try:
        recording = read_recording(found)
        lay = partial(lay_on_body, body=_average_body())
        return prepare_recording(found, recording, lay, split, known_of(known, found.source, clip))
    except Refusal as refusal:
        return Prepared(found.name, found.source, split, 0.0, (), {}, refusal=refusal.sentence)


@lru_cache
def _tables() -> tuple[tuple[SplitRule, ...], tuple[Known, ...]]:
    return read_split_rules(), read_known()


@lru_cache
def _average_body() -> Body:
    return read_open_body().light().shaped(np.zeros(0))


def _in_processes(found: list[Found], processes: int) -> Iterator[Prepared]:
    if processes < 2:
        yield from map(prepare, found)
        return
    # Not a fork: threads of numpy's would be copied in whatever state they are.
    with multiprocessing.get_context("spawn").Pool(processes, _deaf_to_ctrl_c) as pool:
        yield from pool.imap(prepare, found, _CHUNK)


def _deaf_to_ctrl_c() -> None:
    """Ctrl-C goes to the whole group; only the parent answers, and ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

