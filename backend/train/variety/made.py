"""Clips of made-up motion, by kinds; whatever breaks the rules is thrown away.

Joint limits are nearness to recorded turns, and hardly anybody was recorded who sits cross-legged, lies or folds up on
the floor: hips, knees and ankles so far bent, wrists bent back under palms, and arms behind the back lie outside,
however possible they are (half of the frames of made floor seats lie beyond 1.5 limits). Those kinds may go up to three
limits away from what was recorded; there the limits refuse broken joints only, and the poses were judged by eye.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Callable

import numpy as np

from backend.train.motions.training_clip import RATE_HZ, Origin, Teaches, TrainingClip
from backend.train.variety.animate import Key, animated
from backend.train.variety.balance import centre_of_mass, outside_support, support_middle
from backend.train.variety.figure import Figure
from backend.train.variety.floor_work import crawl, kneel, lie, lie_down, on_hands
from backend.train.variety.posture import Posture
from backend.train.variety.rules import STRANGE, Rules, resting
from backend.train.variety.seated import on_chair, on_floor
from backend.train.variety.standing import back_bend, hands_behind, one_leg, reach, squat
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle

LICENCE = "GPL-3.0-or-later"  # the project's own: no recording is in these clips
_TRIES = 12
_INSIDE_M = 0.01


@dataclass(frozen=True)
class Kind:
    """A way to move."""

    keys: Callable[[Figure, np.random.Generator], list[Key]]
    share: float  # of the minutes
    flowing: bool = False  # does not rest at its keys
    stands: bool = True  # on feet, hands or knees, so that it must balance
    balanced: bool = False  # its keys are moved over the feet
    strange: float = STRANGE  # times the joint limits: more of what is hardly recorded


KINDS: dict[str, Kind] = {
    "reach": Kind(reach, 0.20, balanced=True),
    "hands behind": Kind(hands_behind, 0.08, balanced=True, strange=2.0),
    "back bend": Kind(back_bend, 0.05, balanced=True),
    "squat": Kind(squat, 0.08, balanced=True, strange=2.0),
    "kick": Kind(partial(one_leg, kicking=True), 0.05, balanced=True),
    "one leg": Kind(partial(one_leg, kicking=False), 0.06, balanced=True),
    "chair": Kind(on_chair, 0.16, stands=False),
    "floor seat": Kind(on_floor, 0.08, stands=False, strange=3.0),
    "kneel": Kind(kneel, 0.07),
    "crawl": Kind(crawl, 0.05, flowing=True, strange=2.0),
    "lie": Kind(lie, 0.05, stands=False, strange=2.5),
    "lie down": Kind(lie_down, 0.05, stands=False, strange=3.0),
    "hands and feet": Kind(on_hands, 0.02, strange=2.0),
}


def made_clip(name: str, kind: str, rest_joints: Array, rules: Rules, rng: np.random.Generator) -> TrainingClip | None:
    """A clip of that kind that obeys the rules, somewhere in the world; None if none was found."""
    for _ in range(_TRIES):
        clip = attempt(name, kind, rest_joints, rules, rng)
        if not rules.faults(clip, KINDS[kind].stands, KINDS[kind].strange):
            return clip
    return None


def attempt(name: str, kind: str, rest_joints: Array, rules: Rules, rng: np.random.Generator) -> TrainingClip:
    """A clip of that kind, good or not."""
    figure, how = Figure(np.asarray(rest_joints, dtype=np.float64)), KINDS[kind]
    keys = how.keys(figure, rng)
    if how.balanced:
        keys = [replace(key, posture=posture) for key, posture in zip(keys, balanced([key.posture for key in keys]))]
    R, root = animated(_good(keys, rules, how.strange), rng, how.flowing)
    R[:, 0], root = _elsewhere(R[:, 0], root, rng)
    points = figure.touching_world(*figure.posed(R, root))
    origin = Origin(name, "made", "made", kind, LICENCE, "train")
    return TrainingClip(origin, Teaches(), R.astype(np.float32), root.astype(np.float32),
                        np.asarray(rest_joints, np.float32), resting(points))  # fmt: skip


def _good(keys: list[Key], rules: Rules, strange: float) -> list[Key]:
    """Without keys that pierce themselves or are beyond the joints' limits; the first and the last one stay."""
    figure = keys[0].posture.figure
    R, root = _at_keys([key.posture for key in keys])
    bad = (rules.piercing.too_deep(figure, figure.posed(R, root)[1]) > 0.0) | rules.strange(R, strange)
    bad[[0, -1]] = False
    return [key for key, is_bad in zip(keys, bad) if not is_bad]


def _at_keys(postures: list[Posture]) -> tuple[Array, Array]:
    """R_parent_from_joint [K, 22, 3, 3] and root [K, 3] of the postures themselves, a frame each."""
    still = [replace(posture, sway=0.0) for posture in (*postures, postures[-1])]
    R, root = animated([Key(posture, 1.0 / RATE_HZ) for posture in still], np.random.default_rng(0), smoothed=False)
    return R[: len(postures)], root[: len(postures)]


def balanced(postures: list[Posture]) -> list[Posture]:
    """Postures with trunk and free limbs moved level until the centre of mass lies over what the body stands on."""
    for _ in range(4):
        R, root = _at_keys(postures)
        R_world, joints = postures[0].figure.posed(R, root)
        outside = outside_support(postures[0].figure, R_world, joints)
        way = (support_middle(postures[0].figure, R_world, joints) - centre_of_mass(joints)) * np.array([1.0, 1.0, 0.0])
        share = np.minimum(1.0, (outside + _INSIDE_M) / np.maximum(np.linalg.norm(way, axis=-1), 1e-6))
        shifts = np.where(np.isfinite(outside) & (outside > 0.0), share, 0.0)[:, None] * np.nan_to_num(way)
        postures = [_shifted(posture, shift) for posture, shift in zip(postures, shifts)]
    return postures


def _shifted(posture: Posture, shift: Array) -> Posture:
    ends = posture.ends + np.where(posture.planted[:, None], 0.0, shift)
    return replace(posture, root=posture.root + shift, ends=ends)


def _elsewhere(R_pelvis: Array, root: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Turned about the vertical and carried level, as recordings are anywhere."""
    turn = matrix_from_axis_angle([0.0, 0.0, rng.uniform(-np.pi, np.pi)])
    shift = np.array([*rng.uniform(-1.0, 1.0, 2), 0.0])
    return turn @ R_pelvis, root @ turn.T + shift
