"""Whether a body goes through itself, by capsules about its bones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from backend.train.motions.training_clip import TrainingClip
from backend.train.variety.figure import Figure
from motion.arrays import Array
from motion.skeleton import JOINT, other_side

# Capsule: from joint to joint and its radius in shares of the leg's length, from the open body's cross-sections.
CAPSULES = {
    "trunk": ("pelvis", "spine3", 0.13), "head": ("neck", "head", 0.11),
    "left_thigh": ("left_hip", "left_knee", 0.085), "right_thigh": ("right_hip", "right_knee", 0.085),
    "left_shin": ("left_knee", "left_ankle", 0.055), "right_shin": ("right_knee", "right_ankle", 0.055),
    "left_upper_arm": ("left_shoulder", "left_elbow", 0.05), "right_upper_arm": ("right_shoulder", "right_elbow", 0.05),
    "left_forearm": ("left_elbow", "left_wrist", 0.04), "right_forearm": ("right_elbow", "right_wrist", 0.04),
}  # fmt: skip
PAIRS = (
    *((f"{side}_forearm", other) for side in ("left", "right") for other in (
        "trunk", "head", "left_thigh", "right_thigh", "left_shin", "right_shin")),
    ("left_upper_arm", "head"), ("right_upper_arm", "head"), ("left_forearm", "right_forearm"),
    ("left_shin", "right_shin"), ("left_shin", "right_thigh"), ("right_shin", "left_thigh"),
    ("left_shin", "trunk"), ("right_shin", "trunk"), ("left_thigh", "right_thigh"),
)  # fmt: skip
_NAMES = tuple(CAPSULES)
_FROM, _TO = (np.array([JOINT[CAPSULES[name][end]] for name in _NAMES]) for end in (0, 1))
_RADII = np.array([CAPSULES[name][2] for name in _NAMES])
_FIRST, _SECOND = (np.array([_NAMES.index(pair[side]) for pair in PAIRS]) for side in (0, 1))
_NEEDED = [JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("hip", "knee", "shoulder", "elbow")]
_PERCENTILE, _MARGIN = 99.0, 0.02  # of the recorded depths; and beyond them, in shares of the leg's length


@dataclass(frozen=True, eq=False)
class Piercing:
    """How deep each pair of capsules may overlap: recorded flesh gives way, and capsules are not flesh."""

    allowed: Array  # [pairs] in shares of the leg's length

    def too_deep(self, figure: Figure, joints_world: Array) -> Array:
        """How much the worst pair overlaps beyond what is allowed, [T], in shares of the leg's length; < 0 is fine."""
        return (overlaps(figure, joints_world) - self.allowed).max(axis=-1)


def overlaps(figure: Figure, joints_world: Array) -> Array:
    """How deep pairs of capsules overlap, [T, pairs], in shares of the leg's length; below 0 they are apart."""
    starts, ends = joints_world[:, _FROM], joints_world[:, _TO]
    gaps = segment_distances(starts[:, _FIRST], ends[:, _FIRST], starts[:, _SECOND], ends[:, _SECOND])
    return _RADII[_FIRST] + _RADII[_SECOND] - gaps / figure.leg_length


def fitted_piercing(clips: Sequence[TrainingClip], frame_step: int = 10) -> Piercing:
    """The 99th percentile of recorded depths, pair by pair, sides alike."""
    depths = [np.full((1, len(PAIRS)), -1.0)]
    for clip in clips:
        if all(clip.teaches.joints[joint] for joint in _NEEDED):
            figure = Figure(clip.rest_joints)
            _, joints = figure.posed(clip.R_parent_from_joint[::frame_step], clip.root_world[::frame_step])
            depths.append(overlaps(figure, joints))
    allowed = np.percentile(np.concatenate(depths), _PERCENTILE, axis=0)
    return Piercing(np.maximum(_sides_alike(allowed), 0.0) + _MARGIN)


def _sides_alike(allowed: Array) -> Array:
    """Each pair given the larger of its own value and its mirror image's."""
    index = {frozenset(pair): i for i, pair in enumerate(PAIRS)}
    partner = [index[frozenset(map(other_side, pair))] for pair in PAIRS]
    return np.maximum(allowed, allowed[partner])


def segment_distances(start_a: Array, end_a: Array, start_b: Array, end_b: Array) -> Array:
    """Least distances [...] between segments of ends [..., 3] (Ericson 2005, Real-Time Collision Detection, 5.1.9)."""
    a, b, between = end_a - start_a, end_b - start_b, start_a - start_b
    aa, bb, ab = (np.sum(x * y, axis=-1) for x, y in ((a, a), (b, b), (a, b)))
    a_between, b_between = np.sum(a * between, axis=-1), np.sum(b * between, axis=-1)
    divisor = np.maximum(aa * bb - ab * ab, 1e-12)
    s = np.clip((ab * b_between - a_between * bb) / divisor, 0.0, 1.0)
    t = np.clip((ab * s + b_between) / np.maximum(bb, 1e-12), 0.0, 1.0)
    s = np.clip((ab * t - a_between) / np.maximum(aa, 1e-12), 0.0, 1.0)
    gap = between + s[..., None] * a - t[..., None] * b
    return np.linalg.norm(gap, axis=-1)
