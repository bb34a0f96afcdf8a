from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.frames import Attention, BothWays, FrameBlock, rotary

SMALL = LifterConfiguration(width=32, state_size=4, head_width=16, blocks=1)


def touched(mixing: torch.nn.Module, frames: int, changed: int) -> torch.Tensor:
    """[frames] whether what comes out of each changes with one frame of what goes in."""
    torch.manual_seed(5)
    u = torch.randn(1, frames, SMALL.width)
    other = u.clone()
    other[:, changed] += 1.0
    return (mixing(other) - mixing(u)).abs().amax((0, 2)) > 1e-7


def test_every_frame_hears_of_every_other():
    assert touched(BothWays(SMALL), 11, 5).all()


def test_in_one_direction_only_what_comes_later_hears():
    heard = touched(BothWays(replace(SMALL, both_directions=False)), 11, 5)
    assert not heard[:5].any() and heard[5:].all()


def test_a_clip_backwards_through_exchanged_scans_comes_out_backwards():
    both, exchanged, u = BothWays(SMALL), BothWays(SMALL), torch.randn(2, 7, SMALL.width)
    exchanged.scans[0].load_state_dict(both.scans[1].state_dict())
    exchanged.scans[1].load_state_dict(both.scans[0].state_dict())
    torch.testing.assert_close(exchanged(u.flip(1)).flip(1), both(u))


def test_attention_reaches_sixty_frames_either_way():
    heard = touched(Attention(SMALL.width), 150, 75)
    assert heard[15:136].all() and not heard[:15].any() and not heard[136:].any()


def test_rotary_positions_tell_only_how_far_frames_are_apart():
    x, y = torch.randn(1, 16), torch.randn(1, 16)
    products = [(rotary(x, torch.tensor([start])) * rotary(y, torch.tensor([start + 7]))).sum() for start in (0, 40)]
    torch.testing.assert_close(*products)


@pytest.mark.parametrize("over_time", ["scan", "attention"])
def test_blocks_take_a_single_frame(over_time):
    assert FrameBlock(replace(SMALL, over_time=over_time))(torch.randn(2, 1, SMALL.width)).isfinite().all()
