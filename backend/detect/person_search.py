"""People in a picture of whom nothing is known yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.detect.crop import Crop, Rgb, applied, body_crop, cut_out
from backend.detect.networks.network import Network
from backend.detect.ssd import INPUT_PX, Sighting, decoded, merged
from backend.detect.tiles import everywhere as views_everywhere
from backend.detect.tiles import whole
from motion.arrays import Array

LEAST_SCORE = 0.5       # MediaPipe's
SAME_MIDDLES = 0.1      # of the smaller crop's side
SAME_SIDES = 1.6        # ratio


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

        One look at the whole picture finds those who are large in it and upright. `everywhere` takes more
        looks, also at small people, at those who lie or stand on their hands, and at pictures recorded sideways.
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
    apart_px = np.linalg.norm(np.subtract(first.middle_px, second.middle_px))
    small_px, large_px = sorted([first.side_px, second.side_px])
    return bool(apart_px < SAME_MIDDLES * small_px and large_px < SAME_SIDES * small_px)
