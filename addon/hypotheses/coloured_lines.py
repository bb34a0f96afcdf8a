"""Lines with colours of their own in a 3D view, as wide at every distance, over whatever stands before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader
from mathutils import Matrix

from ...motion.arrays import Array, Indices

_EDGE_PX = 2.0     # darker, on both sides together: so that a tint is told from any ground
_EDGE_SHARE = 0.45


@dataclass(frozen=True, eq=False)
class Lines:
    places: Array    # [N, 2, 3] m
    colours: Array   # [N, 2, 4] 0..1, the last one how little is seen through it

    @classmethod
    def of(cls, points: Array, pairs: Indices, colours: Array) -> Lines:
        """Lines between pairs [N, 2] of points [P, 3] with colours [P, 4], without those that nobody would see."""
        seen = (colours[pairs, 3] > 0.0).any(axis=1)
        return cls(points[pairs[seen]], colours[pairs[seen]])

    @classmethod
    def all_of(cls, parts: Sequence[Lines]) -> Lines:
        empty = cls(np.zeros((0, 2, 3)), np.zeros((0, 2, 4)))
        return cls(np.concatenate([part.places for part in (empty, *parts)]),
                   np.concatenate([part.colours for part in (empty, *parts)]))  # fmt: skip

    def draw(self, world_from_lines: Matrix, width_px: float) -> None:
        """Draw into the view that is being drawn, in its own space."""
        if not len(self.places):
            return
        edges = self.colours * [0.0, 0.0, 0.0, _EDGE_SHARE]
        scale = bpy.context.preferences.system.ui_scale
        gpu.state.depth_test_set("NONE")
        gpu.state.blend_set("ALPHA")
        with gpu.matrix.push_pop():
            gpu.matrix.multiply_matrix(world_from_lines)
            self._draw(edges, (width_px + _EDGE_PX) * scale)
            self._draw(self.colours, width_px * scale)
        gpu.state.blend_set("NONE")

    def _draw(self, colours: Array, width_px: float) -> None:
        shader = gpu.shader.from_builtin("POLYLINE_SMOOTH_COLOR")
        content = {"pos": self.places.reshape(-1, 3).astype(np.float32),
                   "color": colours.reshape(-1, 4).astype(np.float32)}  # fmt: skip
        batch = batch_for_shader(shader, "LINES", content)
        shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
        shader.uniform_float("lineWidth", width_px)
        batch.draw(shader)
