"""The scan in both directions."""

import re

import torch

from backend.lift.published.both_ways_mamba import BothWaysMamba


def alike_both_ways(width):
    """A layer whose backward parameters are its forward ones."""
    layer = BothWaysMamba(width)
    state = layer.state_dict()
    layer.load_state_dict({name: state[re.sub(r"_b(?=[._]|$)", "", name)] for name in state})
    return layer


def test_with_the_same_parameters_both_ways_reversed_input_gives_reversed_output():
    torch.manual_seed(1)
    layer = alike_both_ways(16)
    tokens = torch.randn(2, 9, 16)
    torch.testing.assert_close(layer(tokens.flip(1)), layer(tokens).flip(1))


def test_every_token_reaches_every_other():
    torch.manual_seed(2)
    layer = BothWaysMamba(8)
    tokens = torch.randn(1, 6, 8, requires_grad=True)
    for place in range(6):
        gradient = torch.autograd.grad(layer(tokens)[0, place].sum(), tokens)[0]
        assert (gradient.abs().amax(-1) > 0).all()


def test_the_graph_is_mirrored_for_the_way_back():
    """With equal parameters both ways, joints numbered from the last give outputs numbered from the last."""
    torch.manual_seed(3)
    layer = BothWaysMamba(8, graph=True).eval()
    state = layer.state_dict()
    layer.load_state_dict({name: state[re.sub(r"_b(?=[._]|$)", "", name)] for name in state})
    numbered_back = BothWaysMamba(8, graph=True).eval()
    numbered_back.load_state_dict(layer.state_dict())
    numbered_back.gcn.adjacency, numbered_back.gcn_b.adjacency = layer.gcn_b.adjacency, layer.gcn.adjacency
    tokens = torch.randn(2, 17, 8)
    torch.testing.assert_close(numbered_back(tokens.flip(1)).flip(1), layer(tokens))
