"""All footage in a folder and its sub-folders: films and image sequences, without what captures have made."""

from __future__ import annotations

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..footage_names import FILMS, PICTURES, picture_number, sequence_name
from ..job import CACHE, LEFT_OUT, LIVE_PICTURE, PREVIEW, PROXY, REQUEST
from ..refusal import Refusal
from .words import BATCH

FEWEST_PICTURES = 10   # of a sequence, a third of a second; fewer are photographs
# Of network drives, waste bins and archives, and the small copies that Blender makes of films.
_NO_FOOTAGE = {"__macosx", "@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found", "bl_proxy"}
_OUR_FILES = re.compile(rf"{re.escape(PREVIEW)}|{Path(PROXY).stem}(_\d\d)?\.mp4|{re.escape(LIVE_PICTURE)}")
_OUR_FOLDERS = re.compile(rf"person_\d\d+|{LEFT_OUT}|{CACHE}")
_HIDDEN_ON_WINDOWS = 2   # stat.FILE_ATTRIBUTE_HIDDEN


@dataclass(frozen=True)
class FoundClip:
    """A film or image sequence."""

    path: str                # whole; of a sequence its first picture
    place: tuple[str, ...]   # folders below the source, then the name without its ending

    @property
    def ending(self) -> str:
        return os.path.splitext(self.path)[1].lower()


def footage_in(source: Path) -> list[FoundClip]:
    """The footage in a folder in natural order: take 2 before take 10.

    Hidden files and folders, takes, proxies and previews of captures, and folders of batches below it are left out.
    Raises Refusal for a folder that cannot be read.
    """
    found = _footage(os.path.abspath(source), (), set())
    return sorted(found, key=lambda clip: ([*map(natural, clip.place)], clip.path))


def natural(text: str) -> list[str | int]:
    """What to sort by so that numbers in names count as numbers."""
    return [int(part) if index % 2 else part for index, part in enumerate(re.split(r"([0-9]+)", text.casefold()))]


def _footage(folder: str, place: tuple[str, ...], seen: set[str]) -> Iterator[FoundClip]:
    true_path = os.path.realpath(folder)   # links may lead in circles
    if true_path in seen:
        return
    seen.add(true_path)
    entries = _entries(folder)
    names = {entry.name for entry in entries}
    if place and BATCH in names:
        return
    ours = REQUEST in names
    files = [entry.name for entry in entries if not entry.is_dir() and not (ours and _OUR_FILES.fullmatch(entry.name))]
    yield from _clips(folder, place, files, alone=len(files) == len(entries))
    for entry in entries:
        if entry.is_dir() and not (ours and _OUR_FOLDERS.fullmatch(entry.name)):
            yield from _footage(entry.path, (*place, entry.name), seen)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return [entry for entry in found if entry.name.lower() not in _NO_FOOTAGE and not _is_hidden(entry)]
    except OSError as error:
        raise Refusal("no-folder", f"The folder {folder} cannot be read ({error.strerror}).",
                      "Check its drive and your permissions, or choose another folder.") from error  # fmt: skip


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or os.name != "nt":
        return entry.name.startswith(".")
    with contextlib.suppress(OSError):   # Windows knows this of every entry without looking again
        return bool(getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) & _HIDDEN_ON_WINDOWS)
    return False


def _clips(folder: str, place: tuple[str, ...], files: Sequence[str], alone: bool) -> Iterator[FoundClip]:
    """The films and sequences of one folder; a sequence that is `alone` in it is named as the folder is."""
    sequences: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    films = 0
    for name in files:
        stem, ending = os.path.splitext(name)
        if ending.lower() in FILMS:
            films += 1
            yield FoundClip(os.path.join(folder, name), (*place, stem))
        elif ending.lower() in PICTURES and (number := picture_number(stem)) is not None:
            sequences[sequence_name(stem), ending.lower()].append((number, name))
    long = {family: names for family, names in sequences.items() if len(names) >= FEWEST_PICTURES}
    for (name, _), pictures in long.items():
        own = place if place and alone and not films and len(long) == 1 else (*place, name.strip(" _-.") or "pictures")
        yield FoundClip(os.path.join(folder, min(pictures)[1]), own)
