"""The background of a clip, followed shot by shot in one pass over its pictures."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from backend.cameras.from_footage.follow_points import PointFollower
from backend.cameras.from_footage.lucas_kanade import Grey
from backend.cameras.from_footage.people_masks import PeopleMasks
from backend.cameras.from_footage.trails import Trails
from backend.cameras.from_footage.upright_edges import upright_edges
from backend.detect.detections import Detections
from backend.progress import Report
from backend.track.tracks import Track
from backend.video.ahead import ahead
from backend.video.clip import Clip
from backend.video.pictures import pictures
from motion.arrays import Array

LONG_SIDE_PX = 640           # of the pictures looked at
MOST_SIGHTINGS = 1_000_000   # of a shot: those of an hour would fill the memory
LEAST_KEPT = 40              # of a picture
AHEAD = 3                    # small pictures that wait to be followed


@dataclass(frozen=True, eq=False)
class Background:
    """What the pictures of one shot show around the people."""

    trails: Trails
    edges: list[tuple[int, Array]]   # of some of its pictures, by number: see upright_edges


def watched_background(
    clip: Clip, detections: Detections, tracks: Sequence[Track], K: Array, report: Report
) -> Mapping[int, Background]:
    """By shot. K [3, 3] px of the footage."""
    masks = PeopleMasks(detections, tracks)
    scale = min(1.0, LONG_SIDE_PX / max(clip.width_px, clip.height_px))
    size = (round(clip.width_px * scale), round(clip.height_px * scale))
    K_small = np.diag([scale, scale, 1.0]) @ K
    first = {int(shot): int(np.argmax(detections.shot == shot)) for shot in np.unique(detections.shot)}
    count = {shot: int((detections.shot == shot).sum()) for shot in first}
    kept = {shot: max(LEAST_KEPT, MOST_SIGHTINGS // count[shot]) for shot in first}
    followers = {shot: PointFollower(K_small, np.random.default_rng(shot), kept[shot]) for shot in first}
    edges: dict[int, list[tuple[int, Array]]] = {shot: [] for shot in first}
    for index, grey in ahead(_small_greys(clip, size), AHEAD):
        if index >= len(detections.shot):
            break
        shot = int(detections.shot[index])
        number, outside = index - first[shot], masks.outside(index, *size, scale)
        followers[shot].look(number, grey, outside)
        if number in (0, count[shot] // 2, count[shot] - 1):
            edges[shot].append((number, upright_edges(grey, outside, K_small)))
        report(index + 1, len(detections.shot), 0)
    return {shot: Background(follower.trails(count[shot]), edges[shot]) for shot, follower in followers.items()}


def _small_greys(clip: Clip, size: tuple[int, int]) -> Generator[tuple[int, Grey], None, None]:
    """Number and grey values of each picture; to make them small costs as much as to follow points in them."""
    for picture in pictures(clip):
        small = cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA)
        yield picture.index, cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
