"""The published lifters by name."""

from __future__ import annotations

from typing import TypeAlias

from backend.lift.published import mdtf, pose_mamba
from backend.lift.published.mdtf import Mdtf
from backend.lift.published.pose_mamba import PoseMamba
from backend.lift.published.skeleton17 import HUMAN36M, Skeleton17

Published: TypeAlias = PoseMamba | Mdtf

NAMES = (*(f"pose_mamba_{size}" for size in pose_mamba.SIZES), *(f"mdtf_{size}" for size in mdtf.SIZES))


def build(name: str, frames: int = 243, skeleton: Skeleton17 = HUMAN36M) -> Published:
    """A network of NAMES with random weights, as it was published."""
    family, size = name.rsplit("_", 1)
    if family == "mdtf":
        return Mdtf(*mdtf.SIZES[size], frames, skeleton)
    return PoseMamba(*pose_mamba.SIZES[size], frames, skeleton)
