"""Lifted windows by the thousand, in files that are whole whenever the work is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np

from backend.lift.network.lifter import Lifter
from backend.train.batches import Batch
from backend.train.hypotheses.lift_batch import lifted_windows
from backend.train.hypotheses.lifted_windows import LiftedWindows, write_windows

WINDOWS_A_FILE = 400


def make_windows(
    batches: Iterator[Batch], lifter: Lifter, count: int, folder: Path, name: str, report: Callable[[int], None]
) -> int:
    """At least `count` windows of batches, or of all there are, in files `name`_0000.npz and so on.

    `report` is told how many are made. Returns how many there are. Raises Refusal when the disk refuses.
    """
    made, file, parts = 0, 0, []
    for batch in batches:
        if (windows := lifted_windows(batch, lifter)) is not None:
            parts.append(windows)
            made += len(windows)
            report(made)
        if made >= count:
            break
        if sum(map(len, parts)) >= WINDOWS_A_FILE:
            write_windows(folder / f"{name}_{file:04d}.npz", _together(parts))
            file, parts = file + 1, []
    if parts:
        write_windows(folder / f"{name}_{file:04d}.npz", _together(parts))
    return made


def _together(parts: list[LiftedWindows]) -> LiftedWindows:
    names = [field.name for field in fields(LiftedWindows)]
    return LiftedWindows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
