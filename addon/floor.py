"""The floor of a take, as a grid of metres under the people's way."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from ..motion.arrays import Array
from ..motion.motion import Motion

_MARGIN_M = 1.0
_ROUNDING_M = 1e-4
_LARGEST_M = 50   # a way that leads further gets a floor under its beginning only


def build_floor(name: str, motions: Sequence[Motion]) -> bpy.types.Object:
    """A new mesh object in no collection yet: squares of one metre at z = 0, drawn as wire and never rendered."""
    ways = np.concatenate([motion.root_world[:, :2] for motion in motions])
    low = np.floor(ways.min(axis=0) - _MARGIN_M).astype(int)
    high = np.minimum(np.ceil(ways.max(axis=0) + _MARGIN_M).astype(int), low + _LARGEST_M)
    mesh = bpy.data.meshes.new(name)
    _lay(mesh, low, high)
    floor = bpy.data.objects.new(name, mesh)
    floor.display_type = "WIRE"
    floor.hide_render = True
    return floor


def lay_again(floor: bpy.types.Object, factor: float) -> None:
    """Let a floor reach `factor` times as far, still in squares of one metre."""
    corners = np.empty((len(floor.data.vertices), 3))
    floor.data.vertices.foreach_get("co", corners.ravel())
    low = np.floor(factor * corners[:, :2].min(axis=0) + _ROUNDING_M).astype(int)
    high = np.minimum(np.ceil(factor * corners[:, :2].max(axis=0) - _ROUNDING_M).astype(int), low + _LARGEST_M)
    floor.data.clear_geometry()
    _lay(floor.data, low, high)


def _lay(mesh: bpy.types.Mesh, low: Array, high: Array) -> None:
    mesh.from_pydata(*_squares(low, high))
    mesh.update()


def _squares(low: Array, high: Array) -> tuple[list, list, list]:
    """Vertices, no edges, and faces of a grid from low [2] to high [2], whole metres."""
    columns, rows = (high - low + 1).tolist()
    x, y = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
    vertices = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=-1)
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    faces = np.stack([corner, corner + 1, corner + columns + 1, corner + columns], axis=-1)
    return vertices.tolist(), [], faces.tolist()
