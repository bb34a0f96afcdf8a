"""What a camera that turns about its lens shows, as it would show it had it not turned, and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.projection import NEAREST_M, rays
from backend.track.tracks import Track
from motion.arrays import Array


def turned_px(points_px: Array, K: Array, R_to_from_camera: Array) -> Array:
    """Points [T, ..., 2] px of frames whose camera is turned by R_to_from_camera [T, 3, 3] before it looks anew."""
    turned = np.einsum("tij,t...j->t...i", R_to_from_camera, rays(points_px, K))
    flat = turned[..., :2] / np.maximum(turned[..., 2:], NEAREST_M)
    return flat * np.array([K[0, 0], K[1, 1]]) + K[:2, 2]


def steadied(track: Track, K: Array, R_first_from_camera: Array) -> Track:
    """The person as the camera would have seen them, had it stayed as R_first_from_camera [T, 3, 3] says it began."""
    return replace(
        track, landmarks_px=turned_px(track.landmarks_px, K, R_first_from_camera),
        hands_px=turned_px(track.hands_px, K, R_first_from_camera),
        landmarks_camera=np.einsum("tij,tlj->tli", R_first_from_camera, track.landmarks_camera),
        hands_camera=np.einsum("tij,tslj->tsli", R_first_from_camera, track.hands_camera),
    )  # fmt: skip
