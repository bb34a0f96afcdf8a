"""Laws of the z-buffer, against what geometry says of balls, squares and cubes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backend.train.render.rasteriser import Window, seen
from motion.arrays import Array

FOCAL_PX = 400.0
K = torch.tensor([[FOCAL_PX, 0.0, 160.0], [0.0, FOCAL_PX, 120.0], [0.0, 0.0, 1.0]])
WINDOW = Window(0, 0, 320, 240)


def ball(middle: tuple[float, float, float], radius: float, steps: int = 60) -> tuple[Array, Array]:
    """Vertices and faces, counter-clockwise from outside in a frame with x right, y down, z ahead."""
    turn, rise = np.meshgrid(np.linspace(0, 2 * np.pi, steps + 1), np.linspace(0, np.pi, steps + 1))
    turn, rise = turn.ravel(), rise.ravel()
    outward = np.stack([np.sin(rise) * np.cos(turn), np.cos(rise), np.sin(rise) * np.sin(turn)], axis=1)
    row, column = (each.ravel() for each in np.meshgrid(np.arange(steps), np.arange(steps), indexing="ij"))
    corner = row * (steps + 1) + column
    below = corner + steps + 1
    faces = np.concatenate([np.stack([corner, corner + 1, below + 1], 1), np.stack([corner, below + 1, below], 1)])
    across = np.cross(outward[faces[:, 1]] - outward[faces[:, 0]], outward[faces[:, 2]] - outward[faces[:, 0]])
    inward = (across * outward[faces].mean(axis=1)).sum(axis=1) < 0
    faces[inward] = faces[inward][:, ::-1]
    return np.array(middle) + radius * outward, faces


def square(left: float, top: float, side: float, depth: float) -> tuple[Array, Array]:
    """Facing the camera."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * side + [left, top]
    return np.column_stack([corners, np.full(4, depth)]), np.array([[0, 2, 1], [0, 3, 2]])


def drawn(meshes: list[tuple[Array, Array]], window: Window = WINDOW, two_sided: bool = False):
    vertices, faces, count = [], [], 0
    for mesh_vertices, mesh_faces in meshes:
        vertices.append(mesh_vertices)
        faces.append(mesh_faces + count)
        count += len(mesh_vertices)
    points = torch.tensor(np.concatenate(vertices), dtype=torch.float32)[..., None]
    all_faces = torch.tensor(np.concatenate(faces))
    return seen(points, K, all_faces, torch.full((len(all_faces),), two_sided), window)


def test_a_ball_covers_the_disc_that_its_tangent_cone_cuts_out():
    hits = drawn([ball((0.0, 0.0, 3.0), 0.4)])
    radius_px = FOCAL_PX * 0.4 / np.sqrt(3.0**2 - 0.4**2)
    assert len(hits.pixel) == pytest.approx(np.pi * radius_px**2, rel=0.01)


def test_the_depth_of_a_ball_is_that_of_the_ray_through_the_pixel():
    hits = drawn([ball((0.0, 0.0, 3.0), 0.4, steps=120)])
    x = (hits.pixel % 320 + 0.5 - 160) / FOCAL_PX
    y = (hits.pixel // 320 + 0.5 - 120) / FOCAL_PX
    ray = 1 + x**2 + y**2
    inside = 9.0 - ray * (9.0 - 0.16)
    chosen = inside > 0.1
    depth = (3.0 - torch.sqrt(inside[chosen])) / ray[chosen]
    assert torch.allclose(hits.depth_m[chosen], depth, atol=1e-3)


def test_a_square_is_where_the_lens_throws_it_to_half_a_pixel():
    hits = drawn([square(0.1, -0.2, 0.25, 2.0)])
    columns, rows = hits.pixel % 320, hits.pixel // 320
    edges = [columns.min(), columns.max() + 1, rows.min(), rows.max() + 1]
    assert np.allclose(edges, [180, 230, 80, 130], atol=0.5)
    assert len(hits.pixel) == 50 * 50


def test_the_nearer_of_two_squares_wins_whatever_their_order():
    near, far = square(-0.1, -0.1, 0.2, 2.0), square(-0.2, -0.2, 0.4, 3.0)
    for meshes, nearer in (([near, far], (0, 1)), ([far, near], (2, 3))):
        hits = drawn(meshes)
        middle = hits.pixel == 120 * 320 + 160
        assert int(hits.face[middle]) in nearer
        assert float(hits.depth_m[middle]) == pytest.approx(2.0)


def test_backs_are_seen_only_of_what_has_two_sides():
    vertices, faces = square(-0.1, -0.1, 0.2, 2.0)
    assert len(drawn([(vertices, faces[:, ::-1].copy())]).pixel) == 0
    assert len(drawn([(vertices, faces[:, ::-1].copy())], two_sided=True).pixel) == 40 * 40


def test_a_window_sees_the_same_as_the_whole_picture_there():
    whole, part = drawn([ball((0.1, 0.0, 2.0), 0.4)]), drawn([ball((0.1, 0.0, 2.0), 0.4)], Window(150, 60, 80, 90))
    column, row = whole.pixel % 320 - 150, whole.pixel // 320 - 60
    inside = (column >= 0) & (column < 80) & (row >= 0) & (row < 90)
    assert torch.equal((row * 80 + column)[inside], part.pixel)
    assert torch.allclose(whole.depth_m[inside], part.depth_m, atol=1e-4)


def test_what_reaches_behind_the_lens_is_left_out():
    vertices, faces = square(-0.1, -0.1, 0.2, 2.0)
    vertices[0, 2] = -1.0
    assert len(drawn([(vertices, faces)]).pixel) == 0


def test_weights_of_the_corners_give_back_the_place():
    vertices, faces = square(-0.3, -0.2, 0.5, 2.0)
    hits = drawn([(vertices, faces)])
    place = (torch.tensor(vertices)[torch.tensor(faces)[hits.face]] * hits.corners[..., None]).sum(dim=1)
    assert np.allclose(place[:, 0] / 2.0 * FOCAL_PX + 160, hits.pixel % 320 + 0.5, atol=1e-2)
