"""How light a face of a body is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from backend.preview.view import View
from motion.arrays import Array, Indices

_LIGHT_VIEW = np.array([-0.45, -0.75, -0.55]) / np.linalg.norm([-0.45, -0.75, -0.55])  # upper left, behind the viewer
_SHADE = 0.55          # of the colour, where no light comes
_RIM_SHADE = 0.36      # taken from faces seen edge on, which sets limbs off from each other
_HIGHLIGHT = 0.20      # of white, where the surface faces the light
_HIGHLIGHT_POWER = 8


def face_smoothing(faces: Indices, vertex_count: int) -> csr_array:
    """[F, F]: the sum over the faces that share a corner with a face, once for each corner shared."""
    ones = np.ones(faces.size, dtype=np.float32)
    owner = np.repeat(np.arange(len(faces)), 3)
    face_has_vertex = csr_array((ones, (owner, faces.reshape(-1))), shape=(len(faces), vertex_count))
    return csr_array(face_has_vertex @ face_has_vertex.T)


def smooth_normals(vertices: npt.NDArray, faces: Indices, smoothing: csr_array) -> npt.NDArray:
    """Unit normals [F, 3] of faces [F, 3] of vertices [V, 3] m, each the mean of its neighbourhood by area.

    With faces a few pixels wide this looks like shading from vertex to vertex, at the price of one colour a face.
    """
    first, second, third = np.ascontiguousarray(vertices.T)[:, faces.T].transpose(1, 0, 2)
    normals = smoothing @ np.cross(second - first, third - first, axis=0).T
    return normals / np.maximum(np.sqrt(np.einsum("fi,fi->f", normals, normals)), 1e-12)[:, None]


def shaded(normals_world: npt.NDArray, colour: tuple[int, int, int], view: View) -> Array:
    """Colours [F, 3], 1 to 255, of faces with these normals [F, 3]; the light comes from the view's upper left."""
    normals = normals_world @ view.R_view_from_world.T
    towards_light = normals @ _LIGHT_VIEW
    light = _SHADE + (1.0 - _SHADE) * (0.5 + 0.5 * towards_light) ** 1.3
    light *= 1.0 - _RIM_SHADE * (1.0 - np.clip(-normals[:, 2], 0.0, 1.0)) ** 2
    highlight = _HIGHLIGHT * np.clip(towards_light, 0.0, 1.0) ** _HIGHLIGHT_POWER
    return np.clip(light[:, None] * np.array(colour, dtype=np.float32) + 255.0 * highlight[:, None], 1.0, 255.0)
