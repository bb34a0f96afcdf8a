"""Doubts put right on people who did not teach: what is promised for nine in ten shall hold for nine in ten."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from backend.lift.network.lifter import Lifter
from backend.train.batches import Batch
from backend.train.kinematics import joints_of_orientations
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import bias_of, truth_of
from motion.skeleton import BODY_JOINT_COUNT

COVERED = 0.9
# Of the squared length of a Gaussian vector in one, two and three dimensions, each of variance 1 (chi-squared).
_QUANTILE = {1: 2.7055, 2: 4.6052, 3: 6.2514}


@torch.no_grad()
def calibrate(lifter: Lifter, batches: Sequence[Batch]) -> dict[str, float]:
    """Shift the log-variances that `lifter` tells, each kind by one number; by how much, in the logarithm.

    Errors have longer tails than Gaussians, so that variances that are right in the mean promise too much to most.
    """
    ratios: dict[str, list[Tensor]] = {}
    for batch in batches:
        for name, values in squared_over_variance(lifter, batch).items():
            ratios.setdefault(name, []).append(values.flatten())
    shifts = {}
    for name, values in ratios.items():
        dimensions = _DIMENSIONS[name]
        reached = torch.cat(values).double().quantile(COVERED)
        shifts[name] = float((reached / _QUANTILE[dimensions]).clamp(min=1e-6).log())
    _shift(lifter, shifts)
    return shifts


_DIMENSIONS = {"rotation_doubt": 3, "across": 2, "along": 1, "down_doubt": 2, "bias_doubt": 2}


def squared_over_variance(lifter: Lifter, batch: Batch) -> dict[str, Tensor]:
    """Squared errors in units of the told variances, of frames in which somebody was seen."""
    inputs = inputs_of(batch)
    told, truth = lifter(inputs), truth_of(batch, inputs.K)
    known = batch.teaching.inside & inputs.seen
    joints = joints_of_orientations(told.R_person_from_joint, told.rest_joints)
    off = (joints - truth.joints)[:, :, 1:]
    across, along = (-told.joint_log_variance[:, :, 1:]).exp().unbind(-1)
    turned = told.R_person_from_joint.mT @ truth.R_person_from_joint
    angle = torch.acos(((turned.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2).clamp(-1, 1))
    recorded = known[..., None] & batch.teaching.joints[:, None]
    tilted = (told.down_person - truth.down).square().sum(-1)
    beside = (told.bias_m - bias_of(told, batch, inputs.K)).square().sum(-1)
    return {
        "rotation_doubt": (angle.square() * (-told.rotation_log_variance).exp())[recorded],
        "across": (off[..., :2].square().sum(-1) * across)[known],
        "along": (off[..., 2].square() * along)[known],
        "down_doubt": (tilted * (-told.down_log_variance).exp())[known],
        "bias_doubt": (beside * (-told.bias_log_variance).exp())[known],
    }


def _shift(lifter: Lifter, shifts: dict[str, float]) -> None:
    for name in ("rotation_doubt", "down_doubt", "bias_doubt"):
        lifter.heads[name].bias += shifts[name]
    both = torch.tensor([shifts["across"], shifts["along"]]).repeat(BODY_JOINT_COUNT)
    lifter.heads["joint_doubt"].bias += both.to(lifter.heads["joint_doubt"].bias)
