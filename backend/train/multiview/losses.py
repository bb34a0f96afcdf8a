"""What a lifter of several views is judged by beyond each view's own losses: the body in which views agree."""

from __future__ import annotations

from torch import Tensor

from backend.lift.network.lifter import LifterOutputs
from backend.multiview.fuse.network.together import Together
from backend.train.bodies import BodyFamily
from backend.train.kinematics import forward_kinematics
from backend.train.lifter.losses import LossWeights, loss_terms, weighted
from backend.train.multiview.take_batches import TakeBatch

_AGREEMENT = 1.0
_EPSILON = 1e-8


def loss(told: LifterOutputs, batch: TakeBatch, family: BodyFamily) -> Tensor:
    """To be learned from."""
    own = weighted(loss_terms(told, batch.batch, batch.inputs.K, family), LossWeights())
    return own + _AGREEMENT * disagreement(told, batch)


def disagreement(told: LifterOutputs, batch: TakeBatch) -> Tensor:
    """How far the mean of all views' orientations, by their certainty, is from the truth in the true cameras' frames.

    What is delivered is that mean; views that are wrong and sure of it spoil it for all.
    """
    R_world_from_camera = batch.batch.cameras.R_camera_from_world.mT[:, :, None]
    R = R_world_from_camera @ (told.R_person_from_camera.mT[:, :, None] @ told.R_person_from_joint)
    R_true, _ = forward_kinematics(batch.batch.R_parent_from_joint, batch.batch.root_camera, batch.batch.rest_joints)
    truth = batch.together.by_take(R_world_from_camera @ R_true)[:, 0]
    mean = fused(R, told, batch.inputs.seen, batch.together)
    off = (mean - truth).square().sum((-1, -2)).add(_EPSILON).sqrt()
    teaching = batch.batch.teaching
    counts = batch.together.by_take(teaching.inside[..., None] * teaching.joints[:, None])[:, 0]
    return (off * counts).sum() / counts.sum().clamp(min=1.0)


def fused(R: Tensor, told: LifterOutputs, seen: Tensor, together: Together) -> Tensor:
    """The mean [M, T, 22, 3, 3] of R [B, T, 22, 3, 3] in one frame, by certainty, of views that see the person."""
    sure = (-told.rotation_log_variance).exp() * (seen[..., None] + 1e-6)
    share = together.by_take(sure)
    share = share / share.sum(1, keepdim=True)
    return (share[..., None, None] * together.by_take(R)).sum(1)
