"""Arrays of a data set that a user brings, as bench.converted_pickle writes them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from motion.refusal import Refusal

CONVERT = "Make the file from the published one with `python -m bench.converted_pickle`."
NUMBERS, TEXTS = "bfiu", "U"       # numpy's letters for kinds of arrays
_DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, KeyError, AttributeError, TypeError, MemoryError,
           RuntimeError)  # fmt: skip


def read_arrays(path: Path, names: Sequence[str], data_set: str) -> dict[str, np.ndarray]:
    """The named arrays of an .npz; Refusal for other files, and for pickles, which are never opened here."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            missing = [name for name in names if name not in archive]
            if missing:
                raise Refusal("other-data", f"{path.name} is not {data_set}: it lacks {', '.join(missing)}.", CONVERT)
            return {name: archive[name] for name in names}
    except OSError as error:
        raise Refusal("no-data", f"{path} cannot be read ({error.strerror}).", CONVERT) from error
    except _DAMAGE as error:
        raise Refusal("no-arrays", f"{path.name} holds no plain arrays.", CONVERT) from error


def names_in(path: Path) -> list[str]:
    """All names in an .npz; none where it is no such file."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return list(archive.files)
    except (OSError, *_DAMAGE):
        return []


def check(path: Path, name: str, values: np.ndarray, shape: tuple[int | None, ...], kinds: str = NUMBERS) -> None:
    """Refuses an array of another shape (None: any length), of another kind, or with numbers that are not finite."""
    fits = values.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, values.shape, strict=True))
    if not fits or values.dtype.kind not in kinds or values.size == 0:
        wanted = " x ".join("N" if each is None else str(each) for each in shape)
        got = " x ".join(map(str, values.shape)) or "one"
        raise Refusal("other-data", f"{path.name} has {name} as {got} of {values.dtype}, which should be {wanted} "
                      f"{'texts' if kinds == TEXTS else 'numbers'}.", CONVERT)  # fmt: skip
    if kinds == NUMBERS and not np.isfinite(values).all():
        raise Refusal("other-data", f"{path.name} has numbers in {name} that are not finite.", CONVERT)
