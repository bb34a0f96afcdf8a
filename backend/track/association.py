"""How near findings are to each other, in sizes of the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.detect.appearance import COLOUR_COUNT
from backend.detect.detections import Detections
from motion.arrays import Array, Indices, Mask
from motion.landmarks import LANDMARK, LIMB_LANDMARKS

COMPARED = (LANDMARK["nose"], *LIMB_LANDMARKS)
TRUNK = tuple(COMPARED.index(LANDMARK[side + part]) for part in ("shoulder", "hip") for side in ("left_", "right_"))
TURNED_TRUNK = (TRUNK[1], TRUNK[0], TRUNK[3], TRUNK[2])
LEAST_WEIGHT = 0.02         # a landmark that nobody saw still says roughly where the body is

NEAR_SIZES = 0.3            # mean distance of landmarks, in sizes of the body, up to which a finding may be a person
WIDENING_SIZES_S = 0.8      # by which that grows with every second out of sight
FARTHEST_SIZES = 1.0        # and no farther
LARGEST_SCALE = 1.8         # between the sizes of one person in two findings
OVERLAP_SIZES = 0.5         # distance of the middles, in sizes of the larger, at which bodies overlap
HEIGHT_TO_SPREAD = 3.5      # of a body's landmarks
STILL = np.zeros((1, 2))    # px moved


@dataclass(frozen=True, eq=False)
class Bodies:
    """What tells the findings of one shot apart; N findings, sorted by picture, in a picture from left to right."""

    finding: Indices      # [N] index into the detections
    picture: Indices      # [N]
    time_s: Array         # [N]
    tracklet: Indices     # [N]
    limbs_px: Array       # [N, 13, 2] landmarks of COMPARED
    weights: Array        # [N, 13]
    middle_px: Array      # [N, 2]
    size_px: Array        # [N] about the height that the body would stand
    colours: Array        # [N, C]
    apart: Mask           # [N] told apart by the detector from those around


def bodies_of(detections: Detections, findings: Indices, apart: Mask) -> Bodies:
    """The `findings` [N] of a shot in an order that does not depend on the detector's; `apart` is told_apart of all."""
    nose_px = detections.landmarks_px[findings, LANDMARK["nose"]]
    chosen = findings[np.lexsort((nose_px[:, 1], nose_px[:, 0], detections.picture[findings]))]
    landmarks_px, scores = detections.landmarks_px[chosen], detections.scores[chosen]
    middle_px, size_px = _middle_and_size(landmarks_px, scores)
    picture = detections.picture[chosen]
    return Bodies(chosen, picture, detections.times_s[picture], detections.tracklet[chosen], landmarks_px[:, COMPARED],
                  _weights(scores), middle_px, size_px, _colours(detections)[chosen], apart[chosen])  # fmt: skip


def _colours(detections: Detections) -> Array:
    """Unknown where the source of the detections had no pictures to look at."""
    colours = detections.colours
    return colours if colours.shape[1] == COLOUR_COUNT else np.full((len(colours), COLOUR_COUNT), np.nan)


def body_sizes_px(landmarks_px: Array, scores: Array) -> Array:
    """About the height that each body [N, 33, 2] would stand, [N] px."""
    return _middle_and_size(landmarks_px, scores)[1]


def strangeness(bodies: Bodies, first: Indices, second: Indices, away_s: Array, moved_px: Array) -> Array:
    """How unlikely it is that findings `second` [K] are the bodies `first` [K] after `away_s` [K]; [K].

    Up to 1 where the landmarks lie near enough, as the first moves by `moved_px` [K, 2] meanwhile. A pose can jump on a
    body that is hard to see: up to 2 where only the middles are near. Beyond, infinite.
    """
    sizes_px = np.stack([bodies.size_px[first], bodies.size_px[second]])
    larger, smaller = sizes_px.max(axis=0), sizes_px.min(axis=0)
    shifts_px = bodies.limbs_px[second] - bodies.limbs_px[first] - moved_px[:, None]
    weight = bodies.weights[first] * bodies.weights[second]
    apart_px = np.sum(weight * np.linalg.norm(shifts_px, axis=-1), axis=-1) / weight.sum(axis=-1)
    apart = apart_px / np.sqrt(larger * smaller) / reach_sizes(away_s)
    middles_px = np.linalg.norm(bodies.middle_px[second] - bodies.middle_px[first] - moved_px, axis=-1)
    overlap = 1 + middles_px / larger / OVERLAP_SIZES
    near = (apart < 1) & (larger < LARGEST_SCALE * smaller)
    return np.where(near, apart, np.where(overlap < 2, overlap, np.inf))


def reach_sizes(away_s: Array) -> Array:
    """How far the landmarks of a body may be from where it was expected, in its sizes."""
    return np.minimum(NEAR_SIZES + WIDENING_SIZES_S * away_s, FARTHEST_SIZES)


def trunks_apart(bodies: Bodies, first: Indices, second: Indices) -> Array:
    """Mean distance of shoulders and hips, whichever way round, in sizes of the smaller body; [K]."""
    corners_px, other_px = bodies.limbs_px[first][:, TRUNK], bodies.limbs_px[second]
    apart_px = np.min([np.linalg.norm(corners_px - other_px[:, order], axis=-1).mean(axis=-1)
                       for order in (TRUNK, TURNED_TRUNK)], axis=0)  # fmt: skip
    return apart_px / np.minimum(bodies.size_px[first], bodies.size_px[second])


def pairs_between(keys: Array, first: Indices, second: Indices, low: float, high: float) -> tuple[Indices, Indices]:
    """All pairs of `first` and `second` whose keys differ by `low` to `high`; both are indices into `keys`.

    Keys of `second` must rise.
    """
    begins = np.searchsorted(keys[second], keys[first] + low, side="left")
    counts = np.maximum(np.searchsorted(keys[second], keys[first] + high, side="right") - begins, 0)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(first, counts), second[np.repeat(begins, counts) + offsets]


def _weights(scores: Array) -> Array:
    return scores[..., COMPARED] + LEAST_WEIGHT


def _middle_and_size(landmarks_px: Array, scores: Array) -> tuple[Array, Array]:
    """Middle [N, 2] of the landmarks seen, and about the height of a standing body, [N] px."""
    weights = _weights(scores)[..., None] / _weights(scores).sum(axis=-1)[:, None, None]
    middle = np.sum(weights * landmarks_px[:, COMPARED], axis=1)
    spread = np.sqrt(np.sum(weights * (landmarks_px[:, COMPARED] - middle[:, None]) ** 2, axis=(1, 2)))
    return middle, np.maximum(HEIGHT_TO_SPREAD * spread, 1.0)
