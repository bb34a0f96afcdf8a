"""Bones in spherical coordinates about the viewing axis, and the classes of their polar angle (MDTF, §3.2)."""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from backend.lift.published.skeleton17 import Skeleton17

CLASSES = 6

BonePlaces = Literal["published", "children"]


def bone_vectors(points: Tensor, skeleton: Skeleton17) -> Tensor:
    """[..., 16, K] from parent to child, of points [..., 17, K]."""
    parents, children = zip(*skeleton.bones, strict=True)
    return points[..., children, :] - points[..., parents, :]


def bone_features(keypoints: Tensor, classes: Tensor, skeleton: Skeleton17, places: BonePlaces) -> Tensor:
    """Azimuth / pi, polar angle / pi and length of every bone, [..., 17, 3], the root having zeros.

    keypoints [..., 17, 2 or more], classes [..., 17] with a bone at its child's joint. The released lifter was trained
    with bones one after the other and the zeros last, on Human3.6M one token early: places "published".
    """
    across = bone_vectors(keypoints[..., :2], skeleton)
    polar = (classes[..., [child for _, child in skeleton.bones]] + 0.5) / CLASSES
    depth = across.norm(dim=-1) / torch.tan(math.pi * polar)
    length = torch.cat([across, depth[..., None]], -1).norm(dim=-1)
    azimuth = torch.atan2(across[..., 1], across[..., 0]) / math.pi
    features = torch.stack([azimuth, polar, length], -1)
    return functional.pad(features, (0, 0, 0, 1)) if places == "published" else at_children(features, skeleton)


def at_children(bones: Tensor, skeleton: Skeleton17) -> Tensor:
    """[..., 16, K] of bones as [..., 17, K] of the joints that they end in, zero at the root."""
    before, behind = bones.split([skeleton.root, len(skeleton.bones) - skeleton.root], -2)
    return torch.cat([before, torch.zeros_like(bones[..., :1, :]), behind], -2)
