"""The lift of one person by all views."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.lift.lift import Lift
from backend.lift.network.lift_network import lift_network, shipped_lifter
from backend.multiview.fuse.network.lift_views import lift_views
from backend.multiview.fuse.network.weights import shipped_multiview_lifter
from motion.landmarks import LIMB_LANDMARKS
from tests.backend.lift.made_up_track import K, MadeUp

from .made_up_views import around, some_multiview_lifter


def limbs(points: np.ndarray) -> np.ndarray:
    return points[:, LIMB_LANDMARKS] - points[:, LIMB_LANDMARKS].mean(axis=1, keepdims=True)


def error_mm(lift: Lift, made: MadeUp) -> float:
    return 1000.0 * float(np.linalg.norm(limbs(lift.points_camera()) - limbs(made.points_camera), axis=-1).mean())


@pytest.mark.parametrize(("frames", "rate"), [(45, 30.0), (200, 30.0), (61, 60.0), (9, 12.0)])
def test_one_view_is_lifted_as_by_the_single_views_network(frames: int, rate: float) -> None:
    (made,), rig = around(frames=frames, rate=rate)
    (lift,) = lift_views([made.track], made.body, [K], rig, shipped_multiview_lifter())
    alone = lift_network(made.track, made.body, K, shipped_lifter())
    for name in ("R_parent_from_joint", "root_camera", "confidence"):
        np.testing.assert_array_equal(getattr(lift, name), getattr(alone, name))
    np.testing.assert_array_equal(lift.beliefs.sigma_joint_m, alone.beliefs.sigma_joint_m)
    np.testing.assert_array_equal(lift.features.hidden, alone.features.hidden)
    np.testing.assert_array_equal(lift.body.skeleton.rest_joints, alone.body.skeleton.rest_joints)


@pytest.mark.parametrize("with_rig", [True, False])
def test_views_come_back_each_in_its_own_cameras_frame(with_rig: bool) -> None:
    made, rig = around(1.3, -0.8)
    lifts = lift_views([each.track for each in made], made[0].body, [K] * 3, rig if with_rig else None,
                       shipped_multiview_lifter())  # fmt: skip
    for lift, each in zip(lifts, made, strict=True):
        assert error_mm(lift, each) < 110.0
        assert lift.body is lifts[0].body and lift.track is each.track


def test_the_order_of_views_does_not_matter() -> None:
    made, rig = around(1.3, -0.8, frames=70)
    order = [2, 0, 1]
    lifter, body = some_multiview_lifter(), made[0].body
    one = lift_views([each.track for each in made], body, [K] * 3, rig, lifter)
    other = lift_views([made[view].track for view in order], body, [K] * 3, rig.only(order), lifter)
    for place, view in enumerate(order):
        np.testing.assert_allclose(other[place].R_parent_from_joint, one[view].R_parent_from_joint, atol=1e-3)


def test_a_view_held_the_wrong_way_up_tells_the_same() -> None:
    made, rig = around(1.3, frames=40)
    half = np.diag([-1.0, -1.0, 1.0])
    track = made[1].track
    over = replace(track, landmarks_px=2.0 * K[:2, 2] - track.landmarks_px,
                   landmarks_camera=track.landmarks_camera @ half)  # fmt: skip
    turned = replace(rig, R_first_from_camera=np.stack([rig.R_first_from_camera[0], rig.R_first_from_camera[1] @ half]))
    lifter, body = some_multiview_lifter(), made[0].body
    one = lift_views([made[0].track, track], body, [K] * 2, rig, lifter)
    other = lift_views([made[0].track, over], body, [K] * 2, turned, lifter)
    np.testing.assert_allclose(other[0].R_parent_from_joint, one[0].R_parent_from_joint, atol=1e-4)
    np.testing.assert_allclose(other[1].R_parent_from_joint[:, 0], half @ one[1].R_parent_from_joint[:, 0], atol=1e-4)


def test_a_view_may_lose_the_person_for_a_while() -> None:
    made, rig = around(1.3)
    seen = np.ones(45, dtype=bool)
    seen[10:30] = False
    track = made[1].track
    gone = replace(track, seen=seen, **{
        name: np.where(seen.reshape(-1, *[1] * (values.ndim - 1)), values, 0.0 if name == "scores" else np.nan)
        for name in ("landmarks_px", "scores", "landmarks_camera") for values in [getattr(track, name)]})  # fmt: skip
    lifts = lift_views([made[0].track, gone], made[0].body, [K] * 2, rig, shipped_multiview_lifter())
    assert all(np.isfinite(lift.R_parent_from_joint).all() for lift in lifts)
    assert (lifts[1].confidence[~seen] == 0.0).all() and error_mm(lifts[0], made[0]) < 110.0
