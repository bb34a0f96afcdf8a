"""The peer's size, and its way of seeing frames."""

import pytest
import torch

from bench.peers import gvhmr
from bench.peers.gvhmr import Gvhmr, near_frames, rotary_angles, turned


def test_it_is_as_large_as_the_published_one():
    network = Gvhmr()
    assert sum(values.numel() for values in network.parameters()) == 40_852_256
    assert sum(values.numel() for values in network.blocks[0].parameters()) == 3_153_408


def test_frames_see_sixty_before_and_after_and_the_ends_as_many():
    near = near_frames(243)
    assert (near.sum(1) == 120).all()
    assert near[100].nonzero().flatten().tolist() == list(range(40, 160))
    assert near[3].nonzero().flatten().tolist() == list(range(120))
    assert near[240].nonzero().flatten().tolist() == list(range(123, 243))
    assert near_frames(120) is None


def test_likeness_of_turned_channels_depends_on_how_far_frames_are_apart():
    torch.manual_seed(0)
    q, k = torch.randn(2, 1, 1, 1, 64, dtype=torch.double)
    angles = rotary_angles(9)
    likeness = turned(q.expand(-1, -1, 9, -1), angles) @ turned(k.expand(-1, -1, 9, -1), angles).mT
    torch.testing.assert_close(likeness[0, 0, 1:, 1:], likeness[0, 0, :-1, :-1], rtol=1e-4, atol=1e-4)
    assert (likeness[0, 0, 1, 0] - likeness[0, 0, 0, 1]).abs() > 1e-3


@pytest.mark.parametrize("frames", [5, 130])
def test_it_runs_on_short_and_long_clips(monkeypatch, frames):
    monkeypatch.setattr(gvhmr, "BLOCKS", 1)
    outputs = Gvhmr()(*(torch.rand(1, frames, *size) for size in ((17, 3), (3,), (6,), (1024,))))
    assert [tuple(each.shape) for each in outputs] == [(1, frames, 151), (1, frames, 3), (1, frames, 6)]
