"""A night's footage: short clips of all kinds, some of them broken, and the takes in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.batch_broken import WAYS
from bench.batch_films import FILMED_TWICE, film_of_two, films_of_two_cameras, long_film, short_film, sources
from motion.batch.find_takes import find_takes
from motion.batch.words import BatchRequest, WantedTake
from motion.refusal import Refusal

# The quickest there are: what is judged does not depend on them, and a night must not take one.
SETTINGS: dict[str, Any] = {
    "detect": {"model": "lite", "quality": "fast", "hands": False, "segment_pictures": 30},
    "multiview": {"synchronised": True},
    "hypotheses": {"samples": 0},
    "device": "cpu",
}
SETTINGS_WORDS = ("detector lite, quality fast, segments of 30 pictures, no hands, no other poses, no preview; cameras "
                  "of one take begin together")  # fmt: skip
PER_CLIPS = 10                   # of so many clips one is broken
LEAST_CLIPS = 10


@dataclass(frozen=True)
class Night:
    """Takes to capture."""

    takes: tuple[WantedTake, ...]
    broken: frozenset[str]       # names of those of which nothing can be captured, of one clip each

    @property
    def clips(self) -> int:
        return sum(len(take.clips) for take in self.takes)

    @property
    def good(self) -> tuple[WantedTake, ...]:
        return tuple(take for take in self.takes if take.name not in self.broken)

    def clips_of(self, takes: Collection[str]) -> int:
        """Of takes by name."""
        return sum(len(take.clips) for take in self.takes if take.name in takes)

    def request(self, workers: int = 0) -> BatchRequest:
        return BatchRequest(self.takes, SETTINGS, preview=False, workers=workers)


def made_night(folder: Path, clips: int, seed: int) -> Night:
    """So many clips in `folder`, at least LEAST_CLIPS, the same for the same seed.

    Of 60, 6 are broken in six ways, 6 are three takes of two cameras, 2 are long, 6 show two people; in any order.
    """
    if clips < LEAST_CLIPS:
        raise Refusal("few-clips", f"A night of {clips} clips holds too little.", f"Choose {LEAST_CLIPS} or more.")
    folder.mkdir()
    rng = np.random.default_rng(seed)
    kinds = _kinds(clips)
    films = sources()
    for place, index in enumerate(rng.permutation(len(kinds))):
        name, source = f"take{place:02d}_{kinds[index]}", films[index % len(films)]
        _make(folder, name, kinds[index], source, films[(index + 7) % len(films)], rng, seed)
    takes = find_takes(folder)
    return Night(tuple(takes), frozenset(take.name for take in takes if take.name.split("_", 1)[1] in WAYS))


def _kinds(clips: int) -> list[str]:
    """One word for each take."""
    broken = list(WAYS)[: clips // PER_CLIPS]
    twice = [f"both_{name}" for name in FILMED_TWICE[: clips // 20]]
    kinds = [*broken, *twice, *["long"] * (clips // 30), *["two"] * (clips // PER_CLIPS)]
    return kinds + ["short"] * (clips - len(kinds) - len(twice))


def _make(folder: Path, name: str, kind: str, source: Path, other: Path, rng: np.random.Generator, seed: int) -> None:
    path = folder / f"{name}.mp4"
    if kind in WAYS:
        WAYS[kind](path)
    elif kind.startswith("both_"):
        paths = [folder / f"{name}_cam{camera}.mp4" for camera in (1, 2)]
        films_of_two_cameras(paths, kind.removeprefix("both_"), seed)
    elif kind == "two":
        film_of_two(path, source, other, rng)
    else:
        {"short": short_film, "long": long_film}[kind](path, source, rng)
