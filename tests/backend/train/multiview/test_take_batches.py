"""The same motion before several cameras."""

from __future__ import annotations

import torch

from backend.train.multiview.take_batches import TakeSettings, only_views
from backend.train.people import BatchSettings

from .made_up_takes import some_takes, takes


def test_all_views_of_a_take_see_the_same_body_in_the_world() -> None:
    batch = some_takes().batch
    R, t = batch.cameras.R_camera_from_world, batch.cameras.t_camera_from_world
    world = (batch.joints_camera - t[:, :, None]) @ R
    by_take = some_takes().together.by_take(world)
    torch.testing.assert_close(by_take, by_take[:, :1].expand_as(by_take), atol=2e-4, rtol=0.0)
    assert torch.equal(batch.bodies.height_m[::3], batch.bodies.height_m[1::3])


def test_a_rig_without_error_brings_points_into_the_first_camera() -> None:
    take = some_takes()
    joints = take.together.by_take(take.batch.joints_camera)
    R, places = take.together.R_first_from_camera, take.together.places_first
    first = torch.einsum("mvab,mvtjb->mvtja", R, joints) + places[:, :, None, None]
    torch.testing.assert_close(first, first[:, :1].expand_as(first), atol=2e-4, rtol=0.0)
    assert torch.equal(take.inputs.K, take.batch.views.K)


def test_cameras_stand() -> None:
    cameras = some_takes(exact=False).batch.cameras
    assert (cameras.R_camera_from_world == cameras.R_camera_from_world[:, :1]).all()
    assert (some_takes(exact=False).inputs.R_camera_from_previous - torch.eye(3)).abs().max() < 1e-6


def test_batches_hold_takes_of_as_many_views_as_are_asked_for() -> None:
    many = takes(TakeSettings(BatchSettings(16, 8), (0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5)))
    views = {many.batch(number).together.views for number in range(12)}
    assert views == {2, 8}
    for number in range(3):
        batch = many.batch(number)
        assert len(batch.inputs.seen) == len(batch.together.known) * batch.together.views == 16


def test_the_same_number_gives_the_same_batch() -> None:
    one, other = (takes(TakeSettings(BatchSettings(6, 12), only_views(2)), seed=5).batch(3) for _ in range(2))
    assert torch.equal(one.inputs.landmarks_px, other.inputs.landmarks_px)
    assert torch.equal(one.together.places_first, other.together.places_first)
