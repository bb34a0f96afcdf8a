from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.cameras.from_footage.bundle import bundled, camera_slopes, errors, turned_and_moved
from backend.cameras.from_footage.every_picture import resected, turn_sigmas
from backend.cameras.from_footage.scene import Scene
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from tests.backend.cameras.made_up_background import camera, room, sights_of, trails_of, true_scene


def seen(way_m, frames: int = 12, noise_px: float = 0.0):
    rng = np.random.default_rng(1)
    true_camera, points = camera(frames, (4, 12, 2), way_m), room(120, rng)
    return true_scene(true_camera, points), sights_of(trails_of(true_camera, points, rng, noise_px)), rng


def moved_a_little(scene: Scene, rng: np.random.Generator, moves: bool) -> Scene:
    step = 0.01 * rng.normal(size=(len(scene.places_first), 6 if moves else 3))
    step[0] = 0.0
    points = scene.points + 0.01 * rng.normal(size=scene.points.shape) * ([1, 1, 1, 1] if moves else [1, 1, 1, 0])
    return replace(turned_and_moved(scene, step, moves), points=points / np.linalg.norm(points, axis=-1)[:, None])


def turns_between_deg(first: Scene, second: Scene) -> float:
    R = np.swapaxes(first.R_first_from_camera, -1, -2) @ second.R_first_from_camera
    return float(np.degrees(np.linalg.norm(axis_angle_from_matrix(R), axis=-1).max()))


@pytest.mark.parametrize("way_m", [(0, 0, 0), (1.5, 0.2, -0.5)])
def test_the_true_scene_has_no_errors(way_m) -> None:
    scene, sights, _ = seen(way_m)
    assert np.abs(errors(scene, sights)).max() < 1e-6


def test_what_lies_behind_the_lens_is_farthest_off() -> None:
    scene, sights, _ = seen((0, 0, 0))
    half_turn = np.tile([0.0, np.pi, 0.0], (len(scene.places_first), 1))
    assert np.linalg.norm(errors(turned_and_moved(scene, half_turn, moves=False), sights), axis=-1).min() > 1.0


def test_slopes_are_what_small_steps_do() -> None:
    scene, sights, rng = seen((1.0, 0.0, 0.3))
    scene = moved_a_little(scene, rng, moves=True)
    error, slopes = camera_slopes(scene, sights, moves=True)
    step = 1e-6 * rng.normal(size=(len(scene.places_first), 6))
    change = errors(turned_and_moved(scene, step, moves=True), sights) - error
    assert np.allclose(change, np.einsum("nkc,nc->nk", slopes, step[sights.camera]), atol=1e-10)


@pytest.mark.parametrize("moves, way_m", [(False, (0, 0, 0)), (True, (1.5, 0.2, -0.5))])
def test_bundling_finds_back_to_what_was_true(moves, way_m) -> None:
    scene, sights, rng = seen(way_m)
    if not moves:
        far = scene.points * [1, 1, 1, 0]
        scene = replace(scene, points=far / np.linalg.norm(far, axis=-1, keepdims=True))
    found = bundled(moved_a_little(scene, rng, moves), sights, 40, moves)
    assert np.abs(errors(found, sights)).max() < 1e-4
    assert turns_between_deg(scene, found) < 0.01


def test_wrong_sights_hardly_matter() -> None:
    scene, sights, rng = seen((1.5, 0.2, -0.5), noise_px=0.1)
    rays = sights.rays.copy()
    wrong = rng.random(len(rays)) < 0.2
    rays[wrong] = rays[wrong] @ matrix_from_axis_angle(np.array([0.1, 0.05, 0.0])).T
    found = bundled(moved_a_little(scene, rng, moves=True), replace(sights, rays=rays), 40, moves=True)
    assert turns_between_deg(scene, found) < 0.1


def test_every_camera_finds_its_place_among_known_points() -> None:
    scene, sights, rng = seen((1.5, 0.2, -0.5), noise_px=0.1)
    start = turned_and_moved(scene, 0.003 * rng.normal(size=(12, 6)), moves=True)
    found = resected(start, sights, moves=True)
    assert np.abs(found.places_first - scene.places_first).max() < 0.01
    assert turns_between_deg(scene, found) < 0.05


def test_a_turn_is_as_sure_as_it_is_near() -> None:
    scene, sights, _ = seen((0, 0, 0), noise_px=0.3)
    found = resected(scene, sights, moves=False)
    R = np.swapaxes(scene.R_first_from_camera, -1, -2) @ found.R_first_from_camera
    off = np.sqrt((axis_angle_from_matrix(R) ** 2).mean())
    assert 0.4 < off / np.sqrt((turn_sigmas(found, sights, moves=False) ** 2).mean()) < 2.0
