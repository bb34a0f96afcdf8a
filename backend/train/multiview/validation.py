"""How views together do on subjects that they do not learn from, beside one view, plain means and triangulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from backend.lift.network.inputs import person_view
from backend.lift.network.lifter import LifterOutputs
from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.multiview.fuse.network.others import landmarks_first
from backend.train.kinematics import joints_of_orientations
from backend.train.multiview.losses import fused
from backend.train.multiview.take_batches import TakeBatch
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT

_LIMBS = tuple(f"{side}_{name}" for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
               for side in ("left", "right"))  # fmt: skip
_JOINTS, _LANDMARKS = [JOINT[name] for name in _LIMBS], [LANDMARK[name] for name in _LIMBS]
_HIP_LIMBS = slice(6, 8)


@torch.no_grad()
def validated(lifter: MultiviewLifter, batches: Mapping[str, Sequence[TakeBatch]]) -> dict[str, dict[str, float]]:
    """In mm over shoulders, elbows, wrists, hips, knees and ankles about the hips, of bodies of known height.

    For each kind of batches: `fused`, the views' `each` for itself; the single view's network as `single` and as
    `mean` of its orientations over views; `triangulated` landmarks. With `_one` of what one view alone sees.
    """
    lifter.eval()
    figures = {kind: _mean_of([_figures(lifter, batch) for batch in some]) for kind, some in batches.items()}
    lifter.train()
    return figures


def _mean_of(rows: Sequence[dict[str, tuple[float, float]]]) -> dict[str, float]:
    """Of sums and counts."""
    return {name: 1000.0 * sum(row[name][0] for row in rows) / max(1.0, sum(row[name][1] for row in rows))
            for name in rows[0]}  # fmt: skip


def _figures(lifter: MultiviewLifter, batch: TakeBatch) -> dict[str, tuple[float, float]]:
    """Sums of distances in m, and how many."""
    alone, told = lifter.single(batch.inputs), lifter(batch.inputs, batch.together)
    by_take = batch.together.by_take
    truth = by_take(_about_hips((batch.batch.joints_camera)[:, :, _JOINTS]))
    seen = by_take(batch.inputs.seen)
    known = by_take(batch.batch.teaching.inside)[:, 0] & seen.any(1)
    one = by_take(batch.only_one[..., _LANDMARKS])[:, 0]
    off = {"fused": _fused_off(told, batch, truth), "mean": _fused_off(alone, batch, truth)}
    landmarks = by_take(_about_hips(batch.batch.views.landmarks_camera[:, :, _LANDMARKS]))
    found = landmarks_first(alone, person_view(batch.inputs), batch.inputs, batch.together)
    off["triangulated"] = (_about_hips(found.points[:, :, _LANDMARKS]) - landmarks[:, 0]).norm(dim=-1)
    figures = {}
    for name, each in off.items():
        figures |= _counted(name, each, known[..., None].expand_as(each), one)
    for name, outputs in (("each", told), ("single", alone)):
        each = by_take(_limbs(_in_camera(outputs), outputs, batch)) - truth
        figures |= _counted(name, each.norm(dim=-1), (known[:, None] & seen)[..., None].expand(each.shape[:-1]),
                            one[:, None])  # fmt: skip
    return figures


def _counted(name: str, off: Tensor, known: Tensor, one: Tensor) -> dict[str, tuple[float, float]]:
    hidden = known & one
    return {name: (float(off[known].sum()), float(known.sum())),
            f"{name}_one": (float(off[hidden].sum()), float(hidden.sum()))}  # fmt: skip


def _fused_off(told: LifterOutputs, batch: TakeBatch, truth: Tensor) -> Tensor:
    """[M, T, 12] m in the first camera's frame; without a rig in the mean over cameras, each with its own pelvis."""
    R, seen, together = _in_camera(told), batch.inputs.seen, batch.together
    R_first = together.R_first_from_camera.flatten(0, 1)[:, None, None]
    by_rig = _unit(fused(R_first @ R, told, seen, together))
    joints = _limbs(by_rig, told, batch)
    off = (joints - truth[:, 0]).norm(dim=-1)
    pelvis = R[:, :, :1]
    upright = _unit(fused(pelvis.mT @ R, told, seen, together)).repeat_interleave(together.views, 0)
    of_each = together.by_take(_limbs(pelvis @ upright, told, batch)) - truth
    counts = together.by_take(seen)[..., None] + 1e-6
    without = (of_each.norm(dim=-1) * counts).sum(1) / counts.sum(1)
    return torch.where(together.known[:, None, None], off, without)


def _in_camera(told: LifterOutputs) -> Tensor:
    return told.R_person_from_camera.mT[:, :, None] @ told.R_person_from_joint


def _limbs(R_frame_from_joint: Tensor, told: LifterOutputs, batch: TakeBatch) -> Tensor:
    """About the hips, [N, T, 12, 3] m; N rows or takes, whose bones are the mean over views."""
    size = batch.batch.bodies.height_m / told.height_m
    rest = size[:, None, None] * told.rest_joints
    rest = batch.together.by_take(rest).mean(1)
    if len(R_frame_from_joint) != len(rest):
        rest = rest.repeat_interleave(batch.together.views, 0)
    return _about_hips(joints_of_orientations(R_frame_from_joint, rest)[:, :, _JOINTS])


def _about_hips(limbs: Tensor) -> Tensor:
    return limbs - limbs[..., _HIP_LIMBS, :].mean(-2, keepdim=True)


def _unit(R: Tensor) -> Tensor:
    U, _, Vt = torch.linalg.svd(R)
    sign = torch.ones_like(U[..., 0, :])
    sign[..., 2] = torch.det(U @ Vt)
    return (U * sign[..., None, :]) @ Vt
