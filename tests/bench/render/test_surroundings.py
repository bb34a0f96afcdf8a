"""Rooms hold people and cameras, and nothing stands in the way."""

from __future__ import annotations

import numpy as np
import pytest

from bench.render.plan import PLACES
from bench.render.surroundings import Ways, surroundings
from bench.render.textures import PAINTERS
from tests.bench.render.made_plan import planned

WAYS = Ways(np.linspace([-1.0, 0.0], [1.0, 0.5], 90), np.array([[0.3, -4.0]]), 1.6, 1.8)


def crosses(solid, start, end):
    """Whether the line between two places [3] goes through any face of a solid."""
    corners = solid.vertices[solid.faces]
    edge, other = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    normal = np.cross(edge, other)
    along = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.einsum("fi,fi->f", corners[:, 0] - start, normal) / (normal @ along)
        hit = start + share[:, None] * along - corners[:, 0]
        u = np.einsum("fi,fi->f", hit, edge) / np.einsum("fi,fi->f", edge, edge)
        v = np.einsum("fi,fi->f", hit, other) / np.einsum("fi,fi->f", other, other)
    return bool(np.any((share > 0.0) & (share < 1.0) & (u >= 0.0) & (u <= 1.0) & (v >= 0.0) & (v <= 1.0)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_nothing_is_between_the_camera_and_the_person(place, seed):
    solids = surroundings(planned(place=place, seed=seed), WAYS)
    camera = np.array([*WAYS.camera[0], 1.6])
    for person in WAYS.people[::10]:
        assert not any(crosses(solid, camera, np.array([*person, 1.0])) for solid in solids)


@pytest.mark.parametrize("place", ["room", "hall"])
def test_a_line_out_of_a_room_meets_a_wall_wherever_it_goes(place):
    solids = surroundings(planned(place=place, seed=5), WAYS)
    start = np.array([0.0, 0.2, 1.2])
    for angle in np.linspace(0.0, 2 * np.pi, 23):
        end = start + 25.0 * np.array([np.cos(angle), np.sin(angle), 0.0])
        assert any(crosses(solid, start, end) for solid in solids)


def test_an_occluder_hides_legs_and_not_faces():
    camera = np.array([*WAYS.camera[0], 1.0])
    plain, hiding = (surroundings(planned(extra=extra, place="street", seed=6), WAYS) for extra in ("", "occluder"))
    more = hiding[len(plain):]
    def hidden(heights_m):
        targets = [np.array([*person, height]) for person in WAYS.people[::3] for height in heights_m]
        return any(crosses(solid, camera, target) for solid in more for target in targets)

    assert hidden((0.1, 0.3, 0.5)) and not hidden((1.5, 1.7))


@pytest.mark.parametrize("kind", sorted(PAINTERS))
def test_every_picture_is_a_picture(kind):
    picture = PAINTERS[kind](np.array([0.6, 0.3, 0.45]), np.random.default_rng(2))
    assert picture.ndim == 3 and picture.shape[2] == 3
    assert np.isfinite(picture).all() and picture.min() >= 0.0 and picture.max() <= 1.0
