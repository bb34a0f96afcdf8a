"""`train variety`: makes more training clips out of prepared motion."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from backend.command_line.count_line import CountLine
from motion.job import DONE
from motion.refusal import Refusal

if TYPE_CHECKING:
    from backend.train.motions.training_clip import TrainingClip

MOST_MINUTES = 1000.0   # a file of that length no longer travels


def make_variety_of(prepared: Path, out: Path, minutes: float, seed: int) -> int:
    """Write about so many minutes of new clips to `out`; the same file and seed give the same. Returns the exit code.

    Raises Refusal for minutes that cannot be, a place that cannot be written and a file without training clips.
    """
    from backend.train.motions.prepared import read_prepared, write_prepared
    from backend.train.variety.make_variety import make_variety

    _check(prepared, out, minutes, seed)
    clips = read_prepared(prepared)
    if not any(clip.origin.split == "train" for clip in clips):
        raise Refusal("no-training-clips", f"{prepared} holds no clips for training.",
                      "Make it with python -m backend train prepare FOLDER.")  # fmt: skip
    new: list[TrainingClip] = []
    with CountLine(sys.stderr, "Seconds of motion", round(60.0 * minutes)) as line:
        line.show(0)
        for clip in make_variety(clips, np.random.default_rng(seed), minutes):
            new.append(clip)
            line.show(round(sum(each.seconds for each in new)), clip.origin.name)
    write_prepared(out, new)
    print(_table(new))
    print(f"{len(new):,} clips, {_minutes(new):.1f} minutes in {out} ({out.stat().st_size / 1e6:.1f} MB).")
    return DONE


def _check(prepared: Path, out: Path, minutes: float, seed: int) -> None:
    """Raises Refusal now rather than after minutes of work."""
    if not 0.0 < minutes <= MOST_MINUTES:
        raise Refusal("bad-minutes", f"{minutes:g} minutes of motion cannot be made.",
                      f"Ask for up to {MOST_MINUTES:g} with --minutes.")  # fmt: skip
    if seed < 0:
        raise Refusal("bad-seed", f"The seed {seed} is below 0.", "Give another one with --seed.")
    if not out.parent.is_dir() or out.is_dir():
        raise Refusal("no-out", f"{out} cannot be written.", "Name a file in a folder that there is.")
    if out.exists() and prepared.exists() and out.samefile(prepared):
        raise Refusal("out-is-source", f"{out} is the prepared motion itself.", "Name another file with --out.")


def _table(clips: Sequence[TrainingClip]) -> str:
    """Minutes by kind."""
    minutes: Counter[str] = Counter()
    for clip in clips:
        kind = clip.origin.action if clip.origin.source == "made" else "limbs exchanged"
        minutes[kind] += clip.seconds / 60.0
    return "\n".join(f"{kind:<16}{amount:8.1f}" for kind, amount in minutes.items())


def _minutes(clips: Sequence[TrainingClip]) -> float:
    return sum(clip.seconds for clip in clips) / 60.0
