"""What MediaPipe's person detector answers: a single-shot detector's boxes and points about fixed anchors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from motion.arrays import Array

INPUT_PX = 224
ANCHORS_PER_CELL = {8: 2, 16: 2, 32: 6}     # by stride in px, as MediaPipe's graph of the pose detector sets them
LARGEST_LOGIT = 100.0
LEAST_OVERLAP = 0.3     # of boxes of one person, intersection over union; MediaPipe's


@dataclass(frozen=True, eq=False)
class Sighting:
    """A person in one picture; head and trunk in a box, the whole body in a circle."""

    box_px: Array       # [4] left, top, right, bottom
    points_px: Array    # [4, 2] middle of the hips, the circle's point above the head; the same two for the upper body
    score: float


def anchors_px() -> Array:
    """Middles of the anchors in the order of the network's answers, [2254, 2] px."""
    grids = []
    for stride, copies in ANCHORS_PER_CELL.items():
        steps = (np.arange(INPUT_PX // stride) + 0.5) * stride
        y, x = np.meshgrid(steps, steps, indexing="ij")
        grids.append(np.repeat(np.stack([x, y], axis=-1).reshape(-1, 2), copies, axis=0))
    return np.concatenate(grids)


def decoded(answers: npt.NDArray[np.float32], logits: npt.NDArray[np.float32], least_score: float) -> list[Sighting]:
    """Sightings of at least this score, surest first, from the network's answers [2254, 12] and [2254, 1].

    An answer is a box's middle and size and four points, px of the network's picture from its anchor.
    """
    scores = 1 / (1 + np.exp(-np.clip(logits[:, 0].astype(float), -LARGEST_LOGIT, LARGEST_LOGIT)))
    sure = np.flatnonzero(scores >= least_score)
    sure = sure[np.argsort(-scores[sure], kind="stable")]
    numbers = answers[sure].astype(float).reshape(-1, 6, 2)
    middles, halves = numbers[:, 0] + _ANCHORS_PX[sure], numbers[:, 1] / 2
    boxes_px = np.concatenate([middles - halves, middles + halves], axis=-1)
    points_px = numbers[:, 2:] + _ANCHORS_PX[sure, None]
    return [Sighting(*one) for one in zip(boxes_px, points_px, scores[sure].tolist(), strict=True)]


def merged(sightings: list[Sighting]) -> list[Sighting]:
    """One sighting for each person: the mean, by score, of the surest and those that overlap it; surest first."""
    left = sorted(sightings, key=lambda sighting: -sighting.score)
    people = []
    while left:
        overlaps = overlap(left[0].box_px, np.array([sighting.box_px for sighting in left])) > LEAST_OVERLAP
        overlaps[0] = True      # a box without area overlaps nothing, not even itself
        people.append(_mean([sighting for sighting, same in zip(left, overlaps, strict=True) if same]))
        left = [sighting for sighting, same in zip(left, overlaps, strict=True) if not same]
    return people


def overlap(box_px: Array, boxes_px: Array) -> Array:
    """Intersection over union of a box [4] with boxes [N, 4], [N]."""
    sides = np.minimum(box_px[2:], boxes_px[:, 2:]) - np.maximum(box_px[:2], boxes_px[:, :2])
    common = np.prod(np.maximum(sides, 0.0), axis=-1)
    either = np.prod(box_px[2:] - box_px[:2]) + np.prod(boxes_px[:, 2:] - boxes_px[:, :2], axis=-1) - common
    return np.divide(common, either, out=np.zeros_like(common), where=either > 0)


def _mean(sightings: list[Sighting]) -> Sighting:
    weights = [sighting.score for sighting in sightings]
    return Sighting(np.average([sighting.box_px for sighting in sightings], axis=0, weights=weights),
                    np.average([sighting.points_px for sighting in sightings], axis=0, weights=weights),
                    max(weights))  # fmt: skip


_ANCHORS_PX = anchors_px()
