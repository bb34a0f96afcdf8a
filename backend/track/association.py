"""Which finding in a picture is which person known so far."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from motion.arrays import Array
from motion.landmarks import LANDMARK, LIMB_LANDMARKS

COMPARED = (LANDMARK["nose"], *LIMB_LANDMARKS)
LEAST_WEIGHT = 0.02         # a landmark that nobody saw still says roughly where the body is

NEAR_SIZES = 0.3            # mean distance of landmarks, in sizes of the body, up to which a finding may be a person
WIDENING_SIZES_S = 0.8      # by which that grows with every second out of sight
FARTHEST_SIZES = 1.0        # and no farther
LARGEST_SCALE = 1.8         # between the sizes of one person in two findings
OVERLAP_SIZES = 0.5         # distance of the middles, in sizes of the larger, at which bodies overlap
HEIGHT_TO_SPREAD = 3.5      # of a body's landmarks
BEYOND_REACH = 1e3          # more than all pairs within reach together


def assign(people_px: Array, people_scores: Array, away_s: Array, found_px: Array,
           found_scores: Array) -> list[tuple[int, int]]:  # fmt: skip
    """Pairs (person, finding) that lie nearest in all, at most one of each, none too far.

    people_px [P, 33, 2] where people are expected, people_scores [P, 33]; away_s [P] for how long each has not been
    seen; found_px [N, 33, 2], found_scores [N, 33].
    """
    people_middle, people_size = _middle_and_size(people_px, people_scores)
    found_middle, found_size = _middle_and_size(found_px, found_scores)
    larger = np.maximum(people_size[:, None], found_size[None])
    smaller = np.minimum(people_size[:, None], found_size[None])
    apart = _apart_px(people_px, people_scores, found_px, found_scores) / np.sqrt(larger * smaller)
    reach = np.minimum(NEAR_SIZES + WIDENING_SIZES_S * away_s, FARTHEST_SIZES)[:, None]
    likely = _nearest(np.where(larger < LARGEST_SCALE * smaller, apart / reach, np.inf))

    # A pose can jump on a body that is hard to see. Then whoever is left takes what nobody else claims.
    middles = np.linalg.norm(people_middle[:, None] - found_middle[None], axis=-1) / larger / OVERLAP_SIZES
    for person, found in likely:
        middles[person], middles[:, found] = np.inf, np.inf
    return likely + _nearest(middles)


def body_sizes_px(landmarks_px: Array, scores: Array) -> Array:
    """About the height that each body [N, 33, 2] would stand, [N] px."""
    return _middle_and_size(landmarks_px, scores)[1]


def _nearest(apart: Array) -> list[tuple[int, int]]:
    """The most pairs that are less than 1 apart, [P, N], of these with the least sum."""
    cost = np.where(apart < 1, apart, BEYOND_REACH)
    return [(int(p), int(n)) for p, n in zip(*linear_sum_assignment(cost), strict=True) if cost[p, n] < 1]


def _weights(scores: Array) -> Array:
    return scores[..., COMPARED] + LEAST_WEIGHT


def _middle_and_size(landmarks_px: Array, scores: Array) -> tuple[Array, Array]:
    """Middle [N, 2] of the landmarks seen, and about the height of a standing body, [N] px."""
    weights = _weights(scores)[..., None] / _weights(scores).sum(axis=-1)[:, None, None]
    middle = np.sum(weights * landmarks_px[:, COMPARED], axis=1)
    spread = np.sqrt(np.sum(weights * (landmarks_px[:, COMPARED] - middle[:, None]) ** 2, axis=(1, 2)))
    return middle, np.maximum(HEIGHT_TO_SPREAD * spread, 1.0)


def _apart_px(people_px: Array, people_scores: Array, found_px: Array, found_scores: Array) -> Array:
    """Mean distance of landmarks, [P, N]; those seen in both count most."""
    apart_px = np.linalg.norm(people_px[:, None, COMPARED] - found_px[None, :, COMPARED], axis=-1)
    weight = _weights(people_scores)[:, None] * _weights(found_scores)[None]
    return np.sum(weight * apart_px, axis=-1) / np.sum(weight, axis=-1)
