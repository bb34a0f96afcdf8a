"""More training clips from the recorded ones: limbs exchanged, and motion made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from backend.train.motions.training_clip import TrainingClip
from backend.train.variety.limbs import exchange
from backend.train.variety.made import KINDS, made_clip
from backend.train.variety.rules import Rules, fitted_rules
from motion.arrays import Array

MADE_SHARE = 0.5  # of the minutes; the rest are exchanged limbs
_MOST_FAILURES = 400  # in a row: then the clips at hand allow no more


def make_variety(
    clips: Sequence[TrainingClip], rng: np.random.Generator, minutes: float, rules: Rules | None = None,
    made_share: float = MADE_SHARE,
) -> Iterator[TrainingClip]:  # fmt: skip
    """One after the other about that many minutes of new clips, of split "train", made from training clips only.

    `rules` are fitted on the clips unless given. The same clips and the same state of `rng` give the same new clips.
    """
    train = [clip for clip in clips if clip.origin.split == "train"]
    rules = rules or fitted_rules(train, rng)
    yield from _made(train, rng, made_share * minutes, rules)
    yield from _exchanged(train, rng, (1.0 - made_share) * minutes, rules)


def _made(
    train: Sequence[TrainingClip], rng: np.random.Generator, minutes: float, rules: Rules
) -> Iterator[TrainingClip]:
    """Made-up motion, kinds by their share of the minutes, on the bodies of the recorded."""
    bodies = _bodies(train)
    total = sum(kind.share for kind in KINDS.values())
    for name, kind in KINDS.items():

        def one(index: int, kind_name: str = name) -> TrainingClip | None:
            whose, rest_joints = bodies[rng.integers(len(bodies))]
            clip = made_clip(f"made/{kind_name}/{index:04d}", kind_name, rest_joints, rules, rng)
            return clip and replace(clip, origin=replace(clip.origin, subject=whose))

        yield from _until(one, minutes * kind.share / total)


def _bodies(train: Sequence[TrainingClip]) -> list[tuple[str, Array]]:
    """The name and the rest joints of each person once."""
    return list({f"{clip.origin.source} {clip.origin.subject}": clip.rest_joints for clip in train}.items())


def _exchanged(
    train: Sequence[TrainingClip], rng: np.random.Generator, minutes: float, rules: Rules
) -> Iterator[TrainingClip]:
    weights = action_weights(train)
    yield from _until(lambda index: exchange(train, weights, f"limbs/{index:05d}", rules, rng), minutes)


def action_weights(clips: Sequence[TrainingClip]) -> Array:
    """[C], sum 1: every action weighs by the root of its time, so that idling does not outweigh all else."""
    seconds = np.array([clip.seconds for clip in clips])
    actions = np.unique([f"{clip.origin.source} {clip.origin.action}" for clip in clips], return_inverse=True)[1]
    weights = seconds / np.sqrt(np.bincount(actions, seconds))[actions]
    return weights / weights.sum()


def _until(make: Callable[[int], TrainingClip | None], minutes: float) -> Iterator[TrainingClip]:
    count, made_min, failures = 0, 0.0, 0
    while made_min < minutes and failures < _MOST_FAILURES:
        clip = make(count)
        failures = failures + 1 if clip is None else 0
        if clip is not None:
            count, made_min = count + 1, made_min + clip.seconds / 60.0
            yield clip
