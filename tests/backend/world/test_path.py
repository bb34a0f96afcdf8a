from dataclasses import replace

import numpy as np
import pytest

from backend.world.in_world import before_camera
from backend.world.path import root_path, span_means
from motion.resample import interpolate_linear
from tests.backend.world.filmed import lift_of, shot_before
from tests.motion.contacts.takes import Take, standing, walking

FLOOR_M = -1.5    # below the first lens, which is the origin


def before(take, **more):
    """Somebody before a camera that stands 5 m off and looks along y, and their true path in its world."""
    shot = shot_before(take, "static")
    person = before_camera(lift_of(take, shot, **more), shot.path, shot.R_world_from_camera[0])
    return person, take.joints[:, 0] - shot.lens_world


def with_roots(person, root_camera, seen=None):
    lift = replace(person.lift, root_camera=root_camera)
    if seen is not None:
        lift = replace(lift, track=replace(lift.track, seen=seen))
    root = np.einsum("tij,tj->ti", person.R_world_from_camera, root_camera)
    return replace(person, lift=lift, root_world=root)


@pytest.mark.parametrize("with_beliefs", [True, False])
def test_what_trembles_in_depth_is_smoothed(with_beliefs):
    person, true = before(standing(seconds=3.0), depth_share=0.0, with_beliefs=with_beliefs)
    wrong = 1.0 + 0.03 * np.random.default_rng(0).normal(size=(len(true), 1))
    person = with_roots(person, person.lift.root_camera * wrong)
    found = root_path(person, FLOOR_M)
    assert np.ptp(person.root_seen_world[:, 1]) > 0.5
    assert np.std((found - true)[:, 1]) < 0.02


def test_what_is_seen_across_the_line_of_sight_is_followed():
    take = standing(seconds=3.0)
    aside = np.zeros((90, 3))
    aside[:, 0] = 0.4 / (1.0 + np.exp(-np.clip((np.arange(90) - 45) / 1.5, -30, 30)))   # within a fifth of a second
    moving = np.abs(np.arange(90) - 45) < 6
    hopping = Take(take.R, take.joints + aside[:, None], take.rate, dict.fromkeys(take.rests, ~moving))
    person, true = before(hopping)
    assert np.abs((root_path(person, FLOOR_M) - true)[:, 0]).max() < 0.05


def test_frames_in_which_nobody_was_seen_are_bridged():
    person, true = before(walking(seconds=4.0))
    seen = np.ones(len(true), dtype=bool)
    seen[45:75] = False
    between = interpolate_linear(person.lift.root_camera[seen], np.flatnonzero(seen), np.arange(len(seen)))
    found = root_path(with_roots(person, between, seen), FLOOR_M)
    assert np.linalg.norm(found - true, axis=-1)[45:75].max() < 0.2
    assert np.linalg.norm(np.diff(found, axis=0), axis=-1).max() < 1.3 / person.rate   # who walks at 1 m/s


def test_the_floor_draws_resting_soles_to_it():
    person, _ = before(walking(seconds=4.0), depth_share=0.0)
    low, right, high = (root_path(person, FLOOR_M + off)[:, 2].mean() for off in (-0.05, 0.0, 0.05))
    assert low < right - 0.003 and high > right + 0.003


def test_a_path_of_which_the_footage_tells_no_places_begins_where_it_did():
    person, true = before(walking(seconds=4.0))
    found = root_path(person, None, see_places=False)
    np.testing.assert_allclose(found[0], person.root_seen_world[0], atol=1e-4)
    assert np.linalg.norm((found[-1] - found[0]) - (true[-1] - true[0])) < 0.1 * np.linalg.norm(true[-1] - true[0])


def test_each_span_has_its_own_mean_and_nothing_else_is_moved():
    points = np.arange(8.0)[:, None, None] * np.ones((8, 1, 3))
    resting = np.array([0.0, 0.9, 0.9, 0.0, 0.6, 0.6, 0.9, 0.2])[:, None]
    means = span_means(points, resting)[:, 0, 0]
    np.testing.assert_allclose(means, [0, 1.5, 1.5, 3, *[(0.6 * 4 + 0.6 * 5 + 0.9 * 6) / 2.1] * 3, 7])
