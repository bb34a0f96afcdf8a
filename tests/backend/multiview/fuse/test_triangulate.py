import numpy as np
import pytest

from backend.cameras.projection import projected
from backend.lift.refine.trust import landmark_sigma_m
from backend.multiview.fuse.triangulate import triangulated
from backend.multiview.rig import Rig
from motion.rotations import matrix_from_axis_angle

K = np.array([[1000.0, 0.0, 640.0], [0.0, 1000.0, 360.0], [0.0, 0.0, 1.0]])
MIDDLE = np.array([0.0, 0.0, 4.0])


def rig_of(*turns_rad):
    """Cameras all round a place 4 m before the first, at some angles from it."""
    R = matrix_from_axis_angle(np.array([[0.0, turn, 0.0] for turn in turns_rad]))
    count = len(turns_rad)
    return Rig(np.tile(K, (count, 1, 1)), R, MIDDLE - R @ MIDDLE, np.zeros(count), np.ones(count))


def some_points(frames=6, seed=0):
    return MIDDLE + np.random.default_rng(seed).normal(scale=0.3, size=(frames, 33, 3))


def seen_by(rig, points):
    return np.stack([projected(rig.in_camera(view, points), rig.K[view]) for view in range(rig.count)])


@pytest.mark.parametrize("turns", [(0.0, 1.2), (0.0, 3.1), (0.0, 0.5, -1.0), (0.0, 1.0, 2.0, 3.0, -1.0)])
def test_exact_landmarks_give_the_points(turns):
    rig, points = rig_of(*turns), some_points()
    found = triangulated(seen_by(rig, points), np.full((rig.count, 6, 33), 0.9), rig)
    np.testing.assert_allclose(found.points_first, points, atol=1e-4)
    np.testing.assert_allclose(found.off_px, 0.0, atol=0.05)
    np.testing.assert_allclose(found.weights, 1.0, atol=1e-3)


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_of_three_views_one_that_contradicts_the_others_has_no_say(wrong):
    rig, points = rig_of(0.0, 1.0, -1.2), some_points()
    landmarks_px = seen_by(rig, points)
    landmarks_px[wrong, :, 15, 1] += 200.0
    found = triangulated(landmarks_px, np.full((3, 6, 33), 0.9), rig)
    np.testing.assert_allclose(found.points_first, points, atol=5e-3)
    assert found.weights[wrong, :, 15].max() < 0.01
    assert np.abs(found.off_px[wrong, :, 15, 1] + 200.0).max() < 2.0


def test_of_five_views_too():
    rig, points = rig_of(0.0, 0.7, 1.5, 2.5, -1.0), some_points()
    landmarks_px = seen_by(rig, points)
    landmarks_px[3] += 150.0
    found = triangulated(landmarks_px, np.full((5, 6, 33), 0.9), rig)
    np.testing.assert_allclose(found.points_first, points, atol=5e-3)


def test_points_seen_once_or_never_are_nan_and_points_seen_by_some_are_not():
    rig, points = rig_of(0.0, 1.0, -1.2), some_points()
    scores = np.full((3, 6, 33), 0.9)
    landmarks_px = seen_by(rig, points)
    landmarks_px[:2, 0] = np.nan
    scores[:, 1] = 0.0
    scores[1, 2] = 0.0
    found = triangulated(landmarks_px, scores, rig)
    assert np.isnan(found.points_first[:2]).all() and np.isnan(found.off_px[:, :2]).all()
    np.testing.assert_allclose(found.points_first[2:], points[2:], atol=1e-4)
    assert np.isnan(found.off_px[1, 2]).all() and (found.weights[1, 2] == 0.0).all()


def test_the_covariance_is_what_chance_makes():
    rig, frames = rig_of(0.0, 1.0), 4000
    points = np.broadcast_to(some_points(1), (frames, 33, 3))
    scores = np.full((2, frames, 33), 0.95)
    seen_px = seen_by(rig, points)
    depth = np.stack([rig.in_camera(view, points)[..., 2:] for view in range(2)])
    sigma_px = landmark_sigma_m(seen_px, scores, K)[..., None] * K[0, 0] / depth
    # Small errors, of which the robust weights doubt none.
    noise = 0.1 * np.random.default_rng(1).normal(size=seen_px.shape) * sigma_px
    found = triangulated(seen_px + noise, scores, rig)
    off = found.points_first - points
    measured = 100.0 * np.einsum("tpi,tpj->pij", off, off) / frames
    for landmark in (0, 12, 25):
        np.testing.assert_allclose(measured[landmark], found.covariance[:, landmark].mean(axis=0), rtol=0.15,
                                   atol=0.06 * np.trace(measured[landmark]))  # fmt: skip


def test_surer_landmarks_say_more():
    rig, points = rig_of(0.0, 1.2, -1.2), some_points()
    landmarks_px = seen_by(rig, points)
    landmarks_px[2] += np.array([0.0, 8.0])
    unsure = np.full((3, 6, 33), 0.9)
    unsure[2] = 0.2
    off = [np.abs(triangulated(landmarks_px, scores, rig).points_first - points)[..., 1].mean()
           for scores in (np.full((3, 6, 33), 0.9), unsure)]  # fmt: skip
    assert off[1] < 0.3 * off[0]


def test_rays_that_meet_behind_the_lenses_make_no_point():
    rig = rig_of(0.0, 0.3)
    behind = np.broadcast_to([0.0, 0.0, -2.0], (1, 33, 3))
    mirrored = np.stack([K[0, 0] * (c := rig.in_camera(view, behind))[..., :2] / c[..., 2:] + K[:2, 2]
                         for view in range(2)])  # fmt: skip
    found = triangulated(mirrored, np.full((2, 1, 33), 0.9), rig)
    assert np.isnan(found.points_first).all()


def test_parallel_rays_make_no_point_or_one_that_is_known_to_be_unsure():
    rig = rig_of(0.0, 0.0)
    found = triangulated(seen_by(rig, some_points(2)), np.full((2, 2, 33), 0.9), rig)
    told = np.isfinite(found.points_first).all(axis=-1)
    assert (found.covariance[told][:, 2, 2] > 1.0).all()
