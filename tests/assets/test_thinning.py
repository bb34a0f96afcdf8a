"""Thinning keeps the surface while it drops vertices."""

from __future__ import annotations

import numpy as np
import pytest

from assets.thinning import Thinning


def grid(n: int, height) -> tuple[np.ndarray, np.ndarray]:
    """An open n by n sheet over the unit square."""
    x, y = np.meshgrid(np.linspace(0, 1, n), np.linspace(0, 1, n), indexing="ij")
    vertices = np.stack([x, y, height(x, y)], axis=-1).reshape(-1, 3)
    corner = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).ravel()
    lower = np.stack([corner, corner + n, corner + n + 1], axis=1)
    upper = np.stack([corner, corner + n + 1, corner + 1], axis=1)
    return vertices, np.concatenate([lower, upper])


def area(vertices, faces):
    corners = vertices[faces]
    return 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum()


def thinned(vertices, faces, count, traits=None, importance=None):
    traits = np.zeros((len(vertices), 1)) if traits is None else traits
    importance = np.ones(len(vertices)) if importance is None else importance
    return Thinning(vertices, faces, traits, importance).run(count)


def test_what_remains_is_a_subset_of_the_vertices_and_close_to_the_asked_size():
    vertices, faces = grid(15, lambda x, y: 0.1 * np.sin(6 * x))
    kept, light = thinned(vertices, faces, 150)
    assert len(np.unique(kept)) == len(kept) and light.max() == len(kept) - 1
    assert 148 <= len(light) <= 150


def test_a_flat_sheet_keeps_its_area_and_its_facing():
    vertices, faces = grid(12, lambda x, y: 0 * x)
    kept, light = thinned(vertices, faces, 60)
    assert area(vertices[kept], light) == pytest.approx(1.0, abs=1e-6)
    corners = vertices[kept][light]
    assert (np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2] > 0).all()


def test_no_edge_ends_up_in_more_than_two_triangles():
    vertices, faces = grid(14, lambda x, y: 0.2 * np.cos(5 * x) * np.sin(4 * y))
    _, light = thinned(vertices, faces, 90)
    edges = np.sort(np.concatenate([light[:, [0, 1]], light[:, [1, 2]], light[:, [2, 0]]]), axis=1)
    assert np.unique(edges, axis=0, return_counts=True)[1].max() <= 2


def test_important_places_keep_more_vertices():
    vertices, faces = grid(17, lambda x, y: 0.05 * np.sin(9 * x) * np.sin(9 * y))
    left = vertices[:, 0] < 0.5
    kept, _ = thinned(vertices, faces, 160, importance=np.where(left, 20.0, 1.0))
    assert left[kept].sum() > 1.5 * (~left)[kept].sum()
