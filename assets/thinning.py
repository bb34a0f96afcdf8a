"""Thins a triangle mesh by half-edge collapses, so that what remains is a subset of its vertices."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Faces = NDArray[np.int64]

FLIP_COSINE = 0.2  # a collapse may not turn a triangle further than this from where it faced
BORDER_COST = 30.0


class Thinning:
    """Cheapest edges first: quadric error of the shape plus edges' length and jump in `traits` [V, N].

    `importance` [V] makes a vertex's errors count more. Open borders only shrink along themselves.
    """

    def __init__(self, vertices: Floats, faces: Faces, traits: Floats, importance: Floats) -> None:
        self.vertices, self.traits, self.importance = vertices, traits, importance
        self.faces: dict[int, tuple[int, ...]] = {i: tuple(face) for i, face in enumerate(faces.tolist())}
        self.faces_at: list[set[int]] = [set() for _ in vertices]
        for i, face in self.faces.items():
            for vertex in face:
                self.faces_at[vertex].add(i)
        self.on_border = _border_vertices(len(vertices), faces)
        self.quadrics = _quadrics(vertices, faces) * importance[:, None, None]
        self.version = [0] * len(vertices)
        self.heap: list[tuple[float, int, int, int, int]] = []

    def run(self, face_count: int) -> tuple[NDArray[np.int64], Faces]:
        """Kept vertices [P] (numbers into the full mesh) and triangles [F, 3] that index them."""
        for vertex in range(len(self.vertices)):
            self._offer(vertex)
        while len(self.faces) > face_count and self.heap:
            _, gone, kept, version_gone, version_kept = heapq.heappop(self.heap)
            fresh = self.version[gone] == version_gone and self.version[kept] == version_kept
            if fresh and self._allowed(gone, kept):
                self._collapse(gone, kept)
        faces = np.array(list(self.faces.values()))
        vertices = np.unique(faces)
        return vertices, np.searchsorted(vertices, faces)

    def _neighbours(self, vertex: int) -> set[int]:
        return {v for i in self.faces_at[vertex] for v in self.faces[i]} - {vertex}

    def _offer(self, vertex: int) -> None:
        for other in self._neighbours(vertex):
            self._push(vertex, other)
            self._push(other, vertex)

    def _push(self, gone: int, kept: int) -> None:
        place = np.append(self.vertices[kept], 1.0)
        edge = self.vertices[kept] - self.vertices[gone]
        jump = self.traits[kept] - self.traits[gone]
        shape_error = place @ (self.quadrics[gone] + self.quadrics[kept]) @ place
        stretch = (edge @ edge) ** 2 * self.importance[gone] * (BORDER_COST if self.on_border[gone] else 1.0)
        cost = shape_error + stretch * (1.0 + jump @ jump)
        heapq.heappush(self.heap, (float(cost), gone, kept, self.version[gone], self.version[kept]))

    def _allowed(self, gone: int, kept: int) -> bool:
        """Keeps the surface a surface: no border pulled inwards, no fold, no triangle turned over."""
        shared = self.faces_at[gone] & self.faces_at[kept]
        if len(self._neighbours(gone) & self._neighbours(kept)) != len(shared):
            return False
        if self.on_border[gone] and len(shared) != 1:
            return False
        for i in self.faces_at[gone] - shared:
            before = _normal(self.vertices[list(self.faces[i])])
            after = _normal(self.vertices[[kept if v == gone else v for v in self.faces[i]]])
            if before @ after <= FLIP_COSINE * np.linalg.norm(before) * np.linalg.norm(after):
                return False
        return True

    def _collapse(self, gone: int, kept: int) -> None:
        for i in self.faces_at[gone] & self.faces_at[kept]:
            for vertex in self.faces.pop(i):
                self.faces_at[vertex].discard(i)
        for i in self.faces_at[gone]:
            self.faces[i] = tuple(kept if v == gone else v for v in self.faces[i])
            self.faces_at[kept].add(i)
        self.faces_at[gone] = set()
        self.quadrics[kept] += self.quadrics[gone]
        self.version[gone] += 1
        self.version[kept] += 1
        self._offer(kept)


def _normal(corners: Floats) -> Floats:
    return np.cross(corners[1] - corners[0], corners[2] - corners[0])


def _border_vertices(vertex_count: int, faces: Faces) -> NDArray[np.bool_]:
    """[V] true at the ends of edges that belong to one triangle only."""
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    edges, uses = np.unique(edges, axis=0, return_counts=True)
    on_border = np.zeros(vertex_count, bool)
    on_border[edges[uses == 1]] = True
    return on_border


def _quadrics(vertices: Floats, faces: Faces) -> Floats:
    """Per vertex the sum of its triangles' squared-distance forms, each times its area, [V, 4, 4]."""
    corners = vertices[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled_area = np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    normals = normals / doubled_area
    planes = np.concatenate([normals, -np.sum(normals * corners[:, 0], axis=1, keepdims=True)], axis=1)
    forms = planes[:, :, None] * planes[:, None, :] * doubled_area[:, :, None] / 2.0
    quadrics = np.zeros((len(vertices), 4, 4))
    for corner in range(3):
        np.add.at(quadrics, faces[:, corner], forms)
    return quadrics
