"""What the clothes of a person look like: colours sampled along trunk, arms and legs, to know people again."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from backend.detect.crop import Rgb
from motion.arrays import Array
from motion.landmarks import LANDMARK

LEAST_SCORE = 0.5       # of a part's landmarks: less sure, it may lie on somebody else
LEAST_INSIDE = 0.5      # of a part's samples within the picture
SAMPLES = 36            # a part: six by six on the trunk, three across and six along each of two limbs
LIMB_WIDTH = 0.12       # of a limb's length, from its middle line to the outermost samples
COMMON_LIGHT = 0.7      # of a difference in lightness that all parts share is thought to be the light's
MOST_APART = 60.0       # CIELAB: beyond, a part is as different as it can be
LEAST_PARTS = 2         # known in both, for a comparison


def _limbs(upper: str, lower: str) -> tuple[tuple[int, int], ...]:
    return tuple((LANDMARK[f"{side}_{upper}"], LANDMARK[f"{side}_{lower}"]) for side in ("left", "right"))


PARTS = ("chest", "belly", "upper legs", "lower legs", "upper arms")
CORNERS = np.array([[LANDMARK[f"{side}_{end}"] for side in ("left", "right") for end in ends] for ends in (
    ("shoulder", "hip"), ("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"))])   # of PARTS
TRUNK_PARTS = 2             # the first of PARTS
QUANTILES = (0.25, 0.75)      # of lightness, so that stripes are known from plain grey
COLOUR_COUNT = len(PARTS) * (len(QUANTILES) + 2)


def colours(rgb: Rgb, landmarks_px: Array, scores: Array) -> Array:
    """CIELAB of the clothes of the person at `landmarks_px` [33, 2] with `scores` [33], [COLOUR_COUNT].

    Each of PARTS: a quarter and three quarters of the lightnesses, the medians of a and b. NaN where a part lies
    outside the picture or is not surely seen.
    """
    places = _SAMPLING @ (landmarks_px[:, 0] + 1j * landmarks_px[:, 1])     # [P, SAMPLES]
    columns, rows = np.rint(places.real).astype(np.intp), np.rint(places.imag).astype(np.intp)
    sure = scores[CORNERS].mean(axis=-1) >= LEAST_SCORE
    inside = (columns >= 0) & (columns < rgb.shape[1]) & (rows >= 0) & (rows < rgb.shape[0]) & sure[:, None]
    sampled = rgb[np.where(inside, rows, 0), np.where(inside, columns, 0)]
    lab = cv2.cvtColor(np.multiply(sampled, np.float32(1 / 255)), cv2.COLOR_RGB2LAB)
    return _described(np.where(inside[..., None], lab, np.float32(np.nan)))


def difference(one: Array, other: Array) -> Array:
    """How different the clothes of people [..., COLOUR_COUNT] are: 0 alike, about 20 others, 60 at most.

    NaN where too few parts are known of both. What becomes lighter or darker as a whole stands in another light.
    """
    shape = (len(PARTS), len(QUANTILES) + 2)
    changes = one.reshape(*one.shape[:-1], *shape) - other.reshape(*other.shape[:-1], *shape)
    known = np.isfinite(changes).all(axis=-1)
    changes = np.where(known[..., None], changes, 0.0)
    parts = known.sum(axis=-1)
    lighter = changes[..., :2].mean(axis=-1).sum(axis=-1) / np.maximum(parts, 1)
    changes[..., :2] -= COMMON_LIGHT * lighter[..., None, None]
    apart = np.sqrt(np.mean(changes[..., :2] ** 2, axis=-1) + np.sum(changes[..., 2:] ** 2, axis=-1))
    mean = np.sum(np.minimum(apart, MOST_APART) * known, axis=-1) / np.maximum(parts, 1)
    return np.where(parts >= LEAST_PARTS, mean, np.nan)


def _sampling() -> npt.NDArray[np.complex128]:
    """[P, SAMPLES, 33]: the places of all samples as sums of landmarks, x + iy, in which i turns by a right angle."""
    weights = np.zeros((len(PARTS), SAMPLES, len(LANDMARK)), np.complex128)
    for part, (left_start, left_end, right_start, right_end) in enumerate(CORNERS):
        if part < TRUNK_PARTS:
            down, across = _grid(np.linspace(0.1, 0.5, 6) + 0.4 * part, np.linspace(0.2, 0.8, 6))
            weights[part, :, [left_start, left_end]] += np.stack([1 - down, down]) * (1 - across)
            weights[part, :, [right_start, right_end]] += np.stack([1 - down, down]) * across
        else:
            down, across = _grid(np.linspace(0.2, 0.85, 6), np.linspace(-LIMB_WIDTH, LIMB_WIDTH, 3))
            along = down + 1j * across
            weights[part, :SAMPLES // 2, [left_start, left_end]] = np.stack([1 - along, along])
            weights[part, SAMPLES // 2:, [right_start, right_end]] = np.stack([1 - along, along])
    return weights


def _grid(down: Array, across: Array) -> tuple[Array, Array]:
    """All pairs of both, as two flat arrays."""
    pairs = np.meshgrid(down, across, indexing="ij")
    return pairs[0].ravel(), pairs[1].ravel()


_SAMPLING = _sampling()


def _described(lab: Array) -> Array:
    """Quantiles of samples [P, SAMPLES, 3], NaN where not looked at; [COLOUR_COUNT]."""
    rising = np.sort(lab, axis=1)                               # NaN comes last
    counts = np.isfinite(lab[..., 0]).sum(axis=1)               # [P]
    part = np.arange(len(lab))

    def quantile(share: float, channel: int) -> Array:
        return rising[part, np.round(share * np.maximum(counts - 1, 0)).astype(np.intp), channel]

    found = np.stack([*(quantile(share, 0) for share in QUANTILES), quantile(0.5, 1), quantile(0.5, 2)], axis=-1)
    return np.where(counts[:, None] >= LEAST_INSIDE * SAMPLES, found, np.nan).ravel()
