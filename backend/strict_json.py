"""JSON of other programs, read strictly: bounded, finite, of the right kind, or a sentence says where it is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from motion.arrays import Array

FARTHEST = 1e6      # no picture is a million pixels wide, no clip has so many people


class BadJson(ValueError):
    """Why a document is not what it should be, in words that follow its file's name and a colon."""


@dataclass(frozen=True)
class Node:
    """A value of a document, and words for where it stands."""

    value: Any
    where: str

    def bad(self, what: str) -> BadJson:
        return BadJson(f"{self.where} {what}")

    def has(self, name: str) -> bool:
        return isinstance(self.value, dict) and name in self.value

    def field(self, name: str, where: str | None = None) -> Node:
        """The field `name`, called `where` from there on."""
        if not self.has(name):
            raise self.bad(f"has no \"{name}\"")
        return Node(self.value[name], where or self.where)

    def items(self, most: int) -> list[Node]:
        """The items of a list of at most `most`."""
        if not isinstance(self.value, list):
            raise self.bad("has no list where one belongs")
        if len(self.value) > most:
            raise self.bad(f"has a list of {len(self.value)} where {most} is the most")
        return [Node(item, self.where) for item in self.value]

    def numbers(self) -> Array:
        """A list of numbers, [n]; null counts as NaN, which such a list can say in no other way."""
        values = self.value
        if not isinstance(values, list) or not all(type(each) in (int, float) or each is None for each in values):
            raise self.bad("has something else than numbers where numbers belong")
        return np.array([self._bounded(each) for each in values], dtype=np.float64)

    def whole(self) -> int:
        """A whole number from 0 on."""
        if type(self.value) not in (int, float) or not 0 <= self.value <= FARTHEST or self.value != int(self.value):
            raise self.bad(f"has {_short(self.value)} where a whole number belongs")
        return int(self.value)

    def _bounded(self, number: float | None) -> float:
        if number is None:
            return np.nan
        if not -FARTHEST <= number <= FARTHEST:
            raise self.bad(f"has the number {_short(number)}")
        return float(number)


def read_json(path: Path, most_bytes: int) -> Node:
    """The document in a file of at most `most_bytes`. Raises BadJson, and OSError where it cannot be read."""
    size = path.stat().st_size
    if size > most_bytes:
        raise BadJson(f"it has {size / 1e6:.0f} MB, and {most_bytes / 1e6:.0f} MB is the most")
    return parsed(path.read_bytes())


def parsed(data: bytes) -> Node:
    """The document that these bytes are. Raises BadJson."""
    try:
        return Node(json.loads(data, parse_constant=_no_number), "it")
    except json.JSONDecodeError as error:
        raise BadJson(f"it is not JSON from line {error.lineno} on") from error
    except RecursionError as error:
        raise BadJson("it is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise BadJson("it is not text") from error
    except BadJson:
        raise
    except ValueError as error:     # a number of thousands of digits
        raise BadJson("it has a number that is too long") from error


def _no_number(constant: str) -> NoReturn:
    raise BadJson(f"it has {constant}, which is no number")


def _short(value: object) -> str:
    words = json.dumps(value, default=str) if not isinstance(value, int) or abs(value) < 1e18 else "of many digits"
    return words if len(words) <= 24 else f"{words[:20]}..."
