"""The floor of the side view: its squares, where people went, and the shadows that show whether they stand on it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d

from backend.preview.painter import Picture
from backend.preview.view import View
from motion.arrays import Array, Indices
from motion.body import Body

_BACKGROUND = (238, 239, 241)
_LINE = (176, 180, 186)
_MOST_SQUARES = 80       # a side; larger stages get squares of 10, 100, ... m
_AROUND_M = 4.0          # the squares fade out over so much beyond where people went
_PIECE = 0.25            # of a square: lines fade in pieces of this length
_SHIFT = 4               # fractional bits of places given to OpenCV
_FARTHEST_OUTSIDE = 20   # picture sizes: lines that end farther out are left out, before they overflow

_PATH_MEAN_S = 1.0       # about a stride

_SHADOW_DARKNESS = 0.6
_SHADOW_FADE_M = 0.25    # a part of the body so high above the floor casts a shadow of 1/e
_SHADOW_BLUR_M = 0.025
_SHADOW_SHRINK = 2       # shadows are soft, so they are drawn smaller


def square_side_m(paths_world: Sequence[Array]) -> float:
    """The side of a square of the floor: 1 m, or 10, 100, ... m for people who went far. paths_world of [T, 3] m."""
    low, high = _reach(paths_world)
    return 10.0 ** max(0, int(np.ceil(np.log10(max(*(high - low), 1.0) / _MOST_SQUARES))))


def floor_picture(
    view: View, paths_world: Sequence[Array], colours: Sequence[tuple[int, int, int]], rate: float
) -> Picture:
    """The empty stage [H, W, 3]: squares at z = 0 around paths [T, 3] m at `rate`, and each path in its colour."""
    picture = np.full((view.height_px, view.width_px, 3), _BACKGROUND, dtype=np.uint8)
    low, high = _reach(paths_world)
    side = square_side_m(paths_world)
    starts, ends = _grid_pieces(low, high, side)
    middle = 0.5 * (starts + ends)[:, :2]
    outside = np.linalg.norm(np.maximum(np.maximum(low - middle, middle - high), 0.0), axis=1)
    fade = np.clip(1.0 - outside / (_AROUND_M * side), 0.0, 1.0)
    shades = np.array(_BACKGROUND) + fade[:, None] * (np.array(_LINE) - _BACKGROUND)
    draw_segments(picture, view, starts, ends, shades)
    for path, colour in zip(paths_world, colours, strict=True):
        on_floor = _calm(path, rate) * (1.0, 1.0, 0.0)
        pale = 0.5 * (np.array(_BACKGROUND) + colour)
        draw_segments(picture, view, on_floor[:-1], on_floor[1:], np.broadcast_to(pale, (len(path) - 1, 3)), 2)
    return picture


def draw_segments(
    picture: Picture, view: View, starts_world: Array, ends_world: Array, colours: Array, thickness: int = 1
) -> None:
    """Lines from [N, 3] to [N, 3] m in colours [N, 3] over `picture` in place, cut off at the camera's plane."""
    px, left = view.visible_segments(starts_world, ends_world)
    kept = left & (np.abs(px).max(axis=(1, 2)) < _FARTHEST_OUTSIDE * max(view.width_px, view.height_px))
    fixed = ((px[kept] - 0.5) * (1 << _SHIFT)).round().astype(int)
    for (start, end), colour in zip(fixed.tolist(), colours[kept].tolist(), strict=True):
        cv2.line(picture, start, end, colour, thickness, cv2.LINE_AA, _SHIFT)


def body_parts(body: Body) -> list[Indices]:
    """The vertices of each joint of a body, by their greatest weight: parts that are nearly convex."""
    model = body.model
    owner = np.take_along_axis(model.weight_joints, model.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    return [np.flatnonzero(owner == joint) for joint in np.unique(owner)]


def cast_shadows(
    picture: Picture, view: View, bodies: Sequence[tuple[npt.NDArray[np.float32], list[Indices]]]
) -> None:
    """Darken the floor of `picture` in place, straight below bodies given as vertices [V, 3] m and their parts.

    The nearer a part is to the floor the darker its shadow, so that feet that stand have a dark one at their soles.
    """
    small = view.scaled(view.width_px // _SHADOW_SHRINK, view.height_px // _SHADOW_SHRINK)
    mask = np.zeros((small.height_px, small.width_px), dtype=np.uint8)
    for strength, outline in sorted(_dropped_outlines(bodies, small), key=lambda shadow: shadow[0]):
        cv2.fillConvexPoly(mask, outline, strength, cv2.LINE_8, _SHIFT)
    distance = float(np.linalg.norm(view.centre_world - bodies[0][0][0]))
    mask = cv2.GaussianBlur(mask, (0, 0), max(1.0, small.K[0, 0] / distance * _SHADOW_BLUR_M))
    mask = cv2.resize(mask, (view.width_px, view.height_px), interpolation=cv2.INTER_LINEAR)
    left_through = cv2.cvtColor(cv2.convertScaleAbs(mask, alpha=-_SHADOW_DARKNESS, beta=255.0), cv2.COLOR_GRAY2RGB)
    cv2.multiply(picture, left_through, picture, scale=1.0 / 255.0)


def _dropped_outlines(bodies: Sequence, view: View) -> list[tuple[int, npt.NDArray[np.int32]]]:
    """Strength 0 to 255 and outline of each part's shadow, for the parts near enough to the floor to cast one."""
    outlines = []
    for vertices_world, parts in bodies:
        px, depth = view.project(vertices_world * np.float32((1.0, 1.0, 0.0)))
        fixed = ((px - 0.5) * (1 << _SHIFT)).round().astype(np.int32)
        for part in parts:
            lowest = max(0.0, float(vertices_world[part, 2].min()))
            strength = round(255.0 * np.exp(-lowest / _SHADOW_FADE_M))
            if strength > 3 and depth[part].min() > 0:
                outlines.append((strength, cv2.convexHull(fixed[part])))
    return outlines


def _calm(path_world: Array, rate: float) -> Array:
    """The path [T, 3] without steps and sways: its mean over _PATH_MEAN_S around each frame."""
    return uniform_filter1d(path_world, max(1, round(_PATH_MEAN_S * rate)), axis=0, mode="nearest")


def _grid_pieces(low: Array, high: Array, side: float) -> tuple[Array, Array]:
    """The grid's lines in short pieces, [N, 3] to [N, 3] m, on whole multiples of the side."""
    around = _AROUND_M * side
    first, last = np.floor((low - around) / side), np.ceil((high + around) / side)
    x, y = (np.arange(first[axis], last[axis] + 1) * side for axis in (0, 1))
    fine_x, fine_y = (np.arange(line[0], line[-1], _PIECE * side) for line in (x, y))
    along_y = np.stack([*np.meshgrid(x, fine_y), np.zeros((len(fine_y), len(x)))], axis=-1).reshape(-1, 3)
    along_x = np.stack([*np.meshgrid(fine_x, y), np.zeros((len(y), len(fine_x)))], axis=-1).reshape(-1, 3)
    starts, piece = np.concatenate([along_y, along_x]), _PIECE * side
    ends = np.concatenate([along_y + (0, piece, 0), along_x + (piece, 0, 0)])
    return starts, ends


def _reach(paths_world: Sequence[Array]) -> tuple[Array, Array]:
    """The corners [2] m of the floor that the paths cover."""
    places = np.concatenate(paths_world)[:, :2]
    return places.min(axis=0), places.max(axis=0)
