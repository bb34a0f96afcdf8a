from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.world.levelled_path import levelled_path
from motion.filters import gaussian_smoothed
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised
from tests.backend.world.test_gravity import lifted, standing, told
from tests.backend.world.test_gravity_view import down_of, from_first, turning_camera

RATE = 30.0


@cache
def person(frames):
    """Of whom only time matters here."""
    return lifted(standing(frames=frames))


def shot(frames, turn_error_deg, seed=0):
    """A path measured with errors of every turn, the true R_world_from_camera, and a lift that tells gravity."""
    chance = np.random.default_rng(seed)
    R = turning_camera(frames, yaw_total=0.02 * frames / RATE)
    measured = [np.eye(3)]
    errors = matrix_from_axis_angle(np.deg2rad(turn_error_deg) * chance.normal(size=(frames, 3)))
    for before, after, error in zip(R[:-1], R[1:], errors, strict=False):
        measured.append(measured[-1] @ before.T @ after @ error)
    camera = CameraPath(np.arange(frames) / RATE, np.array(measured), np.zeros((frames, 3)), "turning", 1.0,
                        turn_sigma_rad=np.full(frames, np.deg2rad(turn_error_deg)))  # fmt: skip
    wrong = np.deg2rad(60.0) * gaussian_smoothed(chance.normal(size=(frames, 3)), RATE, 1.5)   # some 3 degrees
    return camera, R, told(person(frames), normalised(down_of(R) + wrong), sigma_deg=6.0)


def tilt_deg(camera, R_world_from_camera):
    """[T] how far the path's up in each picture lies from the true one."""
    up = R_world_from_camera[0].T @ [0.0, 0.0, 1.0]
    ups = np.einsum("tji,j->ti", camera.R_first_from_camera, up)
    return np.rad2deg(np.arccos(np.clip(np.sum(ups * R_world_from_camera[:, 2], axis=-1), -1.0, 1.0)))


def up_of(R_world_from_camera):
    return R_world_from_camera[0].T @ [0.0, 0.0, 1.0]


def test_a_long_drifting_path_is_held_level():
    before, after = [], []
    for seed in range(4):
        camera, R, lift = shot(3000, 0.15, seed)
        before.append(tilt_deg(camera, R)[1500:].mean())
        after.append(tilt_deg(levelled_path(camera, [lift], up_of(R)), R)[1500:].mean())
    assert np.mean(before) > 5.0 and np.mean(after) < 0.5 * np.mean(before)


def test_a_short_path_hardly_changes():
    camera, R, lift = shot(90, 0.03)
    level = levelled_path(camera, [lift], up_of(R))
    change = np.swapaxes(level.R_first_from_camera, -1, -2) @ camera.R_first_from_camera
    assert np.rad2deg(np.linalg.norm(axis_angle_from_matrix(change), axis=-1)).max() < 0.2


def test_only_pitch_and_roll_change_and_slowly_and_not_at_first():
    camera, R, lift = shot(1500, 0.15)
    level = levelled_path(camera, [lift], up_of(R))
    turns = axis_angle_from_matrix(level.R_first_from_camera @ np.swapaxes(camera.R_first_from_camera, -1, -2))
    np.testing.assert_allclose(turns @ up_of(R), 0.0, atol=1e-9)
    np.testing.assert_allclose(turns[0], 0.0, atol=1e-6)
    assert 0.5 < np.rad2deg(np.linalg.norm(turns, axis=-1)).max() < 25.0
    assert np.rad2deg(np.linalg.norm(np.diff(turns, axis=0), axis=-1)).max() < 0.1
    np.testing.assert_array_equal(level.places_first, camera.places_first)


@pytest.mark.parametrize("why", ["stands", "surely followed", "no network"])
def test_a_path_stays_where_there_is_nothing_to_mend_or_to_mend_by(why):
    camera, R, lift = shot(300, 0.2)
    if why == "stands":
        camera = standing_camera(camera.times_s)
    if why == "surely followed":
        camera = replace(camera, R_first_from_camera=from_first(R), turn_sigma_rad=np.zeros(300))
    if why == "no network":
        lift = replace(lift, beliefs=None)
    assert levelled_path(camera, [lift], up_of(R)) is camera
