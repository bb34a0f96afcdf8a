"""The view from the side: a camera beside the stage that keeps everybody in its picture for the whole clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from backend.preview.view import View
from motion.arrays import Array
from motion.runs import in_turn

_FIELD_OF_VIEW_DEG = 32.0   # of the panel's longer side; long enough for limbs not to look foreshortened
_LOOK_DOWN_DEG = 9.0        # enough to see the floor's squares, too little to hide a floating foot
_POINTS_AT_ONCE = 1 << 18
_MARGIN = 1.1               # of the picture around everybody
_BODY_M = 0.15              # from a joint to the outside of the body: heads, hands and feet reach beyond their joints


def side_view(
    joints_world: Array, R_camera_from_world: Array, angle_deg: float, width_px: int, height_px: int
) -> View:
    """A still camera that has walked `angle_deg` around the stage from the footage's camera, towards its right.

    joints_world [N, 3] m of everybody over the clip, R_camera_from_world [T, 3, 3] of the footage's camera.
    """
    R_view_from_world = _looking(_heading(R_camera_from_world) + np.radians(angle_deg))
    focal_px = 0.5 * max(width_px, height_px) / np.tan(np.radians(_FIELD_OF_VIEW_DEG) / 2)
    half_extent = 0.5 * np.array([width_px, height_px]) / focal_px
    K = np.array([[focal_px, 0, width_px / 2], [0, focal_px, height_px / 2], [0, 0, 1.0]])

    def turned() -> Iterator[Array]:
        for some in in_turn(len(joints_world), _POINTS_AT_ONCE):
            yield _with_places_below(joints_world[some]) @ R_view_from_world.T

    return View(K, R_view_from_world, _framing(turned, half_extent), width_px, height_px)


def _with_places_below(joints_world: Array) -> Array:
    return np.concatenate([joints_world, joints_world * (1.0, 1.0, 0.0)])


def _heading(R_camera_from_world: Array) -> float:
    """Where the camera looks, about the vertical: rad from the world's x axis, the mean over the clip."""
    ahead, up = R_camera_from_world[:, 2], -R_camera_from_world[:, 1]
    # A camera that looks at the ground has its picture's upper edge ahead, one that looks at the sky the lower one.
    on_floor = (ahead - ahead[:, 2:] * up)[:, :2].sum(axis=0)
    return float(np.arctan2(on_floor[1], on_floor[0]))


def _looking(heading: float) -> Array:
    """R_view_from_world of a level camera that looks along `heading`, rad, and a little down."""
    down = np.radians(_LOOK_DOWN_DEG)
    ahead = np.array([np.cos(heading) * np.cos(down), np.sin(heading) * np.cos(down), -np.sin(down)])
    right = np.array([np.sin(heading), -np.cos(heading), 0.0])
    return np.stack([right, np.cross(ahead, right), ahead])


def _framing(points: Callable[[], Iterator[Array]], half_extent: Array) -> Array:
    """The shift [3] m that brings points [N, 3], in view axes, before the camera and into its picture.

    `points` gives some of them at a time. half_extent [2]: half the picture's width and height at one metre.
    """
    lows, highs = zip(*((some.min(axis=0), some.max(axis=0)) for some in points()), strict=True)
    shift = -0.5 * (np.min(lows, axis=0) + np.max(highs, axis=0))
    shift[2] = max(np.max(_MARGIN * (np.abs(some + shift)[:, :2] + _BODY_M) / half_extent - some[:, 2:])
                   for some in points())  # fmt: skip
    return shift
