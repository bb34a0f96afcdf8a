"""Small lifters with weights of chance, and inputs as a detector might make them."""

from __future__ import annotations

import torch

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lift_network import inputs_of_row
from backend.lift.network.lifter import Lifter
from backend.lift.network.sampling import rows_of
from backend.track.tracks import Track

from ..made_up_track import K, reaching_and_stepping

SMALL = LifterConfiguration(joint_width=8, width=32, blocks=2)


def some_lifter(wanted: LifterConfiguration = SMALL) -> Lifter:
    """Untrained, with heads that say something."""
    torch.manual_seed(5)
    lifter = Lifter(wanted).eval().requires_grad_(False)
    for head in lifter.heads.values():
        torch.nn.init.normal_(head.bias, std=0.5)
    return lifter


def some_inputs(frames: int = 20, track: Track | None = None) -> LifterInputs:
    """One clip of somebody who is seen without error."""
    track = track or reaching_and_stepping(frames=frames).track
    (row,) = rows_of(len(track.times_s), 30.0)
    return inputs_of_row(track, K, row, "cpu")
