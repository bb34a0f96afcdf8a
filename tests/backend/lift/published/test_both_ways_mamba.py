"""The scan in both directions."""

import re

import numpy as np
import torch

from backend.lift.published.both_ways_mamba import BothWaysMamba
from backend.lift.published.skeleton17 import HUMAN36M


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


def silu(values):
    return values / (1 + np.exp(-values))


def one_way_in_numpy(x, z, state, back):
    """Convolution, recurrence and gate of [L, D], as Gu and Dao 2023 write them."""
    weight, bias = state[f"conv1d{back}.weight"][:, 0], state[f"conv1d{back}.bias"]
    padded = np.concatenate([np.zeros((3, x.shape[1])), x])
    x = silu(np.stack([(padded[t : t + 4].T * weight).sum(1) + bias for t in range(len(x))]))
    A, h, outputs = -np.exp(state[f"A{back}_log"]), np.zeros((x.shape[1], 16)), []
    for x_t in x:
        low, B, C = np.split(state[f"x_proj{back}.weight"] @ x_t, [1, 17])
        dt = np.log1p(np.exp(state[f"dt_proj{back}.weight"] @ low + state[f"dt_proj{back}.bias"]))
        h = np.exp(dt[:, None] * A) * h + (dt * x_t)[:, None] * B
        outputs.append(h @ C + state[f"D{back}"] * x_t)
    return np.stack(outputs) * silu(z)


def test_the_layer_is_the_mean_of_two_recurrences():
    torch.manual_seed(4)
    layer = BothWaysMamba(8).double()
    torch.nn.init.normal_(layer.D_b)
    state = {name: values.numpy() for name, values in layer.state_dict().items()}
    tokens = torch.randn(1, 7, 8, dtype=torch.double)
    x, z = np.split(tokens[0].numpy() @ state["in_proj.weight"].T, 2, axis=1)
    there = one_way_in_numpy(x, z, state, "")
    back = one_way_in_numpy(x[::-1], z[::-1], state, "_b")[::-1]
    expected = (there + back) / 2 @ state["out_proj.weight"].T
    np.testing.assert_allclose(layer(tokens)[0].detach().numpy(), expected, rtol=1e-5, atol=1e-7)


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
    layer = BothWaysMamba(8, graph=HUMAN36M).eval()
    state = layer.state_dict()
    layer.load_state_dict({name: state[re.sub(r"_b(?=[._]|$)", "", name)] for name in state})
    numbered_back = BothWaysMamba(8, graph=HUMAN36M).eval()
    numbered_back.load_state_dict(layer.state_dict())
    numbered_back.gcn.adjacency, numbered_back.gcn_b.adjacency = layer.gcn_b.adjacency, layer.gcn.adjacency
    tokens = torch.randn(2, 17, 8)
    torch.testing.assert_close(numbered_back(tokens.flip(1)).flip(1), layer(tokens))
