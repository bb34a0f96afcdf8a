"""Bones in spherical coordinates about the viewing axis, and the classes of their polar angle (MDTF, §3.2)."""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from backend.lift.published.skeleton17 import BONES

CLASSES = 6
CLASS_RAD = math.pi / CLASSES

BonePlaces = Literal["published", "children"]


def bone_vectors(points: Tensor) -> Tensor:
    """[..., 16, K] from parent to child, of points [..., 17, K]."""
    parents, children = zip(*BONES, strict=True)
    return points[..., children, :] - points[..., parents, :]


def polar_classes(points: Tensor) -> Tensor:
    """The class 0..5 of every bone's angle to the viewing axis, 30 degrees each, of places [..., 17, 3].

    [..., 17]: a bone stands at its child's joint, and the pelvis, which is none's, has class 0.
    """
    vectors = bone_vectors(points)
    polar_rad = torch.atan2(vectors[..., :2].norm(dim=-1), vectors[..., 2])
    classes = (polar_rad / CLASS_RAD).floor().long().clamp(max=CLASSES - 1)
    return functional.pad(classes, (1, 0))


def bone_features(keypoints: Tensor, classes: Tensor, places: BonePlaces) -> Tensor:
    """Azimuth / pi, polar angle / pi and length of every bone, [..., 17, 3], the pelvis having zeros.

    keypoints [..., 17, 2 or more], classes [..., 17] with a bone at its child's joint. The released lifter was trained
    with bones one token earlier and the zeros last: places "published".
    """
    across = bone_vectors(keypoints[..., :2])
    polar = (classes[..., 1:] + 0.5) / CLASSES
    depth = across.norm(dim=-1) / torch.tan(math.pi * polar)
    length = torch.cat([across, depth[..., None]], -1).norm(dim=-1)
    azimuth = torch.atan2(across[..., 1], across[..., 0]) / math.pi
    features = torch.stack([azimuth, polar, length], -1)
    before, behind = (0, 1) if places == "published" else (1, 0)
    return functional.pad(features, (0, 0, before, behind))
