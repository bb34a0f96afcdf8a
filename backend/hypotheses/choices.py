"""From many samples of a motion to the few choices that an artist has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from backend.hypotheses.aspects import Aspect, aspects_of
from backend.hypotheses.modes import Mode, modes_of
from backend.hypotheses.samples import Samples
from backend.hypotheses.stretches import LEAST_S, lasting, scatter_of, stretches
from backend.lift.lift import Lift
from motion.arrays import Array
from motion.hypotheses.choice import Choice
from motion.hypotheses.limbs import LIMBS, WHOLE_BODY
from motion.hypotheses.to_check import CARES_M
from motion.kinematics import forward_kinematics
from motion.rotations import axis_angle_from_matrix
from motion.skeleton import BODY_JOINT_COUNT

MOST = 5
_LIMB_AGAIN = 0.5       # what a limb's next choice is worth beside its first, so that others have their turn
_SAME_SAMPLES = 0.5     # of the samples of either
_SAME_FRAMES = 0.5      # of the frames of the shorter


@dataclass(frozen=True)
class Represented:
    """A choice and the sample that shows it best."""

    choice: Choice
    sample: int
    during: slice | None = None   # frames in which the sample is not the lift itself, unless it nowhere is


@dataclass(frozen=True, eq=False)
class Candidate:
    """A choice before the best are chosen."""

    choice: Choice
    mode: Mode
    offset_m: Array   # [A, 3] of the sample from the main motion, over these frames
    said: tuple[int, int]   # which aspect and axis of it the words tell

    @property
    def size_m(self) -> float:
        return float(np.linalg.norm(self.offset_m, axis=-1).max())

    @property
    def worth(self) -> float:
        return float(np.sqrt(self.choice.share)) * self.size_m   # 25 cm of a tenth before 10 cm of a quarter


Way = TypeVar("Way", bound=Candidate)


def choices_of(samples: Samples, weights: Array, main: Lift | None = None, most: int = MOST) -> list[Represented]:
    """At most `most` distinct ways in which samples differ from the main motion, the weightiest first.

    weights [N], or [N, T, 22] of each joint and frame; main: the samples' own lift, unless another one is given. For
    each limb, where it scatters for a while by more than an artist cares about: what many samples do there or what
    differs much. None where the samples agree.
    """
    found = best_of(candidates_of(samples, weights, main), most)
    return [Represented(candidate.choice, candidate.mode.sample) for candidate in found]


def candidates_of(samples: Samples, weights: Array, main: Lift | None = None) -> list[Candidate]:
    """All ways, of which choices_of gives the best."""
    if not len(samples):
        return []
    samples = samples if main is None or main is samples.lift else _about(main, samples)
    by_joint = np.broadcast_to(weights if np.ndim(weights) == 3 else np.reshape(weights, (-1, 1, 1)),
                               samples.turns_rad.shape[:3])  # fmt: skip
    found = [candidate for limb, aspects in aspects_of(samples).items() for candidate in _of_limb(
        limb, aspects, by_joint[:, :, _body_joints(limb)].mean(axis=-1), samples.lift.track.rate)]  # fmt: skip
    whole = [candidate for candidate in found if candidate.choice.limb == WHOLE_BODY]
    return [candidate for candidate in found if candidate in whole or not any(_come_together(candidate, one)
                                                                              for one in whole)]  # fmt: skip


def _about(main: Lift, samples: Samples) -> Samples:
    """The same motions as turns of another lift of the same body."""
    R = forward_kinematics(main.body.skeleton, main.R_parent_from_joint, main.root_camera)[0][:, :BODY_JOINT_COUNT]
    turns_rad = axis_angle_from_matrix(samples.orientations() @ np.swapaxes(R, -1, -2))
    return Samples(main, turns_rad, samples.root_camera)


def _body_joints(limb: str) -> list[int]:
    return [joint for joint in LIMBS[limb] if joint < BODY_JOINT_COUNT]


def _of_limb(limb: str, aspects: tuple[Aspect, ...], weights: Array, rate: float) -> Iterator[Candidate]:
    """By weights [N, T]."""
    offsets_m = np.stack([aspect.offset_m for aspect in aspects], axis=2)       # [N, T, A, 3]
    scatter_m = scatter_of(np.linalg.norm(offsets_m, axis=-1).max(axis=-1), weights)
    for start, end in stretches(scatter_m, rate):
        here = slice(start, end + 1)
        for mode in modes_of(offsets_m[:, here].mean(axis=1), weights[:, here].mean(axis=1)):
            candidate = _candidate(limb, aspects, offsets_m, weights, mode, (start, end))
            if candidate.choice.last + 1 - candidate.choice.first >= LEAST_S * rate and candidate.size_m >= CARES_M:
                yield candidate


def _candidate(
    limb: str, aspects: tuple[Aspect, ...], offsets_m: Array, weights: Array, mode: Mode, stretch: tuple[int, int]
) -> Candidate:
    """A mode over the frames about a stretch in which its members are elsewhere."""
    of_members = weights[mode.members, stretch[0] : stretch[1] + 1].mean(axis=1)
    members_m = np.average(offsets_m[mode.members], axis=0, weights=of_members)
    first, last = lasting(np.linalg.norm(members_m, axis=-1).max(axis=-1), *stretch)
    offset_m = offsets_m[mode.sample, first : last + 1].mean(axis=0)            # [A, 3]
    aspect = int(np.argmax(np.linalg.norm(offset_m, axis=-1) >= CARES_M))       # the first to be named
    said = aspect, int(np.argmax(np.abs(offset_m[aspect])))
    words = aspects[aspect].words(offset_m[aspect])
    return Candidate(Choice(limb, first, last, mode.share, words), mode, offset_m, said)


def best_of(found: list[Way], most: int) -> list[Way]:
    """The candidates by share and size, none that says what another one said."""
    chosen: list[Way] = []
    while found and len(chosen) < most:
        limbs = [candidate.choice.limb for candidate in chosen]
        best = max(found, key=lambda each: each.worth * _LIMB_AGAIN ** limbs.count(each.choice.limb))
        chosen.append(best)
        found = [candidate for candidate in found if not _say_the_same(candidate, best)]
    return chosen


def _say_the_same(one: Candidate, other: Candidate) -> bool:
    if one.choice.limb != other.choice.limb or not _overlap(one.choice, other.choice):
        return False
    apart = one.offset_m - other.offset_m
    return bool(np.linalg.norm(apart, axis=-1).max() < CARES_M
                or one.said == other.said and abs(apart[one.said]) < CARES_M)  # fmt: skip


def _come_together(limb: Candidate, whole: Candidate) -> bool:
    """Whether a limb is elsewhere because the body is."""
    both, either = limb.mode.members & whole.mode.members, limb.mode.members | whole.mode.members
    return _overlap(limb.choice, whole.choice) and both.sum() >= _SAME_SAMPLES * either.sum()


def _overlap(one: Choice, other: Choice) -> bool:
    shorter = min(one.last - one.first, other.last - other.first) + 1
    return min(one.last, other.last) + 1 - max(one.first, other.first) > _SAME_FRAMES * shorter
