"""What the networks of several views believe, as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift
from backend.multiview.rig import Rig
from motion.arrays import Array
from motion.rotations import normalised

_SHARED = 0.5    # of the variance of one view's error is in every view's


def fused_beliefs(lifts: Sequence[Lift], cameras: Rig, seeing: Array) -> Beliefs | None:
    """In the first camera's frame; `seeing` [V, T]. None where a view's lift is no network's."""
    each = [lift.beliefs for lift in lifts if lift.beliefs is not None]
    if len(each) < len(lifts):
        return None
    R = cameras.R_first_from_camera
    weights = seeing / seeing.sum(axis=0)

    def mean(values: list[Array]) -> Array:
        return np.einsum("vt,vt...->t...", weights, np.stack(values))

    down_say = seeing / np.stack([own.down_sigma_rad for own in each]) ** 2
    down = sum(say[:, None] * own.down_camera @ turn.T for say, own, turn in zip(down_say, each, R, strict=True))
    first = each[0]   # of the first camera, if that sees the person at all: these are of its picture
    return Beliefs(
        down_camera=normalised(down),
        down_sigma_rad=_fused_sigma(np.stack([own.down_sigma_rad for own in each]), seeing),
        root_velocity=mean([own.root_velocity for own in each]),
        still=mean([own.still for own in each]),
        sigma_rotation_rad=_fused_sigma(np.stack([own.sigma_rotation_rad for own in each]), seeing),
        sigma_joint_m=_fused_sigma(np.stack([own.sigma_joint_m for own in each]), seeing),
        bias_px=first.bias_px, bias_sigma_px=first.bias_sigma_px,
    )  # fmt: skip


def _fused_sigma(sigmas: Array, seeing: Array) -> Array:
    """[T, ...] of sigmas [V, T, ...]: no number of views mends what all of them share."""
    weights = (seeing / seeing.max(axis=0)).reshape(*seeing.shape, *[1] * (sigmas.ndim - 2))
    certainty = np.sum(weights * sigmas**-2.0, axis=0)
    return np.sqrt((_SHARED * weights.sum(axis=0) + 1.0 - _SHARED) / certainty)
