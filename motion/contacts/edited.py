"""What somebody said about contacts that were decided: kept by frames, apart from what was decided."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from ..arrays import Array, Indices, Mask
from .contacts import ContactEdit

RESTS, IS_FREE, NOTHING = 1, -1, 0   # what can be said of a channel at a frame

Run = tuple[int, int]   # first and last frame, both included


def runs_of(flags: Mask) -> list[Run]:
    """Where flags [T] are True without a gap."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True))


def said_anew(said: Indices, shown: Mask, decided: Mask) -> Indices:
    """`said` [T] after somebody made `shown` [T] of what was `decided` [T]: the last word counts."""
    return np.where(shown == decided, said, np.where(shown, RESTS, IS_FREE))


def edits_of(said: Mapping[str, Indices], times_s: Array) -> list[ContactEdit]:
    """The edits of channels by name, each said of frames [T] at times_s [T] s."""
    return [
        ContactEdit(name, float(times_s[first]), float(times_s[last]), word == RESTS)
        for name, words in said.items()
        for word in (RESTS, IS_FREE)
        for first, last in runs_of(words == word)
    ]


def text_of(said: Mapping[str, Indices]) -> str:
    """What was said as JSON, in runs; frames of which nothing was said take no room."""
    runs = {name: [[*run, word] for word in (RESTS, IS_FREE) for run in runs_of(words == word)]
            for name, words in said.items()}  # fmt: skip
    return json.dumps({name: of_channel for name, of_channel in runs.items() if of_channel})


def said_in(text: str, frames: int) -> dict[str, Indices]:
    """The inverse of text_of, each channel [T]; runs beyond the last frame are cut off."""
    said = {}
    for name, runs in json.loads(text or "{}").items():
        said[name] = np.full(frames, NOTHING)
        for first, last, word in runs:
            said[name][first : last + 1] = word
    return said
