"""A second, mirrored look at everybody, on crops that follow from the landmarks before and after.

Exchanging left and right gives the network a picture that it has not seen. The mean of both answers has a tenth less
varying error and half of the jitter, and their distance is a measure of doubt (measured on four real cameras).
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from backend.detect.crop import Crop, Rgb
from backend.detect.followers import LEAST_PRESENCE, PoseLooker
from backend.detect.hidden import hide_each_other, seen_alone
from backend.detect.looks import Look
from backend.detect.pose import OUTSIDE_SCORE, is_same_body
from backend.detect.pose_network import Answer, mean_of

NEIGHBOURS = 3      # pictures to each side from which a crop follows
SIGMA_S = 0.05      # width of the Gaussian over them
TIGHTER = 0.94      # of the crop's side that MediaPipe takes: 5.25 px of varying error on rendered clips, 5.30 with 1


def with_second_looks(looks: Iterator[Look], poses: PoseLooker, batch: int) -> Iterator[Look]:
    """The same looks with the mean of both answers, in the same order; `batch` pictures are looked at at once."""
    waiting: list[tuple[Look, dict[int, Crop]]] = []
    for look, neighbours in _with_neighbours(looks):
        waiting.append((look, {tracklet: _smoothed_crop(tracklet, look, neighbours) for tracklet in look.people}))
        if len(waiting) >= batch:
            yield from _looked_at(waiting, poses)
            waiting = []
    yield from _looked_at(waiting, poses)


def _with_neighbours(looks: Iterator[Look]) -> Iterator[tuple[Look, list[Look]]]:
    """Each look, and those up to NEIGHBOURS before and after it, itself included."""
    padding = [None] * NEIGHBOURS
    window: deque[Look | None] = deque(maxlen=2 * NEIGHBOURS + 1)
    for each in itertools.chain(padding, looks, padding):
        window.append(each)
        if len(window) == window.maxlen and (middle := window[NEIGHBOURS]) is not None:
            yield middle, [look for look in window if look is not None]


def _smoothed_crop(tracklet: int, look: Look, neighbours: Sequence[Look]) -> Crop:
    """The mean of the crops that the same body's landmarks give in the pictures around."""
    near = [other for other in neighbours if tracklet in other.people]
    crops = [other.people[tracklet].next_crop for other in near]
    away_s = np.array([other.picture.time_s - look.picture.time_s for other in near])
    weights = np.exp(-0.5 * (away_s / SIGMA_S) ** 2)
    weights /= weights.sum()
    turns = weights @ np.exp(1j * np.array([crop.turn_rad for crop in crops]))
    x_px, y_px = weights @ np.array([crop.middle_px for crop in crops])
    side_px = np.exp(weights @ np.log([crop.side_px for crop in crops]))
    return Crop((float(x_px), float(y_px)), TIGHTER * float(side_px), float(np.angle(turns)))


def _looked_at(waiting: list[tuple[Look, dict[int, Crop]]], poses: PoseLooker) -> Iterator[Look]:
    pieces = [(_view(look, tracklet), crop) for look, crops in waiting for tracklet, crop in crops.items()]
    answers = iter(poses.look(pieces, mirrored=True))
    for look, crops in waiting:
        yield replace(look, people={tracklet: _both(look.people[tracklet], next(answers)) for tracklet in crops})


def _view(look: Look, tracklet: int) -> Rgb:
    """The picture, without those who hide the body or are hidden by it."""
    own = look.people[tracklet].pose
    near = [other.pose for number, other in look.people.items()
            if number != tracklet and hide_each_other(own, other.pose)]  # fmt: skip
    surer = [pose for pose in near if pose.scores.mean() > own.scores.mean()]
    rest = [pose for pose in near if pose.scores.mean() <= own.scores.mean()]
    return seen_alone(look.picture.rgb, own, surer, rest)[0] if near else look.picture.rgb


def _both(direct: Answer, mirrored: Answer) -> Answer:
    """The mean, or the direct answer where the mirrored one is about nobody or somebody else.

    Landmarks that the direct answer only guesses at stay guesses.
    """
    if mirrored.presence >= LEAST_PRESENCE and is_same_body(mirrored.pose, direct.pose):
        mean = mean_of(direct, mirrored)
        guessed = direct.pose.scores <= OUTSIDE_SCORE
        return replace(mean, pose=replace(mean.pose, scores=np.where(guessed, direct.pose.scores, mean.pose.scores)))
    apart_px = np.linalg.norm(mirrored.pose.landmarks_px - direct.pose.landmarks_px, axis=-1)
    return replace(direct, pose=replace(direct.pose, doubts_px=apart_px))
