"""Licensed data sets come as pickles, and a pickle may run anything: this makes plain arrays of them, once.

    python -m bench.converted_pickle FILE.pkl FILE.npz

FILE.pkl is a pickle, or an .npz with pickles inside it. Names say where an array stood: `test/joint_2d`. The product
never calls this.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bench.plain_unpickler import NotPlain, PickledArray, load_plain
from motion.refusal import Refusal
from motion.whole_files import written_whole

MOST_PARTS = 20_000_000      # Human3.6M has 6 million names of cameras, actions and takes
DEEPEST = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.converted_pickle", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    try:
        arrays = converted(options.source)
        with written_whole(options.target) as stream:
            np.savez(stream, **arrays)
    except Refusal as refusal:
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return 2
    for name, values in arrays.items():
        print(f"{name}  {values.dtype}  {' x '.join(map(str, values.shape))}")
    return 0


def converted(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a pickle, or of an .npz, by where they stand in it. Raises Refusal for anything else in it."""
    try:
        return _arrays(_content(path))
    except NotPlain as error:
        raise Refusal("not-plain", f"{path.name} holds more than arrays and plain containers: {error}.",
                      "Take the file from its makers again; nothing of it was run.") from error  # fmt: skip
    except OSError as error:
        raise Refusal("unreadable", f"{path} cannot be read ({error.strerror}).",
                      "Name a file that is there.") from error  # fmt: skip


def _content(path: Path) -> Any:
    with open(path, "rb") as stream:
        if not zipfile.is_zipfile(stream):
            stream.seek(0)
            return load_plain(stream)
    try:
        with zipfile.ZipFile(path) as archive:
            return {name.removesuffix(".npy"): _member(archive.read(name)) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, MemoryError, RuntimeError) as error:
        raise NotPlain("damage") from error


def _member(content: bytes) -> Any:
    """An array of an .npz; what numpy would unpickle is unpickled plainly."""
    stream = io.BytesIO(content)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    version = np.lib.format.read_magic(stream)
    if version not in readers:
        raise NotPlain(f"an array of version {version}")
    _, _, dtype = readers[version](stream)
    if dtype.hasobject:
        return load_plain(stream)
    return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)


def _arrays(content: Any) -> dict[str, np.ndarray]:
    """Every array within, by the path that leads to it."""
    arrays: dict[str, np.ndarray] = {}
    waiting, looked_at = [("", _opened(content))], 0
    while waiting:
        name, part = waiting.pop()
        looked_at += _size(part)
        if looked_at > MOST_PARTS or name.count("/") > DEEPEST:
            raise NotPlain("containers that hold each other without end")
        leaf = _leaf(part)
        if leaf is None:
            waiting += [(f"{name}/{key}".lstrip("/"), _opened(each)) for key, each in _members(part, name)]
        elif name in arrays:
            raise NotPlain(f"two things called {name}")
        else:
            arrays[name or "values"] = leaf
    return arrays


def _opened(part: Any) -> Any:
    """The array of a stand-in, and what an array of objects lists."""
    if isinstance(part, PickledArray):
        part = part.values
    if isinstance(part, np.ndarray) and part.dtype == object:
        return part.item() if part.ndim == 0 else part.tolist()
    return part


def _size(part: Any) -> int:
    return 1 + len(part) if isinstance(part, (list, tuple, dict)) else 1


def _leaf(part: Any) -> np.ndarray | None:
    """An array of what is one, or a number, or text, or a list of numbers or of texts; None for containers."""
    if isinstance(part, np.ndarray) and part.dtype != object:
        return part
    if isinstance(part, (bool, int, float, complex, str)):
        return _as_array(part)
    if isinstance(part, (list, tuple)) and part:
        for kinds in (str, (bool, int, float)):
            if all(isinstance(each, kinds) for each in part):
                return _as_array(part)
    return None


def _as_array(part: Any) -> np.ndarray:
    values = np.array(part)
    if values.dtype == object:
        raise NotPlain("a number that is too large")
    return values


def _members(part: Any, name: str) -> Iterable[tuple[str | int, Any]]:
    if isinstance(part, dict):
        if not all(isinstance(key, (str, int)) and "/" not in str(key) for key in part):
            raise NotPlain("a dictionary with keys that are no names")
        return part.items()
    if isinstance(part, (list, tuple)):
        return enumerate(part)
    if part is not None:
        raise NotPlain(f"a {type(part).__name__} at {name or 'its top'}")
    return ()


if __name__ == "__main__":
    sys.exit(main())
