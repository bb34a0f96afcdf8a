"""Points as a lens without distortion would have shown them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from backend.multiview.known.calibrated_camera import FISHEYE_COEFFICIENTS
from backend.track.tracks import Track
from motion.arrays import Array

_UNTIL = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 50, 1e-8)
MOST_MISS_PX = 0.1     # a point that the lens does not bring back to where it was had no place before the lens


def undistorted_px(points_px: Array, K: Array, distortion: Array, fisheye: bool = False) -> Array:
    """Points [..., 2] px through the same K [3, 3] without its distortion [n] (OpenCV's order).

    NaN stays NaN, and points become NaN that lie so far out that the lens shows nothing there.
    """
    flat = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
    result, known = np.full_like(flat, np.nan), np.isfinite(flat).all(axis=-1)
    if known.any():
        result[known] = _by_opencv(flat[known], K, distortion, fisheye)
    return result.reshape(np.shape(points_px))


def undistorted_track(track: Track, K: Array, distortion: Array, fisheye: bool = False) -> Track:
    """The same person without the lens's distortion; what lies beyond it stays where it was and counts as unseen."""
    landmarks_px = undistorted_px(track.landmarks_px, K, distortion, fisheye)
    beyond = np.isnan(landmarks_px).any(axis=-1)
    hands_px = undistorted_px(track.hands_px, K, distortion, fisheye)
    return replace(
        track, landmarks_px=np.where(beyond[..., None], track.landmarks_px, landmarks_px),
        scores=np.where(beyond, 0.0, track.scores),
        hands_px=np.where(np.isnan(hands_px), track.hands_px, hands_px),
    )  # fmt: skip


def distorted_px(points_px: Array, K: Array, distortion: Array, fisheye: bool = False) -> Array:
    """Where the lens shows points [N, 2] px that a lens without distortion shows there."""
    rays = (points_px - K[:2, 2]) / np.array([K[0, 0], K[1, 1]])
    if fisheye:
        return cv2.fisheye.distortPoints(rays[:, None], K, distortion[:FISHEYE_COEFFICIENTS])[:, 0]
    in_space = np.column_stack([rays, np.ones(len(rays))])
    return cv2.projectPoints(in_space, np.zeros(3), np.zeros(3), K, distortion)[0][:, 0]


def _by_opencv(points_px: Array, K: Array, distortion: Array, fisheye: bool) -> Array:
    if fisheye:
        found = cv2.fisheye.undistortPoints(points_px[:, None], K, distortion[:FISHEYE_COEFFICIENTS], None, None, K,
                                            _UNTIL)[:, 0]  # fmt: skip
    else:
        found = cv2.undistortPoints(points_px[:, None], K, distortion, None, None, K, _UNTIL)[:, 0]
    missed = np.abs(distorted_px(found, K, distortion, fisheye) - points_px).max(axis=-1)
    return np.where((missed <= MOST_MISS_PX)[:, None], found, np.nan)
