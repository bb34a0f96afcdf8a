"""Sizes of the peers with attention, as their papers round them, and what reaches what."""

import pytest
import torch

from bench.peers import mixste, motion_agformer
from bench.peers.attention import Attention
from bench.peers.mixste import MixSte
from bench.peers.motion_agformer import FrameGraph, MotionAgFormer


@pytest.mark.parametrize("make, millions", [(MotionAgFormer, 11.7), (MixSte, 33.8)])
def test_they_are_as_large_as_the_published_ones(make, millions):
    count = sum(values.numel() for values in make().parameters())
    assert round(count / 1e6, 1) == millions


@pytest.mark.parametrize("make, module, depth", [
    (MotionAgFormer, motion_agformer, "LAYERS"), (MixSte, mixste, "PAIRS")])  # fmt: skip
def test_every_keypoint_reaches_every_place(monkeypatch, make, module, depth):
    torch.manual_seed(0)
    monkeypatch.setattr(module, depth, 1)
    monkeypatch.setattr(motion_agformer, "_LAYER_SCALE", 1.0)
    keypoints = torch.randn(1, 6, 17, 3, requires_grad=True)
    network = make(6).eval()
    places = network(keypoints)
    assert places.shape == (1, 6, 17, 3)
    places[0, 2, 5].sum().backward()
    assert (keypoints.grad.abs().sum(-1) > 0).all()


def test_attention_is_its_formula():
    torch.manual_seed(1)
    layer = Attention(8, 2, True).double()
    tokens = torch.randn(3, 5, 8, dtype=torch.double)
    q, k, v = (tokens @ layer.qkv.weight.T + layer.qkv.bias).chunk(3, -1)
    heads = [torch.softmax(q[..., part] @ k[..., part].mT / 2, -1) @ v[..., part] for part in (slice(4), slice(4, 8))]
    torch.testing.assert_close(layer(tokens), layer.proj(torch.cat(heads, -1)))


def test_frames_are_linked_to_the_two_most_like_them():
    tokens = torch.zeros(1, 1, 3, motion_agformer.WIDTH)
    tokens[0, 0, :, 0], tokens[0, 0, :, 1] = torch.tensor([3.0, 2.9, 0.1]), torch.tensor([0.0, 0.5, 2.0])
    graph, linked = FrameGraph(3).eval(), []
    graph.convolved = lambda tokens, links: linked.append(links) or tokens
    graph(tokens)
    assert (linked[0][0, 0] > 0).tolist() == [[True, True, False], [True, True, False], [False, True, True]]
