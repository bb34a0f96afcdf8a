"""Takes in which something is wrong with one clip, which the product is to notice and to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from backend.detect.pose_network import MIRRORED
from backend.track.tracks import Track
from bench.multiview_plans import held_still
from bench.multiview_simulated import simulated_takes
from bench.multiview_takes import Take, TakeView
from motion.arrays import Array

ONE_SECOND_S = 1.0
_LEFT_RIGHT_HANDS = [1, 0]


def mirrored(take: Take, _: Take) -> Take:
    """The last clip is a mirror's picture: left is right."""
    return _with_last(take, lambda view: replace(view, track=_in_mirror(view.track, view.camera.size_px[0])))


def foreign(take: Take, other: Take) -> Take:
    """The last clip is of somebody else at another time."""
    stranger = other.views[0]
    return _with_last(take, lambda view: replace(stranger, camera=replace(stranger.camera, name=view.camera.name)))


def one_second(take: Take, _: Take) -> Take:
    """The last clip ends after a second."""
    return _with_last(take, lambda view: replace(view, track=view.track.during(view.track.times_s < ONE_SECOND_S)))


CHANGES: dict[str, Callable[[Take, Take], Take]] = {"mirrored": mirrored, "foreign": foreign, "one_second": one_second}
STILL = "still"


def odd_takes(
    prepared: Path, split: str, count: int, seed: int, views: Sequence[int] = (2,)
) -> Iterator[tuple[str, Take]]:
    """What is wrong, and takes of it, `count` of each."""
    sound = list(simulated_takes(prepared, split, count + 1, seed, views))
    for name, change in CHANGES.items():
        for take, other in pairwise(sound):
            yield name, change(take, other)
    for take in simulated_takes(prepared, split, count, seed, views, change=held_still):
        yield STILL, take


def _with_last(take: Take, change: Callable[[TakeView], TakeView]) -> Take:
    return replace(take, views=(*take.views[:-1], change(take.views[-1])))


def _in_mirror(track: Track, width_px: int) -> Track:
    sides, hands = MIRRORED.tolist(), _LEFT_RIGHT_HANDS
    return replace(
        track, landmarks_px=_flipped(track.landmarks_px[:, sides], width_px), scores=track.scores[:, sides],
        doubts_px=track.doubts_px[:, sides], landmarks_camera=_flipped(track.landmarks_camera[:, sides]),
        hands_px=_flipped(track.hands_px[:, hands], width_px), hands_camera=_flipped(track.hands_camera[:, hands]),
        hand_scores=track.hand_scores[:, hands],
    )  # fmt: skip


def _flipped(points: Array, width: float = 0.0) -> Array:
    """x from the other side."""
    return np.concatenate([width - points[..., :1], points[..., 1:]], axis=-1)
