"""Stages that need not run again: their output, found by what it was made from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from motion.open_archive import DAMAGED
from motion.refusal import Refusal
from motion.whole_files import written_whole

SOURCES = Path(__file__).resolve().parents[1]
CODE = (".py", ".json")     # what the stages do, and the numbers and names that they do it with

log = logging.getLogger(__name__)
Item = TypeVar("Item")


class Cache:
    """A folder with the latest output of every stage, as npz without pickle; of each clip, where there are several.

    Data classes of arrays and texts go in and come out exactly as they were. A file that is damaged counts as absent.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def kept(
        self, stage: str, kind: type[Item], inputs: Sequence[Any], make: Callable[[], list[Item]],
        beside: Sequence[Sequence[Any]] = (),
    ) -> list[Item]:  # fmt: skip
        """What `make` returned the last time for these inputs and this code, else what it returns now.

        What was made from other inputs goes then, but for those `beside` these, such as the take's other clips.
        """
        path = self._path(stage, inputs)
        items = self._read(path, kind)
        if items is None:
            items = make()
            self._write(path, stage, items, {path, *(self._path(stage, other) for other in beside)})
        else:
            log.info("%s is taken from %s", stage, path.name)
        return items

    def _path(self, stage: str, inputs: Sequence[Any]) -> Path:
        return self.folder / f"{stage}-{digest(*inputs)}.npz"

    def _read(self, path: Path, kind: type[Item]) -> list[Item] | None:
        try:
            with np.load(path, allow_pickle=False) as archive:
                if any(member.compress_type != zipfile.ZIP_STORED for member in archive.zip.infolist()):
                    raise ValueError("it is packed, which nothing here is")
                return [_item(kind, archive, f"{index}.") for index in range(int(archive["count"]))]
        except FileNotFoundError:
            return None
        except DAMAGED as error:
            log.warning("%s is damaged and made again (%s)", path.name, error)
            return None

    def _write(self, path: Path, stage: str, items: list[Any], staying: set[Path]) -> None:
        """Keep `items` in place of what the stage kept before. A full disk costs only the time of making them again."""
        arrays = {f"{i}.{each.name}": getattr(item, each.name) for i, item in enumerate(items) for each in fields(item)}
        try:
            self.folder.mkdir(exist_ok=True)
            with written_whole(path) as stream:
                np.savez(stream, count=np.array(len(items)), **arrays)
        except (Refusal, OSError) as error:
            log.warning("%s could not be kept: %s", stage, error)
            return
        for other in self.folder.glob(f"{stage}-*.npz"):
            if other not in staying:
                with contextlib.suppress(OSError):
                    other.unlink()


def _item(kind: type[Item], archive: Any, prefix: str) -> Item:
    arrays = {field.name: archive[prefix + field.name] for field in fields(kind)}   # type: ignore[arg-type]
    return kind(**{name: str(array) if array.dtype.kind == "U" else array for name, array in arrays.items()})


def digest(*inputs: Any) -> str:
    """A name for inputs by their content: data classes of settings, texts, numbers."""
    text = json.dumps([asdict(i) if is_dataclass(i) else i for i in inputs], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def code_digest(*folders: str) -> str:
    """A name for the sources of some of the backend's folders: other code, or other numbers in it, is other output."""
    found = (path for folder in folders for path in (SOURCES / folder).rglob("*"))
    files = sorted(path for path in found if path.suffix in CODE)
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:24]
