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
    sigma_log: float          # by which detectors and people differ from the open body, however long the clip
    pose_log: float = 0.0     # the usual length less that at rest, where posture changes it
    rigid: bool = True


def _both(first: str, second: str) -> Pairs:
    return tuple((f"{side}_{first}", f"{side}_{second}") for side in ("left", "right"))


SEGMENTS: tuple[Segment, ...] = (
    Segment("thigh", _both("hip", "knee"), 0.03),
    Segment("shank", _both("knee", "ankle"), 0.025),
    Segment("upper arm", _both("shoulder", "elbow"), 0.04),
    Segment("forearm", _both("elbow", "wrist"), 0.035),
    Segment("hips", (("left_hip", "right_hip"),), 0.09),
    Segment("shoulders", (("left_shoulder", "right_shoulder"),), 0.05, -0.005, rigid=False),
    Segment("trunk", (("shoulder", "hip"),), 0.045, -0.02, rigid=False),
    Segment("head's breadth", (("left_ear", "right_ear"),), 0.06),
    Segment("head's depth", (("left_ear", "nose"), ("right_ear", "nose")), 0.06),
    Segment("foot", _both("heel", "foot_index"), 0.05),
    Segment("hand", _both("wrist", "index"), 0.08),
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
    lengths = _lengths(landmarks)
    found = [_over_time(lengths[:, _SEGMENT_OF == index], segment) for index, segment in enumerate(SEGMENTS)]
    return BoneLengths(np.array([length for length, _ in found]), np.array([sigma for _, sigma in found]))


def lengths_at_rest(points: Array) -> Array:
    """[G] of a body's landmarks [33, 3] at rest."""
    return np.bincount(_SEGMENT_OF, _lengths(points)) / np.bincount(_SEGMENT_OF)


def _lengths(landmarks: Array) -> Array:
    """[..., N] of landmarks [..., 33, 3], one for each of _PAIRS."""
    bones = landmarks[..., _FIRST, :].mean(axis=-2) - landmarks[..., _SECOND, :].mean(axis=-2)
    return np.linalg.norm(bones, axis=-1)


def _over_time(lengths: Array, segment: Segment) -> tuple[float, float]:
    """Of lengths [T, 1 or 2] of one segment the steady one, and the sigma of its logarithm."""
    sides = [side[np.isfinite(side)] for side in lengths.T]
    sides = [side for side in sides if len(side) >= _FEWEST_FRAMES]
    if not sides:
        return np.nan, np.inf
    values, sigmas = zip(*(_steady(side, segment.rigid) for side in sides), strict=True)
    length = max(float(np.mean(values)), 1e-9)
    return length, float(np.linalg.norm(sigmas)) / len(sides) / length


def _steady(lengths: Array, rigid: bool) -> tuple[float, float]:
    """The length that is seen through noise [N], and its sigma.

    Noise across a bone makes it longer: in each of the two directions across by sigma^2 / (2 length). Along it, sigma
    is the scatter of the lengths themselves.
    """
    middle = float(np.median(lengths))
    scatter = _NORMAL_MAD * float(np.median(np.abs(lengths - middle)))
    longer = min(scatter**2 / max(middle, 1e-9), _MOST_LONGER * middle) if rigid else 0.0
    return middle - longer, scatter * np.sqrt(_NEW_AFTER_FRAMES / max(len(lengths), _NEW_AFTER_FRAMES))
