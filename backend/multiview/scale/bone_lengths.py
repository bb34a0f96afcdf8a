"""How long a person's bones are, out of landmarks in space over a clip; bones keep their length, noise does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.arrays import Array, freeze
from motion.landmarks import LANDMARK

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Segment:
    """A length of the body between landmarks, or between the middles of both sides' where a name has no side."""

    name: str
    pairs: Pairs              # both sides of a body have one length
    usual_log: float          # what is seen less what is true at rest: detectors, and posture, have their habits
    sigma_log: float          # by how much that differs from clip to clip, however long they are
    rigid: bool = True        # which posture does not change


def _both(first: str, second: str) -> Pairs:
    return tuple((f"{side}_{first}", f"{side}_{second}") for side in ("left", "right"))


# Of 150 simulated takes of the split "train" (bench/multiview_simulated.py), triangulated by true cameras.
SEGMENTS: tuple[Segment, ...] = (
    Segment("thigh", _both("hip", "knee"), -0.014, 0.029),
    Segment("shank", _both("knee", "ankle"), -0.001, 0.035),
    Segment("upper arm", _both("shoulder", "elbow"), -0.036, 0.038),
    Segment("forearm", _both("elbow", "wrist"), -0.041, 0.048),
    Segment("hips", (("left_hip", "right_hip"),), -0.070, 0.062),
    Segment("shoulders", (("left_shoulder", "right_shoulder"),), -0.027, 0.048, rigid=False),
    Segment("trunk", (("shoulder", "hip"),), -0.023, 0.028, rigid=False),
    Segment("head's breadth", (("left_ear", "right_ear"),), -0.087, 0.083),
    Segment("head's depth", (("left_ear", "nose"), ("right_ear", "nose")), -0.083, 0.082),
    Segment("foot", _both("heel", "foot_index"), -0.039, 0.061),
    Segment("hand", _both("wrist", "index"), -0.092, 0.102),
)
_FEWEST_FRAMES = 8
_NEW_AFTER_FRAMES = 10     # errors of neighbouring pictures are alike
_MOST_LONGER = 0.2         # of a length, by which noise may have made it longer
_NORMAL_MAD = 1.4826       # from the median of absolute deviations to a standard deviation


@dataclass(frozen=True, eq=False)
class BoneLengths:
    """Of SEGMENTS, in the unit of the landmarks; NaN where a clip shows too little."""

    lengths: Array      # [G]
    sigma_log: Array    # [G] by how much the clip's own noise leaves them open; infinite where unknown

    def __post_init__(self) -> None:
        freeze(self, {"lengths": "G", "sigma_log": "G"}, G=len(SEGMENTS))

    def scaled(self, factor: float) -> BoneLengths:
        """The same in another unit."""
        return BoneLengths(factor * self.lengths, self.sigma_log)


def _ends(name: str) -> tuple[int, int]:
    """The landmark, twice, or that of both sides, in whose middle a length ends."""
    left, right = (name, name) if name in LANDMARK else (f"left_{name}", f"right_{name}")
    return LANDMARK[left], LANDMARK[right]


_PAIRS = [pair for segment in SEGMENTS for pair in segment.pairs]
_FIRST, _SECOND = (np.array([_ends(pair[end]) for pair in _PAIRS]) for end in (0, 1))   # [N, 2] landmarks
_SEGMENT_OF = np.repeat(np.arange(len(SEGMENTS)), [len(segment.pairs) for segment in SEGMENTS])   # [N]


def bone_lengths(landmarks: Array) -> BoneLengths:
    """The constant lengths of landmarks [T, 33, 3] in any unit, NaN where unknown; medians over time and both sides."""
    lengths = np.linalg.norm(_bones(landmarks), axis=-1)
    found = [_of_segment(segment, lengths[:, _SEGMENT_OF == index]) for index, segment in enumerate(SEGMENTS)]
    return BoneLengths(np.array([length for length, _ in found]), np.array([sigma for _, sigma in found]))


def lengths_at_rest(points: Array) -> Array:
    """[G] of a body's landmarks [33, 3] at rest."""
    return np.bincount(_SEGMENT_OF, np.linalg.norm(_bones(points), axis=-1)) / np.bincount(_SEGMENT_OF)


def _bones(landmarks: Array) -> Array:
    """[..., N, 3] of landmarks [..., 33, 3], one for each of _PAIRS."""
    return landmarks[..., _FIRST, :].mean(axis=-2) - landmarks[..., _SECOND, :].mean(axis=-2)


def _of_segment(segment: Segment, lengths: Array) -> tuple[float, float]:
    """Of one segment, seen on one or two sides [T, 1 or 2]: the steady length, and the sigma of its logarithm."""
    known = np.isfinite(lengths)
    if known.any(axis=-1).sum() < _FEWEST_FRAMES:
        return np.nan, np.inf
    return _steady(lengths[known], segment.rigid)


def _steady(lengths: Array, rigid: bool) -> tuple[float, float]:
    """The length that is seen through noise [N], and the sigma of its logarithm.

    Noise across a bone makes it longer: in each of the two directions across by sigma^2 / (2 length). Along it, sigma
    is the scatter of the lengths themselves.
    """
    middle = max(float(np.median(lengths)), 1e-9)
    scatter = _NORMAL_MAD * float(np.median(np.abs(lengths - middle)))
    longer = min(scatter**2 / middle, _MOST_LONGER * middle) if rigid else 0.0
    return middle - longer, scatter / middle * np.sqrt(_NEW_AFTER_FRAMES / max(len(lengths), _NEW_AFTER_FRAMES))
