"""Checks at birth for data classes that hold arrays."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
_FLOATS: Mapping[str, npt.DTypeLike] = MappingProxyType({})


def check_shape(name: str, array: npt.NDArray, shape: str, **sizes: int) -> None:
    """Raise ValueError unless `array` has `shape`, such as "T 55 3" with T given in `sizes`.

    A letter that is not in `sizes` may have any length.
    """
    wanted = [sizes.get(word, -1) if not word.isdigit() else int(word) for word in shape.split()]
    fits = len(wanted) == array.ndim and all(w in (-1, n) for w, n in zip(wanted, array.shape))
    if not fits:
        known = ", ".join(f"{letter} = {size}" for letter, size in sizes.items())
        with_sizes = f" with {known}" if known else ""
        raise ValueError(f"{name} must be [{', '.join(shape.split())}]{with_sizes}, not {list(array.shape)}.")


def freeze(
    owner: object, shapes: Mapping[str, str], kinds: Mapping[str, npt.DTypeLike] = _FLOATS, **sizes: int
) -> None:  # fmt: skip
    """Make the named arrays of a frozen data class read-only, as frozen does; kinds: of those that do not hold floats.

    Raises ValueError for one that has not its shape, as check_shape does.
    """
    for name, shape in shapes.items():
        array = frozen(getattr(owner, name), kinds.get(name, np.float64))
        check_shape(name, array, shape, **sizes)
        object.__setattr__(owner, name, array)


def handed_over(array: npt.NDArray) -> npt.NDArray:
    """The array itself, read-only, for a data class to keep without a copy: its maker holds it no longer."""
    array.flags.writeable = False
    return array


def frozen(array: npt.ArrayLike, dtype: npt.DTypeLike = np.float64) -> npt.NDArray:
    """A read-only copy, so that no stage changes what another one holds; what nobody can change is shared."""
    if isinstance(array, np.ndarray) and array.dtype == dtype and array.flags.owndata and not array.flags.writeable:
        return array
    copy = np.array(array, dtype=dtype)
    copy.flags.writeable = False
    return copy
