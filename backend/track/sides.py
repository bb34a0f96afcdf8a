"""Left and right of arms and legs exchanged in a track."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.track.tracks import Track
from motion.arrays import Array, Indices, Mask
from motion.landmarks import LANDMARK, LANDMARK_NAMES

ARMS, LEGS = 0, 1                          # columns of a mask of exchanges; both: the body without its face
FIRST_OF_ARMS, FIRST_OF_LEGS = LANDMARK["left_shoulder"], LANDMARK["left_hip"]
_HANDS_ORDER = np.array([1, 0])
_OTHER = {"left": "right", "right": "left"}


def exchanged_order(first: int, end: int) -> Indices:
    """The landmarks [33] with left and right exchanged from `first` up to `end`, and the others as they are."""

    def partner(name: str) -> str:
        side, _, part = name.partition("_")
        return f"{_OTHER[side]}_{part}" if first <= LANDMARK[name] < end else name

    return np.array([LANDMARK[partner(name)] for name in LANDMARK_NAMES])


ARMS_ORDER = exchanged_order(FIRST_OF_ARMS, FIRST_OF_LEGS)
LEGS_ORDER = exchanged_order(FIRST_OF_LEGS, len(LANDMARK_NAMES))


def with_sides_exchanged(track: Track, exchanges: Mask) -> Track:
    """`track` with the sides of arms and hands, and of legs, exchanged where exchanges [T, 2] say so."""

    def body(array: Array) -> Array:
        return _where(exchanges[:, LEGS], LEGS_ORDER, _where(exchanges[:, ARMS], ARMS_ORDER, array))

    def hands(array: Array) -> Array:
        return _where(exchanges[:, ARMS], _HANDS_ORDER, array)

    return replace(
        track, landmarks_px=body(track.landmarks_px), scores=body(track.scores), doubts_px=body(track.doubts_px),
        landmarks_camera=body(track.landmarks_camera), hands_px=hands(track.hands_px),
        hands_camera=hands(track.hands_camera), hand_scores=hands(track.hand_scores),
    )  # fmt: skip


def _where(frames: Mask, order: Indices, array: Array) -> Array:
    return np.where(frames.reshape(-1, *[1] * (array.ndim - 1)), array[:, order], array)
