from __future__ import annotations

from dataclasses import fields, replace

import torch

from backend.train.chance import Chance
from backend.train.kinematics import forward_kinematics, gravity_view
from backend.train.lifter.rolled import ANYHOW_SHARE, rolled, rolls

from .made_up_training import WINDOWS, some_batch

ANGLES = torch.tensor([0.0, 0.4, -2.0, torch.pi])


def test_landmarks_are_seen_where_they_are_before_the_turned_camera():
    batch = rolled(some_batch(), ANGLES)
    off = (batch.views.landmarks_px - batch.detections.landmarks_px)[batch.detections.seen]
    assert off.abs().max() < 0.01


def test_joints_rotations_and_gravity_turn_together():
    batch = rolled(some_batch(), ANGLES)
    _, joints = forward_kinematics(batch.R_parent_from_joint, batch.root_camera, batch.rest_joints)
    assert torch.allclose(joints, batch.joints_camera, atol=1e-5)
    level = gravity_view(batch.cameras.down_camera) @ batch.R_parent_from_joint[:, :, 0]
    assert torch.allclose(level, batch.R_gravity_view_from_pelvis, atol=1e-5)


def test_the_world_stays_where_it_is():
    before, after = (
        (batch.joints_camera - batch.cameras.t_camera_from_world[:, :, None]) @ batch.cameras.R_camera_from_world
        for batch in (some_batch(), rolled(some_batch(), ANGLES))
    )
    assert torch.allclose(before, after, atol=1e-4)


def test_a_turn_and_back_changes_nothing():
    before = some_batch()
    back = rolled(rolled(before, ANGLES), -ANGLES)
    for name in ("joints_camera", "root_camera", "R_parent_from_joint", "R_camera_from_previous"):
        assert torch.allclose(getattr(back, name), getattr(before, name), atol=1e-5), name
    assert torch.allclose(back.detections.landmarks_px, before.detections.landmarks_px, atol=0.01)


def test_where_nobody_is_seen_all_stays_zero():
    batch = some_batch()
    unseen = torch.zeros_like(batch.detections.seen)
    said = replace(batch.detections, seen=unseen, **{
        field.name: torch.zeros_like(getattr(batch.detections, field.name))
        for field in fields(batch.detections) if field.name != "seen"})  # fmt: skip
    assert (rolled(replace(batch, detections=said), ANGLES).detections.landmarks_px == 0).all()


def test_most_cameras_are_held_nearly_upright_and_some_anyhow():
    angles = rolls(20_000, Chance.seeded(0))
    far = (angles.abs() > 0.8).float().mean()
    assert abs(float(far) - ANYHOW_SHARE * (1 - 0.8 / torch.pi)) < 0.01
    assert len(rolls(WINDOWS, Chance.seeded(0))) == WINDOWS
