"""People in a picture of whom nothing is known yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.detect.crop import BODY_GROWTH, Crop, Rgb, applied, body_crop, cut_out
from backend.detect.networks.network import Network
from backend.detect.ssd import INPUT_PX, Sighting, decoded, merged
from backend.detect.tiles import everywhere as views_everywhere
from backend.detect.tiles import whole
from motion.arrays import Array

LEAST_SCORE = 0.5       # MediaPipe's
# Of the smaller crop's side. Between views, 98 of 100 pairs of crops of one gymnast or walker lie nearer than 0.20, and
# no pair of two neighbours nearer than 0.42; where two people hide each other, nearer than 0.37.
SAME_BODY_SHARE = 0.25


@dataclass(frozen=True, eq=False)
class Candidate:
    """What may be a person; whether it is one, the landmark network says."""

    crop: Crop          # of the whole body
    box_px: Array       # [4] left, top, right, bottom of head and trunk
    score: float        # 0..1


class PersonSearch:
    """MediaPipe's person detector (`network`, of its "pose_detector.tflite") on the picture and its tiles."""

    def __init__(self, network: Network, least_score: float = LEAST_SCORE) -> None:
        self._network = network
        self._least_score = least_score

    def look(self, rgb: Rgb, everywhere: bool = False) -> list[Candidate]:
        """The people in the picture, surest first.

        One look finds those who are large in the picture, whichever way up. `everywhere` takes 5 to 9, also at
        people from a fifth of the picture's longer side, and at those whom the first look misses.
        """
        height_px, width_px = rgb.shape[:2]
        views = views_everywhere(width_px, height_px) if everywhere else [whole(width_px, height_px)]
        return _without_doubles([candidate for found in self._looks(rgb, views) for candidate in found])

    def _looks(self, rgb: Rgb, views: Sequence[Crop]) -> list[list[Candidate]]:
        """What is seen in each of the views, in px of the picture."""
        pictures = np.stack([cut_out(rgb, view, self._network.side_px, beyond="black") for view in views]) * 2 - 1
        answers = zip(views, *self._network(pictures), strict=True)
        return [[_candidate(sighting, view) for sighting in merged(decoded(boxes, logits, self._least_score))]
                for view, boxes, logits in answers]  # fmt: skip


def is_known(candidate: Candidate, crops_of_known: Sequence[Crop]) -> bool:
    """Whether the candidate is one of those whose bodies' crops are given."""
    return any(_is_same_body(candidate.crop, crop) for crop in crops_of_known)


def _candidate(sighting: Sighting, view: Crop) -> Candidate:
    picture_from_view = view.picture_from_crop(INPUT_PX)
    middle_px, rim_px = applied(picture_from_view, sighting.points_px[:2])
    left, top, right, bottom = sighting.box_px
    corners_px = applied(picture_from_view, np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))
    return Candidate(body_crop(middle_px, rim_px), np.concatenate([corners_px.min(axis=0), corners_px.max(axis=0)]),
                     sighting.score)  # fmt: skip


def _without_doubles(candidates: list[Candidate]) -> list[Candidate]:
    """Of those that are of one body in several views, the surest."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda candidate: -candidate.score):
        if not is_known(candidate, [other.crop for other in kept]):
            kept.append(candidate)
    return kept


def _is_same_body(first: Crop, second: Crop) -> bool:
    """Whether both the middles and the rims of two circles are close: whoever stands behind has another rim."""
    apart_px = max(np.linalg.norm(np.subtract(first.middle_px, second.middle_px)),
                   np.linalg.norm(_rim_px(first) - _rim_px(second)))  # fmt: skip
    return bool(apart_px < SAME_BODY_SHARE * min(first.side_px, second.side_px))


def _rim_px(crop: Crop) -> Array:
    """The point above the head of the circle that body_crop() made the crop from, [2]."""
    return applied(crop.picture_from_crop(1.0), np.array([0.5, 0.5 - 0.5 / BODY_GROWTH]))
