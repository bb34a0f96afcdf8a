"""A bidirectional layer sees past and future alike."""

from __future__ import annotations

import pytest
import torch

from backend.lift.state_space.bidirectional import Bidirectional
from backend.lift.state_space.mamba import Mamba
from backend.lift.state_space.mamba2 import Mamba2

LAYERS = {"mamba": lambda: Mamba(16, state_size=3), "mamba2": lambda: Mamba2(16, state_size=3, head_width=8, chunk=4)}


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_every_step_hears_of_every_other(make):
    torch.manual_seed(5)
    u = torch.randn(1, 11, 16)
    changed = u.clone()
    changed[:, 5] += 1.0
    both = Bidirectional(make(), make())
    assert ((both(changed) - both(u)).abs().amax((0, 2)) > 1e-7).all()


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_a_clip_backwards_through_exchanged_layers_comes_out_backwards(make):
    torch.manual_seed(5)
    there, back, u = make(), make(), torch.randn(2, 7, 16)
    turned = Bidirectional(back, there)(u.flip(1)).flip(1)
    torch.testing.assert_close(turned, Bidirectional(there, back)(u))
