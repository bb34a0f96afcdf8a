"""How a lifter does on subjects that it does not learn from."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from backend.lift.network.lifter import Lifter
from backend.train.batches import Batch
from backend.train.bodies import BodyFamily
from backend.train.kinematics import joints_of_orientations
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import loss_terms, truth_of
from motion.skeleton import JOINT

_LIMBS = [JOINT[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
          for side in ("left", "right")]  # fmt: skip
_HIP_LIMBS = slice(6, 8)


@torch.no_grad()
def validated(lifter: Lifter, batches: Sequence[Batch], family: BodyFamily) -> dict[str, float]:
    """Every loss term in the mean over batches; `limbs_mm` and `limbs_pa_mm` are those of the benches."""
    lifter.eval()
    rows = []
    for batch in batches:
        inputs = inputs_of(batch)
        told = lifter(inputs)
        terms = {name: float(value) for name, value in loss_terms(told, batch, inputs.K, family).items()}
        truth = truth_of(batch, inputs.K)
        known = batch.teaching.inside & batch.detections.seen
        joints = joints_of_orientations(told.R_person_from_joint, told.rest_joints)
        estimate, wanted = (values[:, :, _LIMBS][known] for values in (joints, truth.joints))
        off = _about_hips(estimate) - _about_hips(wanted)
        rows.append({**terms, "limbs_mm": 1000.0 * float(off.norm(dim=-1).mean()),
                     "limbs_pa_mm": 1000.0 * float(_after_similarity(estimate, wanted).mean())})  # fmt: skip
    lifter.train()
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}


def _about_hips(limbs: torch.Tensor) -> torch.Tensor:
    """Of limbs [N, 12, 3] in the order of _LIMBS."""
    return limbs - limbs[:, _HIP_LIMBS].mean(1, keepdim=True)


def _after_similarity(estimate: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Distances [N, J] after each frame's best similarity (Umeyama 1991)."""
    a, b = (points - points.mean(1, keepdim=True) for points in (estimate.double(), wanted.double()))
    U, s, Vt = torch.linalg.svd(a.mT @ b)
    sign = torch.ones_like(s)
    sign[:, 2] = torch.det(U).sign() * torch.det(Vt).sign()
    scale = (s * sign).sum(1) / a.square().sum((1, 2))
    return (scale[:, None, None] * (a @ ((U * sign[:, None]) @ Vt)) - b).norm(dim=-1)
