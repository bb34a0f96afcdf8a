"""The shipped lifter's lift of somebody whose motion is known, and a small flow with weights by chance."""

from __future__ import annotations

from functools import cache

import torch

from backend.hypotheses.configuration import FlowConfiguration
from backend.hypotheses.flow import Flow
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lift_network import shipped_lifter
from tests.backend.lift.made_up_track import K, reaching_and_stepping

SMALL = FlowConfiguration(width=32, head_width=16, blocks=1, velocity_width=16, velocity_blocks=2, kernel_frames=5)


@cache
def some_lift() -> Lift:
    made_up = reaching_and_stepping()
    return lift_by_network(made_up.track, made_up.body, K, shipped_lifter())


@cache
def some_flow(seed: int = 0) -> Flow:
    """Whose velocities are not small."""
    torch.manual_seed(seed)
    flow = Flow(SMALL)
    with torch.no_grad():
        for values in flow.parameters():
            values.add_(0.1 * torch.randn_like(values))
    return flow.eval().requires_grad_(False)
