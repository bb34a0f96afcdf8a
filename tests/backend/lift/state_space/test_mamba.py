"""The Mamba layer beside its definition written out, and what a causal layer may know."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from backend.lift.state_space.mamba import Mamba
from tests.backend.lift.state_space.plain_scans import plain_selective_scan, with_gradients, worst_error

WIDTH, STATES, RANK = 20, 5, 3
NAMES = ("in_proj.weight", "conv1d.weight", "conv1d.bias", "x_proj.weight", "dt_proj.weight", "dt_proj.bias", "A_log",
         "D", "out_proj.weight")  # fmt: skip


@pytest.fixture
def layer() -> Mamba:
    torch.manual_seed(3)
    layer = Mamba(WIDTH, STATES, conv_width=4, expand=2, dt_rank=RANK)
    with torch.no_grad():
        for values in layer.parameters():
            values += 0.1 * torch.randn_like(values)
    return layer


def written_out(u: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
    """mamba_ssm's Mamba as its paper defines it, of weights in the order of NAMES."""
    in_proj, conv, conv_bias, x_proj, dt_proj, dt_bias, A_log, D, out_proj = weights
    x, z = (u @ in_proj.T).chunk(2, -1)
    x = functional.silu(functional.conv1d(x.mT, conv, conv_bias, padding=3, groups=len(conv)).mT[:, : u.shape[1]])
    step, B, C = (x @ x_proj.T).split([RANK, STATES, STATES], -1)
    y = plain_selective_scan(x, functional.softplus(step @ dt_proj.T + dt_bias), -A_log.exp(), B, C, D)
    return (y * functional.silu(z)) @ out_proj.T


def of_weights(layer: Mamba):
    def form(u: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(layer, dict(zip(NAMES, weights, strict=True)), (u,))

    return form


@pytest.mark.parametrize("length", (1, 2, 3, 17))
def test_it_is_what_its_paper_defines_in_values_and_gradients(layer, length):
    given = [torch.randn(3, length, WIDTH), *(layer.state_dict()[name] for name in NAMES)]
    truth, found = with_gradients(written_out, given), with_gradients(of_weights(layer), given)
    torch.testing.assert_close(found, truth, rtol=1e-10, atol=1e-11)


def test_float32_keeps_five_digits(layer):
    given = [torch.randn(3, 40, WIDTH), *(layer.state_dict()[name] for name in NAMES)]
    truth = with_gradients(written_out, given)
    assert worst_error(with_gradients(of_weights(layer), given, torch.float32), truth) < 1e-5


def test_what_comes_later_changes_nothing_before(layer):
    u = torch.randn(2, 40, WIDTH)
    later = u.clone()
    later[:, 21:] += 1.0
    torch.testing.assert_close(layer(later)[:, :21], layer(u)[:, :21], rtol=0.0, atol=1e-6)
    assert (layer(later)[:, 21] - layer(u)[:, 21]).abs().max() > 1e-3


def test_decays_start_at_the_whole_numbers_and_steps_between_a_thousandth_and_a_tenth():
    layer = Mamba(64)
    torch.testing.assert_close(layer.A_log.exp(), torch.arange(1.0, 17.0).expand(128, 16))
    steps = functional.softplus(layer.dt_proj.bias)
    assert 0.99e-3 < steps.min() < 3e-3 and 0.03 < steps.max() < 0.101
    assert layer.dt_proj.weight.abs().max() <= layer.dt_proj.in_features**-0.5
