"""What somebody said about contacts that were decided: kept by frames, apart from what was decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arrays import Array, Indices, Mask
from ..runs import runs
from .contacts import ContactEdit

RESTS, IS_FREE, NOTHING = 1, -1, 0   # what can be said of a channel at a frame
LAST_FRAME = 2_000_000_000             # that numpy can count to on every system


def said_anew(said: Indices, shown: Mask, decided: Mask) -> Indices:
    """`said` [T] after somebody made `shown` [T] of what was `decided` [T]: the last word counts."""
    return np.where(shown == decided, said, np.where(shown, RESTS, IS_FREE))


def edits_of(said: Mapping[str, Indices], times_s: Array) -> list[ContactEdit]:
    """The edits of channels by name, each said of frames [T] at times_s [T] s."""
    return [
        ContactEdit(name, float(times_s[start]), float(times_s[stop - 1]), word == RESTS)
        for name, words in said.items()
        for word in (RESTS, IS_FREE)
        for start, stop in runs(words == word)
    ]


def text_of(said: Mapping[str, Indices]) -> str:
    """What was said as JSON, in runs of first and last frame; frames of which nothing was said take no room."""
    by_name = {name: [[start, stop - 1, word] for word in (RESTS, IS_FREE) for start, stop in runs(words == word)]
               for name, words in said.items()}  # fmt: skip
    return json.dumps({name: of_channel for name, of_channel in by_name.items() if of_channel})


def said_in(text: str, frames: int) -> dict[str, Indices]:
    """The inverse of text_of, each channel [T]; runs beyond the last frame are cut off, damaged ones passed over."""
    said = {}
    for name, of_channel in _channels(text).items():
        said[name] = np.full(frames, NOTHING)
        for first, last, word in filter(_is_run, of_channel if isinstance(of_channel, list) else []):
            said[name][first : last + 1] = word
    return said


def _channels(text: str) -> dict[str, Any]:
    """Nothing of a text that somebody damaged."""
    try:
        channels = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return channels if isinstance(channels, dict) else {}


def _is_run(said: Any) -> bool:
    is_whole = isinstance(said, list) and len(said) == 3 and all(type(each) is int for each in said)
    return is_whole and 0 <= said[0] <= said[1] <= LAST_FRAME and said[2] in (RESTS, IS_FREE)
