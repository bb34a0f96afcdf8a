"""What is known of a reader, and what becomes of a damaged file that it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from motion.refusal import Refusal

ACCEPTED, REFUSED = "accepted", "refused"
TOO_LARGE = "too much memory"


@dataclass(frozen=True)
class Reader:
    """Something that reads files of one kind."""

    write: Callable[[Path], Any]     # whole files into an empty folder
    read: Callable[[Path], Any]      # those of the folder; None where what is damaged is passed over or made again
    share: float = 1.0               # of the damaged files, against the other readers'
    documented: tuple[type[Exception], ...] = ()   # what it may raise beside Refusal, since its caller asks for it


@dataclass(frozen=True)
class Outcome:
    """What a reader made of a file."""

    kind: str       # ACCEPTED, REFUSED, or else what went wrong, in words


@dataclass(frozen=True)
class Part:
    """Damaged files of one reader, by their numbers."""

    reader: str
    first: int
    end: int
    seed: int


@dataclass(frozen=True)
class Tried:
    """What became of one damaged file."""

    number: int
    kind: str            # ACCEPTED, REFUSED, or what went wrong, in words
    damages: str         # their names
    milliseconds: float  # of the processor


def went_well(one: Tried) -> bool:
    return one.kind in (ACCEPTED, REFUSED)


def outcome_of(reader: Reader, folder: Path) -> Outcome:
    """Reads the files of the folder."""
    try:
        with np.errstate(all="ignore"):
            return Outcome(REFUSED if reader.read(folder) is None else ACCEPTED)
    except Refusal as refusal:
        return Outcome(REFUSED if _is_plain(refusal) else f"no plain sentence: {str(refusal)[:200]!r}")
    except reader.documented:
        return Outcome(REFUSED)
    except Exception as error:     # that there is none is what is looked for
        return Outcome(f"{type(error).__name__}: {str(error)[:200]}{_place(error)}")


def _is_plain(refusal: Refusal) -> bool:
    """Whether it says in one line each what is wrong and what to do."""
    return all(said.endswith((".", "?")) and "\n" not in said for said in (refusal.sentence, refusal.mend))


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace is not None else ""


def finite(*arrays: Any) -> bool:
    """True. Raises AssertionError where one holds numbers that are not finite."""
    assert all(np.isfinite(array).all() for array in arrays), "numbers that are not finite"
    return True
