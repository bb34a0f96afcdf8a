"""Rays of several views in space."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backend.multiview.fuse.network.triangulated import Sightings, triangulate

from .made_up_views import around

POINTS = torch.tensor([[0.3, -0.4, 4.2], [0.0, 0.6, 3.7], [-0.5, 0.1, 4.0]], dtype=torch.float64)


def sightings(angles: tuple[float, ...], weight: float = 400.0) -> Sightings:
    _, rig = around(*angles, frames=2)
    R_view = torch.from_numpy(rig.R_first_from_camera.copy()).mT
    places = torch.from_numpy(rig.places_first.copy())
    in_view = ((POINTS[:, None] - places)[:, :, None] @ R_view.mT)[:, :, 0]
    count, views = len(POINTS), len(places)
    return Sightings(in_view[..., :2] / in_view[..., 2:], torch.full((count, views), weight, dtype=torch.float64),
                     R_view.expand(count, views, 3, 3), places.expand(count, views, 3))  # fmt: skip


GUESS = torch.tensor([[0.0, 0.0, 4.5]], dtype=torch.float64).expand(3, 3)


@pytest.mark.parametrize("angles", [(0.5,), (3.0,), (0.9, -1.4), (0.3, 0.6, 2.0, -2.0)])
def test_rays_meet_where_the_point_is(angles: tuple[float, ...]) -> None:
    found = triangulate(sightings(angles), GUESS)
    torch.testing.assert_close(found.points, POINTS, atol=8e-3, rtol=0.0)
    assert found.miss_m.abs().max() < 8e-3


def test_one_view_alone_is_not_sure_and_keeps_to_the_ray() -> None:
    seen = sightings((1.5,))
    seen.weights[:, 1] = 0.0
    found = triangulate(seen, GUESS)
    assert found.sigma_m.min() > 1.0 and triangulate(sightings((1.5,)), GUESS).sigma_m.max() < 0.12
    torch.testing.assert_close(found.points[:, :2] / found.points[:, 2:], seen.flat[:, 0], atol=1e-3, rtol=0.0)


def test_views_nearly_together_are_less_sure() -> None:
    near, apart = (triangulate(sightings((angle,)), GUESS).sigma_m for angle in (0.1, 1.4))
    assert (near > 4.0 * apart).all()


def test_a_view_that_is_far_off_counts_less() -> None:
    seen = sightings((0.9, -1.4, 2.2))
    seen.flat[:, 2] += 0.2
    robust = triangulate(seen, GUESS)
    plain = triangulate(Sightings(seen.flat, 1e-2 * seen.weights, seen.R_view, seen.places), GUESS)
    one, other = ((found.points - POINTS).norm(dim=-1) for found in (robust, plain))
    assert (one < 0.65 * other).all()


def test_rays_that_miss_each_other_are_less_sure() -> None:
    seen = sightings((0.9, -1.4))
    beside = 0.1 * torch.tensor([[0.0, 1.0], [0.0, -1.0], [0.0, 0.0]])
    crooked = Sightings(seen.flat + beside, seen.weights, seen.R_view, seen.places)
    assert (triangulate(crooked, GUESS).sigma_m > 1.5 * triangulate(seen, GUESS).sigma_m).all()


def test_a_point_is_seen_beside_where_it_is_by_as_much_as_is_told() -> None:
    """In metres at its depth: a view of little weight, whose point is moved, has all of the miss."""
    seen = sightings((1.2, -1.2))
    seen.weights[:, 2] = 1e-3
    seen.flat[:, 2, 0] += 0.05
    depth = ((POINTS - seen.places[:, 2])[:, None] @ seen.R_view[:, 2].mT)[:, 0, 2]
    missed = triangulate(seen, GUESS).miss_m[:, 2]
    np.testing.assert_allclose(missed[:, 0], 0.05 * depth, rtol=0.02)
