"""Bodies drawn over a picture: the painter's algorithm, far faces first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from backend.preview.shading import shaded
from backend.preview.view import NEAR_M, View
from motion.arrays import Indices

Picture = npt.NDArray[np.uint8]  # [H, W, 3] RGB

_FINE = 2    # bodies are drawn at this many times the picture's size and shrunk, which smooths their edges
_SHIFT = 4   # fractional bits of the corners given to OpenCV: bodies move smoothly, not from pixel to pixel
_MARGIN_PX = 2


@dataclass(frozen=True, eq=False)
class Figure:
    """One body at one moment."""

    vertices_world: npt.NDArray[np.float32]  # [V, 3] m
    faces: Indices                           # [F, 3] counter-clockwise seen from outside
    normals_world: npt.NDArray               # [F, 3] that shade the faces
    colour: tuple[int, int, int]
    opacity: float


def paint(picture: Picture, figures: Sequence[Figure], view: View) -> None:
    """Draw `figures` over `picture` in place as `view` sees them; each lets the picture shine through by its opacity.

    Nearer faces hide farther ones, also across figures. Faces that reach behind the camera are left out.
    """
    visible = (_visible(figure, view) for figure in figures)
    corners_px, depths, colours = (np.concatenate(parts) for parts in zip(*visible, strict=True))
    if not len(corners_px):
        return
    left, top, right, bottom = _box_around(corners_px, view)
    layer = np.zeros((_FINE * (bottom - top), _FINE * (right - left), 4), dtype=np.uint8)
    # OpenCV counts from the middle of the first pixel.
    fixed = ((corners_px - (left, top)) * _FINE - 0.5) * (1 << _SHIFT)
    far_first = np.argsort(-depths)
    for triangle, colour in zip(fixed[far_first].round().astype(np.int32), colours[far_first].tolist(), strict=True):
        cv2.fillConvexPoly(layer, triangle, colour, cv2.LINE_8, _SHIFT)
    _lay_over(picture[top:bottom, left:right], layer)


def _visible(figure: Figure, view: View) -> tuple[npt.NDArray, npt.NDArray, npt.NDArray]:
    """Corners [N, 3, 2] px, depths [N] and colours [N, 4] of the faces towards the camera and before it."""
    places_px, depth = view.project(figure.vertices_world)
    # Corners first, faces last: numpy is several times faster along a long last axis.
    x, y = np.ascontiguousarray(places_px.T)[:, figure.faces.T]
    corner_depth = depth[figure.faces.T]
    # The picture's y points down, so counter-clockwise has a negative area.
    towards = (x[1] - x[0]) * (y[2] - y[0]) - (y[1] - y[0]) * (x[2] - x[0]) < 0
    inside = (x.max(axis=0) > 0) & (y.max(axis=0) > 0)
    inside &= (x.min(axis=0) < view.width_px) & (y.min(axis=0) < view.height_px)
    kept = np.flatnonzero(towards & inside & (corner_depth.min(axis=0) > NEAR_M))
    rgba = np.full((len(kept), 4), 255.0)
    rgba[:, :3] = shaded(figure.normals_world[kept], figure.colour, view)
    return np.stack([x[:, kept].T, y[:, kept].T], axis=-1), corner_depth[:, kept].sum(axis=0), rgba * figure.opacity


def _box_around(corners_px: npt.NDArray, view: View) -> tuple[int, int, int, int]:
    """The part of the picture that is drawn on: left, top, right, bottom."""
    corners = corners_px.reshape(-1, 2).T
    low = np.floor([axis.min() for axis in corners]).astype(int) - _MARGIN_PX
    high = np.ceil([axis.max() for axis in corners]).astype(int) + _MARGIN_PX
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, (view.width_px, view.height_px))
    return left, top, right, bottom


def _lay_over(picture: Picture, layer: npt.NDArray[np.uint8]) -> None:
    """Blend the fine layer, whose colours are already multiplied with its alpha, over the picture in place."""
    layer = cv2.resize(layer, picture.shape[1::-1], interpolation=cv2.INTER_AREA)
    left_through = cv2.cvtColor(255 - layer[..., 3], cv2.COLOR_GRAY2RGB)
    picture[:] = cv2.add(cv2.multiply(picture, left_through, scale=1.0 / 255.0), layer[..., :3].copy())
