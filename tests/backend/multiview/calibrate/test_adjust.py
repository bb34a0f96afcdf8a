from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.multiview.calibrate.residuals import Moments, blocks, bone_lengths
from backend.multiview.calibrate.sightings import USED_LANDMARKS, Seen, seen_of
from backend.multiview.calibrate.solve import solved
from backend.multiview.calibrate.unknowns import Unknowns, freedom
from backend.multiview.rig import Rig
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle
from tests.backend.multiview.made_up_scene import filmed, rig_about

ANGLES_DEG, STARTS_S = (0.0, 80.0, 200.0), (0.0, 0.31, -0.22)


def _scene(frames: int = 90) -> tuple[Rig, dict[int, Seen]]:
    rig = rig_about(ANGLES_DEG, STARTS_S)
    return rig, {view: seen_of(lift) for view, lift in enumerate(filmed(rig, frames))}


def _disturbed(rig: Rig, turn_rad: float, place_m: float, start_s: float) -> Rig:
    chance = np.random.default_rng(4)
    off = np.array([0.0, 1.0, 1.0])[:, None]
    turns = matrix_from_axis_angle(turn_rad * off * chance.normal(size=(3, 3)))
    return replace(rig, R_first_from_camera=turns @ rig.R_first_from_camera,
                   places_first=rig.places_first + place_m * off * chance.normal(size=(3, 3)),
                   starts_s=rig.starts_s + start_s * np.array([0.0, 1.0, -1.0]))  # fmt: skip


def _angle_rad(a: Array, b: Array) -> float:
    return float(np.arccos(np.clip(0.5 * (np.trace(a @ b.T) - 1.0), -1.0, 1.0)))


def test_residuals_have_the_derivatives_that_differences_have() -> None:
    rig, seen = _scene(30)
    rig = _disturbed(rig, 0.02, 0.02, 0.0)
    person = Moments(0, np.array([0.4, 0.6]), (seen[0], seen[1], None))
    points = np.random.default_rng(0).normal(scale=0.02, size=(2, len(USED_LANDMARKS), 3)) + (
        seen[0].at(person.times_s).points_hips + seen[0].at(person.times_s).root_camera[:, None])
    state = Unknowns(rig, np.log(bone_lengths(points))[None], np.zeros(3))
    here = blocks(person, points, state, gross_sigmas=1e9)
    for unknown in (*range(9, 15), 17, 8, 27, 30):
        step = np.zeros(state.count)
        step[unknown] = 1e-6
        ahead, behind = (blocks(person, points, state.changed(sign * step), 1e9).residuals for sign in (1.0, -1.0))
        assert np.allclose((ahead - behind) / 2e-6, here.by_unknowns[..., unknown], rtol=1e-4, atol=1e-3), unknown
    moved = points.copy()
    moved[0, 4, 1] += 1e-6
    change = (blocks(person, moved, state, 1e9).residuals - here.residuals)[0] / 1e-6
    assert np.allclose(change, here.by_points[0, :, 3 * 4 + 1], rtol=1e-3, atol=1e-2)


def test_a_rig_that_is_right_stays_where_it_is() -> None:
    rig, seen = _scene()
    found = solved([seen], rig, lenses_known=[True] * 3)
    assert found is not None and found.cost < 0.05
    assert max(_angle_rad(*each) for each in zip(found.state.rig.R_first_from_camera, rig.R_first_from_camera)) < 0.01


def test_a_rig_that_is_off_comes_back_with_its_clocks() -> None:
    rig, seen = _scene()
    found = solved([seen], _disturbed(rig, 0.1, 0.15, 0.05), lenses_known=[True] * 3)
    assert found is not None
    state = found.state.rig
    assert max(_angle_rad(*each) for each in zip(state.R_first_from_camera, rig.R_first_from_camera)) < 0.015
    assert np.abs(state.starts_s - rig.starts_s).max() < 0.1 / 30.0
    assert np.linalg.norm(state.places_first - rig.places_first, axis=1).max() < 0.1


def test_a_clock_that_drifts_is_followed_over_a_long_clip() -> None:
    rig = replace(rig_about((0.0, 80.0), (0.0, 0.3)), clock_rates=np.array([1.0, 1.0004]))
    seen = {view: seen_of(lift) for view, lift in enumerate(filmed(rig, 2400))}
    found = solved([seen], replace(rig, clock_rates=np.ones(2)), lenses_known=[True] * 2)
    assert found is not None
    assert found.state.rig.clock_rates[1] == pytest.approx(1.0004, abs=3e-5)
    assert abs(found.state.rig.starts_s[1] - 0.3) < 0.1 / 30.0


def test_what_may_not_change_does_not() -> None:
    rig, seen = _scene()
    off = _disturbed(rig, 0.0, 0.0, 0.04)
    found = solved([seen], off, lenses_known=[True] * 3, poses=False)
    assert found is not None
    assert np.array_equal(found.state.rig.R_first_from_camera, off.R_first_from_camera)
    assert np.array_equal(found.state.rig.K, off.K)
    assert np.abs(found.state.rig.starts_s - rig.starts_s).max() < 0.1 / 30.0
    kept = solved([seen], off, lenses_known=[True] * 3, clocks=False)
    assert kept is not None and np.array_equal(kept.state.rig.starts_s, off.starts_s)


def test_the_first_camera_keeps_place_and_time() -> None:
    free = freedom(3, 4, clocks=True, drift=True, lenses=[False, True, True], poses=True)
    assert not free[:9].any() and free[9:18].all() and free[-4:].all()


def test_cameras_that_share_no_moment_are_not_solved() -> None:
    rig, seen = _scene(30)
    late = replace(rig, starts_s=np.array([0.0, 50.0, 100.0]))
    assert solved([seen], late, lenses_known=[True] * 3) is None


def test_less_is_known_of_when_who_hardly_moves_was_filmed() -> None:
    rig, seen = _scene()
    moving = solved([seen], rig, lenses_known=[True] * 3)
    still = {view: replace(each.at(np.full(90, 1.0)), times_s=each.times_s, speeds_px=np.zeros_like(each.speeds_px))
             for view, each in seen.items()}  # fmt: skip
    held = solved([still], rig, lenses_known=[True] * 3)
    assert moving is not None and held is not None
    start = moving.state.of_view(1).start + 6
    assert held.covariance[start, start] > 100.0 * moving.covariance[start, start]


@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_a_guessed_lens_moves_towards_the_true_one(factor: float) -> None:
    rig, seen = _scene()
    K = rig.K.copy()
    K[:, 0, 0] *= factor
    K[:, 1, 1] *= factor
    found = solved([seen], replace(rig, K=K), lenses_known=[False] * 3)
    assert found is not None
    assert np.abs(np.log(found.state.rig.K[:, 0, 0] / rig.K[:, 0, 0])).mean() < 0.6 * abs(np.log(factor))
