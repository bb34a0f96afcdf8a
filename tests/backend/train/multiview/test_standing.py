"""Cameras that are put up around somebody."""

from __future__ import annotations

import math

import pytest
import torch

from backend.train.cameras.cameras import projected
from backend.train.chance import Chance
from backend.train.multiview.standing import draw_standing
from motion.skeleton import JOINT


def walkers(takes: int, views: int, frames: int = 30) -> torch.Tensor:
    """[B, T, 22, 3] m: upright sticks that walk through the world."""
    joints = torch.zeros(takes, frames, 22, 3)
    joints[..., 2] = torch.linspace(0.0, 1.7, 22)
    joints[..., JOINT["pelvis"], 2] = 0.95
    joints[..., 0] += torch.linspace(0.0, 3.0, frames)[None, :, None]
    return joints.repeat_interleave(views, 0)


@pytest.fixture(scope="module")
def drawn():
    joints = walkers(60, 3)
    return joints, draw_standing(joints, torch.full((180,), 1.7), 3, Chance.seeded(4))


def test_nobody_walks_into_a_camera(drawn) -> None:
    joints, cameras = drawn
    assert cameras.in_camera(joints)[:, :, 0, 2].min() > 0.5


def test_most_see_the_person(drawn) -> None:
    joints, cameras = drawn
    pixels = projected(cameras.in_camera(joints), cameras.K)
    inside = ((pixels >= 0) & (pixels <= cameras.size_px[:, None, None])).all(-1)
    assert inside[:, :, 0].float().mean() > 0.75


def test_others_stand_between_20_and_180_degrees_from_the_first(drawn) -> None:
    joints, cameras = drawn
    place = (cameras.places_world[:, 0] - joints[:, :, 0].mean(1))[:, :2].unflatten(0, (60, 3))
    direction = torch.nn.functional.normalize(place, dim=-1)
    angle = torch.acos((direction[:, :1] * direction).sum(-1).clamp(-1, 1))[:, 1:].rad2deg()
    assert angle.min() > 15.0 and angle.quantile(0.1) < 60.0 and angle.quantile(0.9) > 140.0


def test_cameras_of_one_take_are_at_heights_that_are_alike(drawn) -> None:
    height = drawn[1].places_world[:, 0, 2].unflatten(0, (60, 3))
    assert height.std(1).mean() < 0.5 * height[:, 0].std() + 0.1 and height.min() >= 0.2
    assert math.isfinite(float(height.sum()))
