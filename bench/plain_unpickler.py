"""Pickles of arrays and plain containers, read without running anything that they name.

Not even numpy's own functions are called: what a pickle of an array names is answered by stand-ins that keep numbers.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from typing import IO, Any

import numpy as np

_PLAIN_DTYPE = re.compile(r"[|<>=]?[biufcSU]\d{1,6}|\|?O8?")
_ALLOWED_ERRORS = (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, KeyError, IndexError,
                   ImportError, OverflowError, MemoryError, RecursionError, AssertionError)  # fmt: skip


class NotPlain(Exception):
    """The pickle is damaged, or names something that is neither an array nor a plain container."""


class PickledDtype:
    """numpy.dtype, of numbers and text of fixed width only: no fields, no objects but as lists."""

    def __init__(self, name: str, align: bool = False, copy: bool = False) -> None:
        if not (isinstance(name, str) and _PLAIN_DTYPE.fullmatch(name)):
            raise NotPlain(f"the dtype {str(name)[:40]}")
        self.holds_objects = "O" in name
        self.dtype = np.dtype(object if self.holds_objects else name)

    def __setstate__(self, state: tuple) -> None:
        """(version, byte order, subdtype, names, fields, item size, alignment, flags)."""
        if any(part is not None for part in state[2:5]):
            raise NotPlain("a dtype with fields")
        if not self.holds_objects and state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


class PickledArray:
    """numpy.ndarray as its pickle fills it; `values` is the array, of object only where it lists other things."""

    values: Any = None

    def __setstate__(self, state: tuple) -> None:
        """(version, shape, dtype, column-major, bytes or list)."""
        _, shape, dtype, column_major, raw = state
        self.values = _shaped(raw, dtype, shape, "F" if column_major else "C")


def load_plain(stream: IO[bytes]) -> Any:
    """What a pickle holds: PickledArray, numbers, text, None, and lists, tuples and dictionaries of them.

    Raises NotPlain for everything else; nothing that it names is called.
    """
    try:
        return _PlainUnpickler(stream).load()
    except _ALLOWED_ERRORS as error:
        raise NotPlain("damage") from error


class _Function:
    """What a pickle may call, and not change."""

    def __init__(self, function: Callable) -> None:
        self.function = function

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    def __setstate__(self, state: Any) -> None:
        raise NotPlain("a change of what reads it")


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _STAND_INS[module, name]
        except KeyError:
            raise NotPlain(f"{module}.{name}") from None

    def persistent_load(self, pid: Any) -> Any:
        raise NotPlain("a reference to something outside of it")


def _shaped(raw: Any, dtype: PickledDtype, shape: tuple, order: str) -> np.ndarray:
    if dtype.holds_objects:
        values = np.empty(len(raw), object)
        values[:] = raw
        return values.reshape(shape, order=order)
    raw = raw.encode("latin1") if isinstance(raw, str) else raw        # Python 2 wrote bytes as text
    return np.frombuffer(raw, dtype.dtype).reshape(shape, order=order)


def _reconstruct(_kind: Any, _shape: tuple, _code: Any) -> PickledArray:
    return PickledArray()


def _from_buffer(raw: bytes, dtype: PickledDtype, shape: tuple, order: str) -> PickledArray:
    array = PickledArray()
    array.values = _shaped(bytes(raw), dtype, shape, order)
    return array


def _scalar(dtype: PickledDtype, raw: Any) -> Any:
    return _shaped(raw, dtype, (), "C").item()


def _encode(text: str, encoding: str) -> bytes:
    """How Python 3 writes bytes in protocol 2."""
    if encoding != "latin1":
        raise NotPlain(f"the encoding {encoding[:40]}")
    return text.encode(encoding)


def _no_bytes() -> bytes:
    """How Python 3 writes none in protocol 2."""
    return b""


_STAND_INS = {
    ("numpy", "dtype"): PickledDtype,
    ("numpy", "ndarray"): PickledArray,
    ("collections", "OrderedDict"): dict,
    ("_codecs", "encode"): _Function(_encode),
    ("__builtin__", "bytes"): _Function(_no_bytes),
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _Function(_reconstruct) for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _Function(_scalar) for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _Function(_from_buffer) for core in ("core", "_core")},
}
