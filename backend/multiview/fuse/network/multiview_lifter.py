"""The lifter of several views: a single view's network whose frames meet those of the other views (MV-SSM).

MV-SSM (Chharia et al. 2025) lets state-space blocks scan what projective attention gathers from calibrated views.
Here the tokens of all views of a moment meet by attention, which needs no calibration, before blocks that scan over
time; where a rig is known or found, the views' relative turns and triangulated landmarks enter. Views alone are
told exactly what the single view's network tells.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import Begun, Lifter, LifterOutputs
from backend.multiview.fuse.network.meeting import MeetingConfiguration, Meetings
from backend.multiview.fuse.network.others import Others, others_of
from backend.multiview.fuse.network.together import Together


class MultiviewLifter(nn.Module):
    """LifterInputs of M V rows, and which of them belong together, to LifterOutputs of each view."""

    def __init__(self, single: Lifter, wanted: MeetingConfiguration | None = None) -> None:
        super().__init__()
        self.single = single.eval().requires_grad_(False)
        self.meetings = Meetings(single.wanted.width, wanted or MeetingConfiguration())

    def forward(self, inputs: LifterInputs, together: Together) -> LifterOutputs:
        with torch.no_grad():
            begun = self.single.begun(inputs)
            alone = self.single.ended(self._scanned(begun.tokens), begun)
            if together.views == 1:
                return alone
            others = others_of(alone, begun.view, inputs, together)
        return self._met(begun, others, together)

    def _met(self, begun: Begun, others: Others, together: Together) -> LifterOutputs:
        x = together.by_take(begun.tokens) + self.meetings.entered(others)
        for number, block in enumerate(self.single.frame_blocks):
            x = self.meetings.met(x, number, others)
            x = together.by_take(block(x.flatten(0, 1)))
        return self.single.ended(x.flatten(0, 1), begun, self.meetings.told(self.single.norm(x), others))

    def _scanned(self, x: Tensor) -> Tensor:
        for block in self.single.frame_blocks:
            x = block(x)
        return x
