"""What a flow is judged by while it learns: velocities in units of doubt, and what they do to the joints."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from backend.hypotheses.flow import Flow
from backend.train.hypotheses.turned_joints import matrix_from_vector, turned_joints
from backend.train.hypotheses.window_batches import WindowBatch

# Joints are seen far better across the viewing ray than along it.
_ACROSS_M, _ALONG_M = 0.04, 0.10


@dataclass(frozen=True)
class FlowLossWeights:
    """Of the terms, both of which are about 1 at the beginning."""

    velocity: float = 1.0
    joints: float = 0.3


def loss_terms(flow: Flow, batch: WindowBatch, noise: Tensor, time: Tensor) -> dict[str, Tensor]:
    """Of noise y_0 [B, N, T, 66] and times [B, N]: the mean squared errors of the velocity and of where y_1 would lie.

    The flow's word at time t, followed in a straight line to its end, is the mean of all that y_t can come from. Its
    joints are held against the true ones through the kinematics, on the lifted bones.
    """
    wanted = batch.turns[:, None]
    share = time[..., None, None]
    y = (1.0 - share) * noise + share * wanted
    velocity = flow(y, time, flow.condition(batch.numbers))
    counts = (batch.counts[..., None] * batch.known[:, None]).repeat_interleave(3, -1)[:, None]
    end = y + (1.0 - share) * velocity
    off = joints_at(flow, batch, end) - joints_at(flow, batch, wanted)
    unit = off.new_tensor([_ACROSS_M, _ACROSS_M, _ALONG_M])
    return {
        "velocity": mean((velocity - (wanted - noise)).square(), counts),
        "joints": mean((off / unit).square().mean(-1), batch.counts[:, None, :, None]),
    }


def joints_at(flow: Flow, batch: WindowBatch, y: Tensor) -> Tensor:
    """Joints [B, N, T, 22, 3] m about the pelvis of turns y [B, N, T, 66] in units of doubt."""
    turns_rad = y.unflatten(-1, (-1, 3)) * flow.sigma_rad(batch.sigma_rad)[:, None]
    R = matrix_from_vector(turns_rad) @ batch.R_view_from_joint[:, None]
    return turned_joints(R, batch.bones_m)


def mean(values: Tensor, counts: Tensor) -> Tensor:
    counts = counts.expand_as(values)
    return (values * counts).sum() / counts.sum().clamp(min=1e-6)
