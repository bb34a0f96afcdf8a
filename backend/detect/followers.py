"""People followed from picture to picture, each by the piece of the picture that their last landmarks give."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from backend.detect.crop import Crop, Rgb
from backend.detect.pose import Pose, body_size_px, is_same_body, trunk_distance_px
from backend.detect.pose_network import Answer

LEAST_PRESENCE = 0.5                    # as in MediaPipe's own following
SURE_SCORE, SURE_LANDMARKS = 0.5, 5     # of somebody who has left the picture, a few unsure landmarks linger on
LARGEST_STEP = 0.25                     # of a crop's side, by which a body is expected to move between two pictures
STALE_SHIFT, STALE_SCALE = 0.15, 1.25   # a crop this far off the body (sides; ratio of sides) is cut out again
# Of the crop's side that MediaPipe takes. Alone and as one half of two looks a tighter crop is a little better: on 13
# rendered clips two looks have 5.68 px of varying error and 3.2 of jitter with it, 5.78 and 3.6 without.
TIGHTER = 0.92
OVERLAP = 0.05                          # intersection over union of two bodies' boxes from which they hide each other


class PoseLooker(Protocol):
    """Whatever finds the landmarks of the body in a crop."""

    def look(self, pieces: Sequence[tuple[Rgb, Crop]], mirrored: bool = False, masks: bool = False) -> list[Answer]:
        """One answer for each piece of a picture; with the bodies' masks where `masks` asks for them."""


@dataclass(frozen=True, eq=False)
class _Followed:
    answer: Answer
    step_px: tuple[float, float] = (0.0, 0.0)   # of the crop's middle since the picture before

    @property
    def expected_crop(self) -> Crop:
        crop = _tight(self.answer.next_crop)
        return replace(crop, middle_px=(crop.middle_px[0] + self.step_px[0], crop.middle_px[1] + self.step_px[1]))


class Followers:
    """Everybody being followed, in one direction of time, by the number of their tracklet."""

    def __init__(self, poses: PoseLooker) -> None:
        self._poses = poses
        self._people: dict[int, _Followed] = {}

    @property
    def answers(self) -> dict[int, Answer]:
        """What the last picture showed."""
        return {tracklet: person.answer for tracklet, person in self._people.items()}

    def begin(self, tracklet: int, answer: Answer) -> None:
        self._people[tracklet] = _Followed(answer)

    def end(self, tracklet: int) -> None:
        self._people.pop(tracklet, None)

    def end_all(self) -> None:
        self._people.clear()

    def look(self, rgb: Rgb) -> dict[int, Answer]:
        """Those still seen in the next picture."""
        before = self._people
        answers = self._settled(rgb, {tracklet: person.expected_crop for tracklet, person in before.items()})
        seen = {tracklet: answer for tracklet, answer in answers.items() if is_somebody(answer)}
        for tracklet in _on_anothers_body(seen, {tracklet: before[tracklet].answer for tracklet in seen}):
            del seen[tracklet]
        self._people = {tracklet: _Followed(answer, _step_px(before[tracklet].answer.next_crop, answer.next_crop))
                        for tracklet, answer in seen.items()}  # fmt: skip
        return self.answers

    def _settled(self, rgb: Rgb, crops: dict[int, Crop]) -> dict[int, Answer]:
        """What is in the crops, cut out again where the body turns out to be elsewhere."""
        masks = hide_each_other([person.answer.pose for person in self._people.values()])
        answers = self._looked(rgb, crops, masks)
        stale = {tracklet: _tight(answer.next_crop) for tracklet, answer in answers.items()
                 if answer.presence >= LEAST_PRESENCE and _is_stale(answer)}  # fmt: skip
        return answers | self._looked(rgb, stale, masks)

    def _looked(self, rgb: Rgb, crops: dict[int, Crop], masks: bool) -> dict[int, Answer]:
        return dict(zip(crops, self._poses.look([(rgb, crop) for crop in crops.values()], masks=masks), strict=True))


def is_somebody(answer: Answer) -> bool:
    """Whether the network sees a body in the crop, and enough of it in the picture."""
    return answer.presence >= LEAST_PRESENCE and bool(np.sum(answer.pose.scores >= SURE_SCORE) >= SURE_LANDMARKS)


def hide_each_other(poses: Sequence[Pose]) -> bool:
    """Whether any two bodies overlap in the picture."""
    return any(_overlap(one.box_px, other.box_px) > OVERLAP for one, other in itertools.combinations(poses, 2))


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes, left, top, right, bottom."""
    width, height = np.maximum(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0)
    areas = np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])
    return float(width * height / max(areas - width * height, 1e-9))


def _on_anothers_body(seen: dict[int, Answer], before: dict[int, Answer]) -> set[int]:
    """Of two tracklets that ended up on one body, the one that had to jump further to get there."""
    leaving: set[int] = set()
    for one, other in itertools.combinations(seen, 2):
        if not leaving & {one, other} and is_same_body(seen[one].pose, seen[other].pose):
            leaving.add(max(one, other, key=lambda tracklet: (_jump(before[tracklet], seen[tracklet]), tracklet)))
    return leaving


def _jump(before: Answer, after: Answer) -> float:
    """How far a trunk moved, in sizes of the body."""
    size_px = float(body_size_px(before.pose.landmarks_px))
    return float(trunk_distance_px(after.pose.landmarks_px, before.pose.landmarks_px)) / max(size_px, 1.0)


def _is_stale(answer: Answer) -> bool:
    looked, body = answer.crop, _tight(answer.next_crop)
    shift_px = np.hypot(looked.middle_px[0] - body.middle_px[0], looked.middle_px[1] - body.middle_px[1])
    scale = max(looked.side_px, body.side_px) / min(looked.side_px, body.side_px)
    return bool(shift_px > STALE_SHIFT * body.side_px or scale > STALE_SCALE)


def _tight(crop: Crop) -> Crop:
    return replace(crop, side_px=TIGHTER * crop.side_px)


def _step_px(before: Crop, after: Crop) -> tuple[float, float]:
    step = np.subtract(after.middle_px, before.middle_px)
    length = float(np.linalg.norm(step))
    step *= min(1.0, LARGEST_STEP * after.side_px / max(length, 1e-9))
    return float(step[0]), float(step[1])
