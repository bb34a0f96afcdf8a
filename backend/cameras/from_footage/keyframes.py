"""Pictures whose points the others are followed from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np

from backend.cameras.from_footage.lucas_kanade import Grey, registered
from backend.cameras.from_footage.people_masks import MaskPicture
from backend.cameras.projection import rays
from motion.arrays import Array, Indices, Mask
from motion.rotations import axis_angle_from_matrix, normalised

MOST_POINTS = 300
QUALITY = 0.004          # of the strongest corner
BORDER_PX = 6            # of the picture, and of the people
RETURN_RAD = 0.35        # between keyframes that may show the same
RETURNS = 3              # old keyframes that are looked at
SHARED_POINTS = 12       # with as many of the known points a keyframe shows hardly others


@dataclass(frozen=True, eq=False)
class Keyframe:
    """n points of one picture."""

    picture: int
    grey: Grey
    R_first_from_camera: Array
    points: Indices          # [n] their numbers
    px: Array                # [n, 2]

    def rays(self, K: Array) -> Array:
        """[n, 3] unit vectors."""
        return normalised(rays(self.px, K))


def without_border(outside: MaskPicture) -> MaskPicture:
    """The mask, its edges and those of the picture taken away."""
    size = 2 * BORDER_PX + 1
    return cv2.erode(outside, np.ones((size, size), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)


def is_on(mask: MaskPicture, px: Array) -> Mask:
    """Which points [N, 2] lie in the picture and where the mask is set."""
    height, width = mask.shape
    column, row = np.rint(np.clip(px, -1, [width, height])).astype(int).T
    inside = (column >= 0) & (row >= 0) & (column < width) & (row < height)
    return inside & (mask[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)] > 0)


def fresh_corners(grey: Grey, outside: MaskPicture, taken_px: Array, count: int) -> Array:
    """Up to `count` corners [n, 2] spread over the picture, away from those that there are [N, 2]."""
    if count <= 0:
        return np.zeros((0, 2))
    apart_px = spacing_px(grey)
    free = outside.copy()
    for x, y in np.rint(taken_px).astype(int):
        cv2.circle(free, (int(x), int(y)), round(apart_px), 0, -1)
    corners = cv2.goodFeaturesToTrack(grey, count, QUALITY, apart_px, mask=free)
    return np.zeros((0, 2)) if corners is None else corners.reshape(-1, 2).astype(float)


def spacing_px(grey: Grey) -> float:
    """So far apart points lie that the whole picture has room for twice as many as are wanted."""
    return float(np.sqrt(grey.size / (2.0 * MOST_POINTS)))


def seen_again(
    old: Sequence[Keyframe], grey: Grey, R_first_from_camera: Array, known: Indices, K: Array
) -> tuple[Indices, Array]:
    """Points of old keyframes that lie in a picture again, and where: numbers [n] and px [n, 2].

    Looked for are the keyframes nearest in direction that hardly show `known` points, turned as the new picture is
    thought to be; known points are left out.
    """
    points, px = [known], []
    for keyframe in islice(_nearest_others(old, R_first_from_camera, known), RETURNS):
        again, again_px = _found_again(keyframe, grey, R_first_from_camera, K)
        new = ~np.isin(again, np.concatenate(points))
        points.append(again[new])
        px.append(again_px[new])
    return np.concatenate([np.zeros(0, int), *points[1:]]), np.concatenate([np.zeros((0, 2)), *px])


def _nearest_others(old: Sequence[Keyframe], R_first_from_camera: Array, known: Indices) -> Iterator[Keyframe]:
    """Nearest first. Of the thousands that an hour may have, few are asked for their points."""
    R = np.array([keyframe.R_first_from_camera for keyframe in old]).reshape(-1, 3, 3)
    angles = np.linalg.norm(axis_angle_from_matrix(np.swapaxes(R, -1, -2) @ R_first_from_camera), axis=-1)
    for each in np.argsort(angles, kind="stable"):
        if angles[each] < RETURN_RAD and np.isin(old[each].points, known).sum() < SHARED_POINTS:
            yield old[each]


def _found_again(
    keyframe: Keyframe, grey: Grey, R_first_from_camera: Array, K: Array
) -> tuple[Indices, Array]:
    """The old picture is warped as the new one is thought to be, so that a rolled patch is found too."""
    R = R_first_from_camera.T @ keyframe.R_first_from_camera
    H = K @ R @ np.linalg.inv(K)
    warped = cv2.warpPerspective(keyframe.grey, H, grey.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    turned = np.c_[keyframe.px, np.ones(len(keyframe.px))] @ H.T
    expected_px = turned[:, :2] / np.maximum(turned[:, 2:], 1e-3)
    inside = is_on(without_border(np.full(grey.shape, 255, np.uint8)), expected_px) & (turned[:, 2] > 0)
    px, found = registered(warped, grey, expected_px[inside], expected_px[inside])
    return keyframe.points[inside][found], px[found]
