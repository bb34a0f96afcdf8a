"""Arms, or arms with trunk and head, of one clip on the legs of another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Sequence

import numpy as np

from backend.train.motions.still import still_labels
from backend.train.motions.training_clip import RATE_HZ, Origin, TrainingClip
from backend.train.variety.figure import Figure
from backend.train.variety.mirrored import OTHER_SIDE, mirrored_rotations
from backend.train.variety.reshaped import reshaped
from backend.train.variety.rules import Rules
from motion.arrays import Array
from motion.contacts.believe import STILL_POINTS
from motion.filters import gaussian_smoothed
from motion.rotations import normalised
from motion.skeleton import JOINT

ARMS = tuple(JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("collar", "shoulder", "elbow", "wrist"))
TRUNK = tuple(JOINT[name] for name in ("spine1", "spine2", "spine3", "neck", "head"))
_SHORTEST_S, _LONGEST_S = 1.5, 10.0
LEANS_ALIKE_DEG = 15.0
_OTHER_BODY_SHARE = 0.5
_OFFERED_STARTS = 8  # of the other clip, of which the one that moves most alike is taken
_PALMS = [i for i, name in enumerate(STILL_POINTS) if name.endswith("palm")]


@dataclass(frozen=True)
class Stretch:
    """Frames of a clip, possibly seen in a mirror."""

    clip: TrainingClip
    start: int
    count: int
    mirrored: bool = False

    @property
    def rotations(self) -> Array:
        """R_parent_from_joint [count, 22, 3, 3]."""
        R = self.clip.R_parent_from_joint[self.start : self.start + self.count]
        return mirrored_rotations(R).astype(np.float32) if self.mirrored else R

    @property
    def taught(self) -> Array:
        """[22] whose rotations were recorded."""
        taught = np.array(self.clip.teaches.joints)
        return taught[OTHER_SIDE] if self.mirrored else taught


def exchanged(legs: Stretch, above: Stretch, joints: Sequence[int], name: str) -> TrainingClip:
    """The stretch of `legs` with the turns of some joints, none of the legs, of the equally long stretch `above`."""
    R = legs.rotations.copy()
    R[:, joints] = above.rotations[:, joints]
    taught = legs.taught.copy()
    taught[list(joints)] = above.taught[list(joints)]
    teaches = replace(
        legs.clip.teaches, joints=tuple(map(bool, taught)),
        speed=legs.clip.teaches.speed and above.clip.teaches.speed,
    )  # fmt: skip
    kept = slice(legs.start, legs.start + legs.count)
    return _with_palms(replace(
        legs.clip, origin=_origin(legs, above, name), R_parent_from_joint=R, root_world=legs.clip.root_world[kept],
        still=legs.clip.still[kept], teaches=teaches,
    ))  # fmt: skip


def _with_palms(clip: TrainingClip) -> TrainingClip:
    """The clip with new labels of its palms."""
    figure, still = Figure(clip.rest_joints), clip.still.copy()
    points = figure.touching_world(*figure.posed(clip.R_parent_from_joint, clip.root_world))
    still[:, _PALMS] = still_labels(points, RATE_HZ)[:, _PALMS]
    return replace(clip, still=still)


def _origin(legs: Stretch, above: Stretch, name: str) -> Origin:
    below, over = legs.clip.origin, above.clip.origin
    licences = sorted({below.licence, over.licence})
    return replace(below, name=name, action=f"{below.action}; above: {over.action}", licence=" and ".join(licences),
                   start_s=below.start_s + legs.start / RATE_HZ)  # fmt: skip


def exchange(clips: Sequence[TrainingClip], weights: Array, name: str, rules: Rules,
             rng: np.random.Generator) -> TrainingClip | None:  # fmt: skip
    """Two of the clips, drawn by their weights [C], put together; None where they do not fit.

    Half of those whose soles are known get the body of whom the arms are from. Not refused is what was wrong with the
    legs' own clip already.
    """
    legs_clip, above_clip = (clips[i] for i in rng.choice(len(clips), 2, p=weights))
    count = min(len(legs_clip.root_world), len(above_clip.root_world), int(_LONGEST_S * RATE_HZ))
    if count < _SHORTEST_S * RATE_HZ or legs_clip is above_clip:
        return None
    legs = Stretch(legs_clip, int(rng.integers(len(legs_clip.root_world) - count + 1)), count)
    above = _in_time(legs, above_clip, bool(rng.uniform() < 0.5), rng)
    joints = (*TRUNK, *ARMS) if rng.uniform() < 0.5 and lean_alike(legs, above) else ARMS
    clip = exchanged(legs, above, joints, name)
    if legs_clip.teaches.contacts and legs_clip.teaches.path and rng.uniform() < _OTHER_BODY_SHARE:
        clip = _with_palms(reshaped(clip, above_clip.rest_joints))
    before = rules.faults(exchanged(legs, legs, (), name))
    return None if set(rules.faults(clip)) - set(before) else clip


def lean_alike(one: Stretch, other: Stretch) -> bool:
    """Whether both pelves lean alike: a trunk bends against its own pelvis, on another it would fall over."""
    one_up, other_up = (normalised(stretch.rotations[:, 0, 2].mean(axis=0)) for stretch in (one, other))
    return bool(one_up @ other_up > np.cos(np.deg2rad(LEANS_ALIKE_DEG)))


def _in_time(legs: Stretch, clip: TrainingClip, mirrored: bool, rng: np.random.Generator) -> Stretch:
    """The stretch of another clip that moves its arms when the own ones moved: of a few, the most alike."""
    starts = np.unique(rng.integers(len(clip.root_world) - legs.count + 1, size=_OFFERED_STARTS))
    offered = [Stretch(clip, int(start), legs.count, mirrored) for start in starts]
    own = arm_speeds(legs.rotations)
    return max(offered, key=lambda stretch: _alike(own, arm_speeds(stretch.rotations)))


def arm_speeds(R_parent_from_joint: Array) -> Array:
    """How fast both upper arms and forearms turn, smoothed, [T, 4] chordal rad/s."""
    joints = [JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("shoulder", "elbow")]
    steps = np.linalg.norm(np.diff(R_parent_from_joint[:, joints], axis=0), axis=(-2, -1)) * RATE_HZ / np.sqrt(2.0)
    return gaussian_smoothed(steps, RATE_HZ, 0.1)


def _alike(one: Array, other: Array) -> float:
    """Correlation of two tables of speeds [T, 4]."""
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    return float(np.sum(one * other) / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-6))
