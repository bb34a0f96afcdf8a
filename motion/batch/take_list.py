"""A list of takes in a text file, as somebody types it or a spreadsheet program saves it.

Each line is a take: a clip, or the take's name and then its clips, between commas, semicolons or tabs:

    # monday
    walk, cam1/walk.mp4, cam2/walk.mp4
    jump.mp4

Relative paths count from the list. What holds a comma stands in quotes. Lines that begin with # say nothing.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..footage_names import FILMS, PICTURES
from ..refusal import Refusal

LARGEST_BYTES = 16 << 20
LONGEST_LINE = 100_000   # letters: no line of names, and less than what csv reads between two commas
_HEADERS = {"take", "takes", "name", "clip", "clips"}   # with which tables begin
_WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))   # as what Excel calls Unicode text


@dataclass(frozen=True)
class Line:
    """One take of a list."""

    number: int              # of the line, from 1
    name: str                # empty where the line only names a clip
    clips: tuple[str, ...]   # whole paths


def read_list(path: Path) -> list[Line]:
    """The takes of a list. Raises Refusal where it is no text or a line cannot be meant.

    That a clip is there is not asked: its take says so when it is captured.
    """
    folder = os.path.dirname(os.path.abspath(path))
    lines = list(_lines(_text(path), path, folder))
    if not lines:
        raise Refusal("empty-list", f"The list {path.name} names no clips.", "Write a clip on each line.")
    first: dict[str, Line] = {}
    for line in lines:
        other = first.setdefault(line.name.casefold(), line) if line.name else line
        if other is not line:
            raise Refusal("double-take",
                          f"Lines {other.number} and {line.number} of {path.name} both name the take {line.name}.",
                          "Write all clips of a take on one line, or give it another name.")  # fmt: skip
    return lines


def _text(path: Path) -> str:
    try:
        with open(path, "rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise Refusal("unreadable-list", f"The list {path} cannot be read ({error.strerror}).",
                      "Check its drive and your permissions.") from error  # fmt: skip
    encoding = next((name for mark, name in _WIDE if content.startswith(mark)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or len(content) > LARGEST_BYTES or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise Refusal("no-list", f"{path.name} is neither a folder nor a list in plain text.",
                      "Choose a folder of clips, or save the list as text or CSV in UTF-8.")  # fmt: skip
    return text


def _lines(text: str, path: Path, folder: str) -> Iterator[Line]:
    is_first = True
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        cells = _cells(raw, folder)
        is_header = is_first and cells[:1] and cells[0].casefold() in _HEADERS and not _is_there(cells[0], folder)
        is_first = False
        if cells and not is_header:
            yield _line(cells, number, path, folder)


def _cells(raw: str, folder: str) -> list[str]:
    """What stands between tabs, else semicolons, else commas; names of clips may hold the others."""
    if _is_there(raw.strip(), folder):
        return [raw.strip()]
    in_quotes = raw.split('"')[1::2]
    plain = raw
    for quoted in in_quotes:
        plain = plain.replace(quoted, "", 1)
    between = next((sign for sign in "\t;" if sign in plain), ",")
    row = next(csv.reader([raw.strip(" ")], delimiter=between, skipinitialspace=True), [])
    return [cell.strip() for cell in row if cell.strip()]


def _line(cells: list[str], number: int, path: Path, folder: str) -> Line:
    has_name = len(cells) > 1 and not _looks_like_footage(cells[0], folder)
    name, clips = (cells[0], cells[1:]) if has_name else ("", cells)
    whole = tuple(os.path.normpath(os.path.join(folder, os.path.expanduser(clip))) for clip in clips)
    if len(set(whole)) < len(whole):
        raise Refusal("double-clip", f"Line {number} of {path.name} names a clip twice.",
                      "Name the clip of each camera once.")  # fmt: skip
    return Line(number, name, whole)


def _looks_like_footage(cell: str, folder: str) -> bool:
    return os.path.splitext(cell)[1].lower() in {*FILMS, *PICTURES} or _is_there(cell, folder)


def _is_there(cell: str, folder: str) -> bool:
    return os.path.exists(os.path.join(folder, os.path.expanduser(cell)))
