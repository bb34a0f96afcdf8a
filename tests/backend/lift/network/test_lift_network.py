"""The shipped network on somebody whose motion is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.cameras.projection import projected
from backend.lift.lift import Lift
from backend.lift.network.lift_network import lift_network, shipped_lifter
from backend.track.tracks import Track
from motion.body import Body, read_open_body
from motion.landmarks import LIMB_LANDMARKS
from motion.skeleton import JOINT
from motion.smplx_file import read_smplx
from tests.smplx_model import write_smplx_model

from ..made_up_track import K, MadeUp, reaching_and_stepping
from .made_up_inputs import some_lifter

ARRAYS = ("landmarks_px", "scores", "landmarks_camera")


def lifted(made_up: MadeUp, track: Track | None = None) -> Lift:
    return lift_network(track or made_up.track, made_up.body, K, shipped_lifter())


def limbs(points: np.ndarray) -> np.ndarray:
    return points[:, LIMB_LANDMARKS] - points[:, LIMB_LANDMARKS].mean(axis=1, keepdims=True)


def error_mm(lift: Lift, made_up: MadeUp) -> float:
    return 1000.0 * float(np.linalg.norm(limbs(lift.points_camera()) - limbs(made_up.points_camera), axis=-1).mean())


def hidden(track: Track, seen: np.ndarray, unseen: float = np.nan) -> Track:
    """The track with other values where nobody is seen."""
    return replace(track, seen=seen, **{
        name: np.where(seen.reshape(-1, *[1] * (values.ndim - 1)), values, 0.0 if name == "scores" else unseen)
        for name in ARRAYS for values in [getattr(track, name)]})  # fmt: skip


@pytest.mark.parametrize("yaw", [-0.8, 0.0, 0.6, 3.0])
def test_somebody_who_is_seen_well_comes_back_nearly(yaw: float) -> None:
    made_up = reaching_and_stepping(yaw)
    lift = lifted(made_up)
    assert error_mm(lift, made_up) < 110.0
    seen_px = projected(lift.points_camera()[:, LIMB_LANDMARKS], K)
    assert np.linalg.norm(seen_px - made_up.track.landmarks_px[:, LIMB_LANDMARKS], axis=-1).mean() < 30.0
    assert np.abs(lift.root_camera / made_up.points_camera[:, [23, 24]].mean(axis=1) - 1.0)[:, 2].max() < 0.25


def test_what_the_network_believes_is_told_in_the_cameras_frame() -> None:
    beliefs = lifted(reaching_and_stepping()).beliefs
    assert beliefs is not None
    np.testing.assert_allclose(np.linalg.norm(beliefs.down_camera, axis=-1), 1.0, atol=1e-5)
    assert beliefs.down_camera[:, 1].mean() > 0.9     # y points down in a level camera
    assert ((beliefs.still >= 0.0) & (beliefs.still <= 1.0)).all()
    assert (beliefs.sigma_joint_m > 0.0).all() and (beliefs.sigma_rotation_rad > 0.0).all()


@pytest.mark.parametrize("rate", [15.0, 24.0, 60.0])
def test_the_rate_at_which_somebody_is_filmed_hardly_matters(rate: float) -> None:
    at_30, other = (reaching_and_stepping(frames=int(1.5 * each) + 1, rate=each) for each in (30.0, rate))
    one, two = limbs(lifted(at_30).points_camera()), limbs(lifted(other).points_camera())
    same_time = np.round(np.linspace(0, 1, 4) * (len(one) - 1)).astype(int), np.round(
        np.linspace(0, 1, 4) * (len(two) - 1)).astype(int)  # fmt: skip
    assert np.linalg.norm(one[same_time[0]] - two[same_time[1]], axis=-1).mean() < 0.03


def test_rows_of_a_quick_clip_do_not_shake() -> None:
    made_up = reaching_and_stepping(frames=90, rate=60.0)
    noisy = replace(made_up.track, landmarks_px=made_up.track.landmarks_px
                    + np.random.default_rng(4).normal(size=made_up.track.landmarks_px.shape))  # fmt: skip
    points = lifted(made_up, noisy).points_camera()
    shaking = np.linalg.norm(np.diff(limbs(points), 2, axis=0), axis=-1) * 60.0**2
    assert shaking.mean() < 25.0    # m/s^2; twice that where rows are left as they are


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_the_shortest_clips_are_lifted(frames: int) -> None:
    lift = lifted(reaching_and_stepping(frames=frames))
    assert lift.root_camera.shape == (frames, 3) and np.isfinite(lift.R_parent_from_joint).all()


@pytest.mark.parametrize("seen_frames", [slice(10, 30), [0, 1, 2, 40, 41, 44], [20]])
def test_gaps_are_bridged_and_not_believed(seen_frames: slice | list[int]) -> None:
    made_up = reaching_and_stepping()
    seen = np.zeros(45, dtype=bool)
    seen[seen_frames] = True
    lift = lifted(made_up, hidden(made_up.track, seen))
    assert np.isfinite(lift.R_parent_from_joint).all() and np.isfinite(lift.root_camera).all()
    assert (lift.confidence[~seen] == 0.0).all() and (lift.confidence[seen] > 0.5).all()
    first, last = np.flatnonzero(seen)[[0, -1]]
    np.testing.assert_allclose(lift.root_camera[:first], lift.root_camera[[first]].repeat(first, axis=0))
    np.testing.assert_allclose(lift.R_parent_from_joint[last:], lift.R_parent_from_joint[[last]].repeat(45 - last, 0))


def test_what_stands_in_unseen_frames_does_not_matter() -> None:
    made_up = reaching_and_stepping()
    seen = np.ones(45, dtype=bool)
    seen[12:18] = False
    one, other = (lifted(made_up, hidden(made_up.track, seen, unseen)) for unseen in (np.nan, 777.0))
    np.testing.assert_array_equal(one.R_parent_from_joint, other.R_parent_from_joint)
    np.testing.assert_array_equal(one.root_camera, other.root_camera)


def test_a_later_clock_changes_nothing() -> None:
    made_up = reaching_and_stepping()
    later = lifted(made_up, replace(made_up.track, times_s=made_up.track.times_s + 4000.0))
    np.testing.assert_allclose(later.R_parent_from_joint, lifted(made_up).R_parent_from_joint, atol=1e-6)


def test_taller_people_stand_farther_away_and_fall_onto_the_same_pixels() -> None:
    made_up = reaching_and_stepping()
    taller = made_up.body.model.shaped(made_up.body.shape, 1.2)
    one, other = (lift_network(made_up.track, body, K, shipped_lifter()) for body in (made_up.body, taller))
    np.testing.assert_allclose(other.root_camera, 1.2 * one.root_camera)
    np.testing.assert_allclose(projected(other.points_camera(), K), projected(one.points_camera(), K), atol=1e-6)


def test_gaps_are_bridged_from_one_side_to_the_other() -> None:
    """Whatever a network says of people whom nobody sees."""
    made_up = reaching_and_stepping()
    seen = np.ones(45, dtype=bool)
    seen[5:40] = False
    lift = lift_network(hidden(made_up.track, seen), made_up.body, K, some_lifter())
    share = (np.arange(4, 41) - 4)[:, None] / 36
    np.testing.assert_allclose(lift.root_camera[4:41], (1 - share) * lift.root_camera[4] + share * lift.root_camera[40])


def limb_lengths(body: Body) -> np.ndarray:
    chosen = [JOINT[name] for name in ("left_elbow", "left_wrist", "left_knee", "left_ankle")]
    return np.linalg.norm(body.skeleton.offsets[chosen], axis=-1)


def test_known_bones_stay_and_fall_onto_the_landmarks() -> None:
    made_up = reaching_and_stepping()
    thin = made_up.body.model.shaped(np.array([0.8, -1.5, 1.0]))
    lift = lift_network(made_up.track, thin, K, shipped_lifter(), bones_known=True)
    assert lift.body is thin
    seen_px = projected(lift.points_camera()[:, LIMB_LANDMARKS], K)
    assert np.linalg.norm(seen_px - made_up.track.landmarks_px[:, LIMB_LANDMARKS], axis=-1).mean() < 30.0


def test_bones_that_nobody_knows_are_told_whatever_the_body_was() -> None:
    made_up, lifter = reaching_and_stepping(), shipped_lifter()
    bodies = [made_up.body.model.shaped(np.array(shape)) for shape in ([], [0.8, -1.5, 1.0])]
    one, other = (lift_network(made_up.track, body, K, lifter).body for body in bodies)
    size = bodies[1].height / bodies[0].height
    np.testing.assert_allclose(other.skeleton.rest_joints, size * one.skeleton.rest_joints, atol=1e-9)
    assert np.abs(limb_lengths(one) / limb_lengths(bodies[0]) - 1.0).max() > 0.01
    assert one.height == pytest.approx(bodies[0].height, rel=0.02)


def test_betas_take_over_the_bones_that_are_told(tmp_path: Path) -> None:
    model = read_smplx(write_smplx_model(tmp_path / "SMPLX_NEUTRAL.npz"), read_open_body())
    track, body, lifter = reaching_and_stepping().track, model.shaped(np.zeros(0)), shipped_lifter()
    told = lift_network(track, read_open_body().shaped(np.zeros(0)), K, lifter).body
    lift = lift_network(track, body, K, lifter)
    np.testing.assert_array_equal(
        lift.body.skeleton.rest_joints, model.shaped(lift.body.shape).skeleton.rest_joints)  # fmt: skip
    assert np.abs(lift.body.shape).max() > 0.1 and lift.body.height == pytest.approx(body.height, abs=0.01)
    wanted = limb_lengths(told) * body.height / told.height
    assert np.abs(limb_lengths(lift.body) - wanted).mean() < np.abs(limb_lengths(body) - wanted).mean()
