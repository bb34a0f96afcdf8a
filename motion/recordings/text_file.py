"""Text files of recordings: read whole within bounds, their numbers checked, refused in one way."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator, Sequence

import numpy as np

from ..arrays import Array
from ..refusal import Refusal

LARGEST_BYTES = 512 * 2**20
LONGEST_LINE = 2 * 2**20         # a frame of 2,000 joints has a tenth of it
MOST_LINES = 50_000_000          # an AMC file of LARGEST_BYTES has half of them
MOST_JOINTS = 2_000
MOST_FRAMES = 2_000_000
MOST_JOINT_FRAMES = 20_000_000   # 31 joints for three hours at 60 Hz; about 4 GB of memory while it is read
LARGEST_NUMBER = 1e9             # sums and products of such numbers stay finite
RATES_HZ = (0.1, 10_000.0)

_PARTS = re.compile(r"[{}]|[^{}]+")


@dataclass(frozen=True, eq=False)
class TextFile:
    """The lines of a file under the name by which the user knows it."""

    name: str
    lines: Sequence[str]

    def refusal(self, fault: str, index: int | None = None) -> Refusal:
        """What is wrong with it, at the line of this index from 0 if given; words of the file may be no text at all."""
        place = "" if index is None else f"line {index + 1}: "
        shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in fault)
        return Refusal("bad-recording", f"{self.name} cannot be read: {place}{shown}.",
                       "Export it again, or choose another file.")  # fmt: skip

    def numbers(self, index: int, words: Sequence[str], count: int) -> list[float]:
        """The numbers that `words` of this line are. Raises Refusal unless they are `count` finite ones."""
        if len(words) != count:
            raise self.refusal(f"{len(words)} numbers instead of {count}", index)
        try:
            numbers = list(map(float, words))
        except ValueError:
            raise self.refusal(f'"{_first_bad(words)[:40]}" is no number', index) from None
        if not sum(map(abs, numbers)) <= LARGEST_NUMBER:     # false for NaN too
            raise self.refusal("a number is not finite or beyond a thousand million", index)
        return numbers

    def count(self, index: int, word: str, what: str, most: int) -> int:
        """A whole number from 1 to `most`, of joints or frames or the like."""
        if not (word.isascii() and word.isdigit()):
            raise self.refusal(f'"{word[:40]}" is no number of {what}', index)
        if int(word[:20]) == 0:
            raise self.refusal(f"it has no {what}", index)
        if int(word[:20]) > most:
            raise self.refusal(f"{word[:40]} {what}, where {most:,} is the most", index)
        return int(word)

    def table(self, rows: Iterable[tuple[int, Sequence[str]]], height: int, width: int) -> Array:
        """Numbers [height, width] of the words of as many rows, each with its line's index."""
        if 2 * height * width > sum(map(len, self.lines)) + len(self.lines) + 1:
            raise self.refusal(f"it is too short for {height:,} frames of {width:,} numbers")
        table = np.empty((height, width))
        for row, (index, words) in zip(table, rows):
            if len(words) != width:
                raise self.refusal(f"{len(words)} numbers instead of {width}", index)
            try:
                row[:] = list(map(float, words))
            except ValueError:
                raise self.refusal(f'"{_first_bad(words)[:40]}" is no number', index) from None
            if not abs(row).max(initial=0.0) <= LARGEST_NUMBER:
                raise self.refusal("a number is not finite or beyond a thousand million", index)
        return table

    def check_size(self, joints: int, frames: int) -> None:
        """Raises Refusal when a motion of so many joints and frames would not fit into memory."""
        sizes = (("joints", joints, MOST_JOINTS), ("frames", frames, MOST_FRAMES),
                 ("joints times frames", joints * frames, MOST_JOINT_FRAMES))  # fmt: skip
        for what, number, most in sizes:
            if number > most:
                raise Refusal("recording-too-long", f"{self.name} has {number:,} {what}, and {most:,} is the most.",
                              "Cut it into shorter files.")  # fmt: skip

    def rate_hz(self, rate_hz: float, index: int | None = None) -> float:
        """The rate itself. Raises Refusal unless a film could have it."""
        if not (math.isfinite(rate_hz) and RATES_HZ[0] <= rate_hz <= RATES_HZ[1]):
            raise self.refusal(f"{rate_hz:.6g} frames a second", index)
        return rate_hz

    def check_names(self, names: Sequence[str]) -> None:
        """Raises Refusal when two joints share a name."""
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise self.refusal(f'two joints are called "{name[:40]}"')
            seen.add(name)


def read_text_file(path: Path) -> TextFile:
    """Raises Refusal when there is no such file, it cannot be opened or is beyond LARGEST_BYTES and the like."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Refusal("recording-too-long", f"{path.name} is larger than {LARGEST_BYTES // 2**20} MB.",
                          "Cut it into shorter files.")  # fmt: skip
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no file {path}.", "Choose it again.") from error
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise Refusal("no-such-file", f"{path} cannot be opened: {reason}.", "Choose another file.") from error
    if content.count(b"\n") + content.count(b"\r") > 2 * MOST_LINES:
        raise Refusal("recording-too-long", f"{path.name} has more than {MOST_LINES:,} lines.",
                      "Cut it into shorter files.")  # fmt: skip
    file = TextFile(path.name, decoded(content).splitlines())
    long = next((index for index, line in enumerate(file.lines) if len(line) > LONGEST_LINE), None)
    if long is not None:
        raise file.refusal(f"the line has more than {LONGEST_LINE:,} letters", long)
    return file


def parts(line: str) -> Iterator[str]:
    """The braces of a line, and what stands between them."""
    return (match[0].strip() for match in _PARTS.finditer(line) if match[0].strip())


def without_comment(line: str) -> str:
    return line.split("#", 1)[0].strip()


def decoded(content: bytes) -> str:
    """Comments of old recordings come in any 8-bit alphabet, and only they may look wrong then."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _first_bad(words: Sequence[str]) -> str:
    for word in words:
        try:
            float(word)
        except ValueError:
            return word
    return ""
