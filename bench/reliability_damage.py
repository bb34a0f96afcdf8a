"""Damages files at random: byte by byte, line by line, and by what they hold, so that it gets past the first check."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import numpy as np

from bench.reliability_damage_archive import BOMB, damaged_archive
from bench.reliability_damage_json import damaged_json
from motion.open_archive import DAMAGED

Fault = Callable[[bytes, np.random.Generator], bytes]
BLIND_SHARE = 0.4     # of the damages to files whose structure is known
LONGEST_LINE = 3_000_000
_WORDS = (b"nan", b"-inf", b"1e400", b"1e308", b"-1.6e-014", b"99999999999999999999", b"-1", b"0", b"{", b"}", b"root",
          b"JOINT", b"End Site", b"MOTION", b"Frames:", b"\x00", b"\xff\xfe", b"#", b":", b"begin", b"end", b"1_0",
          b"channels", b"Quat", b"kt", b"fr", b"2000000", b"0x10", b"", b"\n", b"\r", b"\xc2\x85", b"[", b"]", b'"',
          b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"1" * 5000, b"[" * 20_000, b",", b"=", b"true")  # fmt: skip


def damaged(name: str, content: bytes, rng: np.random.Generator) -> tuple[bytes, str]:
    """The content of the file of this name with one fault, or seldom a few, and the faults' names.

    The first fault often hides the others.
    """
    kinds = []
    for _ in range(rng.geometric(0.7)):
        content, kind = _once(name, content, rng)
        kinds.append(kind)
        if kind == BOMB:     # to damage it once more would be to unpack it here
            break
    return content, ", ".join(kinds)


def _once(name: str, content: bytes, rng: np.random.Generator) -> tuple[bytes, str]:
    if rng.random() > BLIND_SHARE:
        by_structure = None
        with contextlib.suppress(*DAMAGED):     # of what an earlier fault has left
            by_structure = _by_structure(name, content, rng)
        if by_structure is not None:
            return by_structure
    fault = _BLIND[rng.integers(len(_BLIND))]
    return fault(content, rng), fault.__name__.lstrip("_")


def _by_structure(name: str, content: bytes, rng: np.random.Generator) -> tuple[bytes, str] | None:
    """None for a file that has none, or none any more."""
    if name.endswith((".npz", ".task")):
        return damaged_archive(name, content, rng)
    if name.endswith(".jsonl"):
        return _line_of_json(content, rng)
    return damaged_json(content, rng) if name.endswith(".json") else None


def _line_of_json(content: bytes, rng: np.random.Generator) -> tuple[bytes, str] | None:
    lines = content.split(b"\n")
    place = int(rng.integers(len(lines)))
    found = damaged_json(lines[place], rng)
    if found is None:
        return None
    lines[place], kind = found
    return b"\n".join(lines), kind


def _byte_changed(content: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(content) + 1))
    return content[:place] + bytes([rng.integers(256)]) + content[place + int(rng.integers(2)) :]


def _bit_flipped(content: bytes, rng: np.random.Generator) -> bytes:
    flipped = bytearray(content)
    for place in rng.integers(max(len(content), 1), size=rng.geometric(0.5)) if content else ():
        flipped[place] ^= 1 << int(rng.integers(8))
    return bytes(flipped)


def _cut(content: bytes, rng: np.random.Generator) -> bytes:
    start, end = np.sort(rng.integers(len(content) + 1, size=2))
    return content[:start] if rng.random() < 0.5 else content[:start] + content[min(end, start + 80) :]


def _block_moved(content: bytes, rng: np.random.Generator) -> bytes:
    """A block is doubled, exchanged with the one behind it, or becomes zeros."""
    start, middle, end = np.sort(rng.integers(len(content) + 1, size=3))
    first, second = content[start:middle], content[middle:end]
    between = (first + first + second, second + first, b"\0" * len(first) + second)[rng.integers(3)]
    return content[:start] + between + content[end:]


def _line_moved(content: bytes, rng: np.random.Generator) -> bytes:
    """A line is left out, doubled or put elsewhere."""
    lines = content.split(b"\n")
    source, target = rng.integers(len(lines), size=2)
    line = lines[source] if rng.random() < 0.5 else lines.pop(source)
    if rng.random() < 0.7:
        lines.insert(int(target), line)
    return b"\n".join(lines)


def _word_replaced(content: bytes, rng: np.random.Generator) -> bytes:
    words = content.split(b" ")
    words[rng.integers(len(words))] = _WORDS[rng.integers(len(_WORDS))]
    return b" ".join(words)


def _number_changed(content: bytes, rng: np.random.Generator) -> bytes:
    digits = [place for place, byte in enumerate(content[:20_000]) if 48 <= byte < 58]
    if not digits:
        return content
    place = digits[rng.integers(len(digits))]
    return content[:place] + str(int(rng.integers(10 ** rng.integers(1, 9)))).encode() + content[place + 1 :]


def _emptied(content: bytes, rng: np.random.Generator) -> bytes:
    return (b"", b"\n", b"\0" * 64, b"\xef\xbb\xbf", b"null", b"[]", b"{}", b"PK\x05\x06" + b"\0" * 18)[rng.integers(8)]


def _stretched(content: bytes, rng: np.random.Generator) -> bytes:
    """A letter is there thousands of times, or now and then millions."""
    place = int(rng.integers(len(content) + 1))
    letter = content[place : place + 1] or b" "
    return content[:place] + letter * (LONGEST_LINE if rng.random() < 0.05 else 20_000) + content[place:]


_BLIND: Sequence[Fault] = (_byte_changed, _bit_flipped, _cut, _block_moved, _line_moved, _word_replaced,
                           _number_changed, _byte_changed, _cut, _word_replaced, _number_changed, _line_moved,
                           _emptied, _stretched)  # fmt: skip
