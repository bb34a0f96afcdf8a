"""Which finding in a picture is which person known so far."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from motion.arrays import Array
from motion.landmarks import LANDMARK, LIMB_LANDMARKS

COMPARED = (LANDMARK["nose"], *LIMB_LANDMARKS)
LEAST_WEIGHT = 0.05         # a landmark that nobody saw still says roughly where the body is

NEAR_SIZES = 0.25           # mean distance of landmarks, in sizes of the body, up to which a finding may be a person
WIDENING_SIZES_S = 0.8      # by which that grows with every second out of sight
FARTHEST_SIZES = 1.0        # and no farther
LARGEST_SCALE = 1.8         # between the sizes of one person in two findings


def sizes_px(landmarks_px: Array) -> Array:
    """Size of bodies [N, 33, 2]: diagonal of the box around nose and limbs, [N] px."""
    return np.maximum(np.linalg.norm(np.ptp(landmarks_px[:, COMPARED], axis=1), axis=-1), 1.0)


def distances(people_px: Array, people_scores: Array, found_px: Array, found_scores: Array) -> Array:
    """How far people [P, 33, 2] are from findings [N, 33, 2], [P, N] in sizes of the body; inf where sizes disagree."""
    apart_px = np.linalg.norm(people_px[:, None, COMPARED] - found_px[None, :, COMPARED], axis=-1)
    weight = np.sqrt(people_scores[:, None, COMPARED] * found_scores[None, :, COMPARED]) + LEAST_WEIGHT
    size = np.sqrt(sizes_px(people_px)[:, None] * sizes_px(found_px)[None])
    scale = np.abs(np.log(sizes_px(people_px)[:, None] / sizes_px(found_px)[None]))
    apart_sizes = np.sum(weight * apart_px, axis=-1) / np.sum(weight, axis=-1) / size
    return np.where(scale <= np.log(LARGEST_SCALE), apart_sizes, np.inf)


def assign(apart_sizes: Array, away_s: Array) -> list[tuple[int, int]]:
    """Pairs (person, finding) with the least distance in all, at most one of each, none too far.

    apart_sizes [P, N] as from `distances`; away_s [P] for how long each person has not been seen.
    """
    farthest = np.minimum(NEAR_SIZES + WIDENING_SIZES_S * away_s, FARTHEST_SIZES)[:, None]
    # One more pair within reach beats any saving of distance, so a cost beyond reach stands for "nobody".
    cost = np.where(apart_sizes <= farthest, apart_sizes, 1e3)
    pairs = zip(*linear_sum_assignment(cost))
    return [(int(person), int(found)) for person, found in pairs if cost[person, found] < 1e3]
