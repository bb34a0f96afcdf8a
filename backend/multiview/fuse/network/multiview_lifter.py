"""The lifter of several views: a single view's network whose frames meet those of the other views (MV-SSM).

MV-SSM (Chharia et al. 2025) lets state-space blocks scan what projective attention gathers from calibrated views.
Here the tokens of all views of a moment meet by attention, which needs no calibration, before blocks that scan over
time; where a rig is known or found, the views' relative turns and triangulated landmarks enter. Views alone are
told exactly what the single view's network tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import Begun, Lifter, LifterOutputs
from backend.multiview.fuse.network.meeting import MeetingConfiguration, Meetings
from backend.multiview.fuse.network.others import Others, others_of
from backend.multiview.fuse.network.together import Together


@dataclass(frozen=True, eq=False)
class Alone:
    """Views before they meet."""

    begun: Begun
    tokens: Tensor          # [B, T, width] before the first block over time before which they meet
    told: LifterOutputs
    others: Others


class MultiviewLifter(nn.Module):
    """LifterInputs of M V rows, and which of them belong together, to LifterOutputs of each view."""

    def __init__(self, single: Lifter, wanted: MeetingConfiguration | None = None) -> None:
        super().__init__()
        self.single = single.eval().requires_grad_(False)
        self.meetings = Meetings(single.wanted.width, wanted or MeetingConfiguration())

    def forward(self, inputs: LifterInputs, together: Together) -> LifterOutputs:
        alone = self.alone(inputs, together)
        return alone.told if together.views == 1 else self.met(alone, together)

    @torch.no_grad()
    def alone(self, inputs: LifterInputs, together: Together) -> Alone:
        """All that does not learn: what every view tells for itself, and what that tells the others."""
        begun = self.single.begun(inputs)
        x = before = begun.tokens
        for number, block in enumerate(self.single.frame_blocks):
            before = x if number == self.meetings.first_block else before
            x = block(x)
        told = self.single.ended(x, begun)
        return Alone(begun, before, told, others_of(told, begun.view, inputs, together))

    def met(self, alone: Alone, together: Together) -> LifterOutputs:
        """What views tell that have met each other."""
        others, first = alone.others, self.meetings.first_block
        x = together.by_take(alone.tokens) + self.meetings.entered(others)
        for number, block in enumerate(self.single.frame_blocks[first:], first):
            x = self.meetings.met(x, number, others)
            x = together.by_take(block(x.flatten(0, 1)))
        more = self.meetings.told(self.single.norm(x), others)
        return self.single.ended(x.flatten(0, 1), alone.begun, more)
