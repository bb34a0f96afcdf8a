"""Damages what a JSON document says: it stays JSON, or nearly so, and says something else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

MOST_BYTES = 2_000_000     # of a list that is made longer
_MARK = "@raw {}@"
# What json.dumps would not write.
_RAW = ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1" * 5000, "-" + "9" * 400, "1e308", "1e-400", "01", "0x10",
        "1_0", "[" * 100_000, "[" * 20_000 + "]" * 20_000, '{"a":' * 5000 + "1" + "}" * 5000, '"\\ud800"', '"\\u0000"',
        "tru", "", "[" * 500 + "]" * 500)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, "", "a", "\0", "\u202e\u00e9\U0001f9cd", "x" * 100_000, -1, 0, 1, 2, 0.5, 1e9, 1e15, 1e300,
    -1e300, 2**31, 2**63, 10**30, 10**400, [], {}, [[]], [{}], {"": []}, [None], ["a"], [1, "a", None], "1", "nan",
)  # fmt: skip
Place = tuple[Any, Any]    # a list or an object, and an index or a name in it


def damaged_json(content: bytes | str, rng: np.random.Generator) -> tuple[bytes, str] | None:
    """The document with one fault, and its name; None for what is no JSON."""
    document = _document(content)
    if document is None:
        return None
    whole, fault = [document[0]], _FAULTS[rng.integers(len(_FAULTS))]
    try:
        whole = copy.deepcopy(whole)
        fault(_places(whole), rng)
        text = json.dumps(whole[0])
    except RecursionError:       # of one that was damaged before
        return None
    for number, raw in enumerate(_RAW):
        text = text.replace(f'"{_MARK.format(number)}"', raw)
    return text.encode("utf-8", "surrogatepass"), f"JSON {fault.__name__.lstrip('_')}"


@lru_cache(maxsize=64)
def _document(content: bytes | str) -> tuple[Any] | None:
    try:
        return (json.loads(content),)
    except (ValueError, RecursionError):
        return None


def _places(value: Any) -> list[Place]:
    """Every value of a document, where it stands; the document itself is the first."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in pairs for place in ((value, key), *_places(inner))]


def _one(places: list[Place], rng: np.random.Generator) -> Place:
    return places[rng.integers(len(places))]


def _removed(places: list[Place], rng: np.random.Generator) -> None:
    holder, key = _one(places[1:] or places, rng)
    del holder[key]
    if not places[1:]:
        holder.append(None)


def _renamed(places: list[Place], rng: np.random.Generator) -> None:
    objects = [place for place in places if isinstance(place[0], dict)]
    if objects:
        holder, key = _one(objects, rng)
        other = _one(objects, rng)[1] if rng.random() < 0.5 else ("", key.upper(), key + "s", "\ud800")[rng.integers(4)]
        holder[other] = holder.pop(key)


def _retyped(places: list[Place], rng: np.random.Generator) -> None:
    holder, key = _one(places, rng)
    holder[key] = copy.deepcopy(_VALUES[rng.integers(len(_VALUES))])


def _written_otherwise(places: list[Place], rng: np.random.Generator) -> None:
    holder, key = _one(places, rng)
    holder[key] = _MARK.format(rng.integers(len(_RAW)))


def _number_changed(places: list[Place], rng: np.random.Generator) -> None:
    numbers = [(holder, key) for holder, key in places if type(holder[key]) in (int, float)]
    if numbers:
        holder, key = _one(numbers, rng)
        value = holder[key]
        holder[key] = (-value, value + 1, value - 1, value * 1e6, value * 1e-6, value + 0.5, str(value))[
            rng.integers(7)]  # fmt: skip


def _longer_or_shorter(places: list[Place], rng: np.random.Generator) -> None:
    lists = [(holder, key) for holder, key in places if isinstance(holder[key], list) and holder[key]]
    if lists:
        holder, key = _one(lists, rng)
        times = int(min((0, 2, 1000)[rng.integers(3)], max(2, MOST_BYTES // len(json.dumps(holder[key])))))
        holder[key] = holder[key][:-1] if rng.random() < 0.3 else holder[key] * times


def _exchanged(places: list[Place], rng: np.random.Generator) -> None:
    (first, one), (second, other) = _one(places, rng), _one(places, rng)
    first[one], second[other] = copy.deepcopy(second[other]), copy.deepcopy(first[one])


def _wrapped(places: list[Place], rng: np.random.Generator) -> None:
    holder, key = _one(places, rng)
    value = holder[key]
    if isinstance(value, (list, dict)) and value and rng.random() < 0.5:
        holder[key] = next(iter(value.values() if isinstance(value, dict) else value))
    else:
        holder[key] = [value] if rng.random() < 0.5 else {"value": value}


def _added(places: list[Place], rng: np.random.Generator) -> None:
    holder, key = _one(places, rng)
    if isinstance(holder[key], dict):
        holder[key]["unknown"] = copy.deepcopy(_VALUES[rng.integers(len(_VALUES))])
    elif isinstance(holder[key], list):
        holder[key].append(copy.deepcopy(_VALUES[rng.integers(len(_VALUES))]))


_FAULTS: tuple[Callable[[list[Place], np.random.Generator], None], ...] = (
    _removed, _renamed, _retyped, _retyped, _written_otherwise, _number_changed, _longer_or_shorter, _exchanged,
    _wrapped, _added,
)  # fmt: skip
