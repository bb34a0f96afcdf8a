"""The Mamba-2 layer beside its definition written out, and what a causal layer may know."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from backend.lift.state_space import mamba2
from backend.lift.state_space.mamba2 import Mamba2
from tests.backend.lift.state_space.plain_scans import plain_ssd, with_gradients, worst_error

SIZES = dict(width=24, state_size=5, conv_width=4, expand=2, head_width=8, groups=3, chunk=8)
NAMES = ("in_proj.weight", "conv1d.weight", "conv1d.bias", "dt_bias", "A_log", "D", "norm.weight", "out_proj.weight")


@pytest.fixture
def layer() -> Mamba2:
    torch.manual_seed(3)
    layer = Mamba2(**SIZES)
    with torch.no_grad():
        for values in layer.parameters():
            values += 0.1 * torch.randn_like(values)
    return layer


def written_out(u: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
    """mamba_ssm's Mamba2 as its paper defines it, of weights in the order of NAMES."""
    in_proj, conv, conv_bias, dt_bias, A_log, D, norm, out_proj = weights
    inner, groups, heads = out_proj.shape[1], SIZES["groups"], len(D)
    z, mixed, dt = (u @ in_proj.T).split([inner, len(conv), heads], -1)
    mixed = functional.conv1d(mixed.mT, conv, conv_bias, padding=3, groups=len(conv)).mT[:, : u.shape[1]]
    mixed = functional.silu(mixed)
    x, B, C = mixed.split([inner, *[groups * SIZES["state_size"]] * 2], -1)
    x, B, C = x.unflatten(-1, (heads, -1)), B.unflatten(-1, (groups, -1)), C.unflatten(-1, (groups, -1))
    gated = plain_ssd(x, functional.softplus(dt + dt_bias), -A_log.exp(), B, C, D).flatten(2) * functional.silu(z)
    gated = gated.unflatten(-1, (groups, -1))
    return ((gated / (gated.square().mean(-1, keepdim=True) + 1e-5).sqrt()).flatten(2) * norm) @ out_proj.T


def of_weights(layer: Mamba2):
    def form(u: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(layer, dict(zip(NAMES, weights, strict=True)), (u,))
    return form


@pytest.mark.parametrize("length", (1, 2, 3, 17, 24))
def test_it_is_what_its_paper_defines_in_values_and_gradients(layer, length):
    given = [torch.randn(3, length, SIZES["width"]), *(layer.state_dict()[name] for name in NAMES)]
    truth, found = with_gradients(written_out, given), with_gradients(of_weights(layer), given)
    torch.testing.assert_close(found, truth, rtol=1e-10, atol=1e-11)


def test_float32_keeps_five_digits(layer):
    given = [torch.randn(3, 40, SIZES["width"]), *(layer.state_dict()[name] for name in NAMES)]
    truth = with_gradients(written_out, given)
    assert worst_error(with_gradients(of_weights(layer), given, torch.float32), truth) < 1e-5


def test_what_comes_later_changes_nothing_before(layer):
    u = torch.randn(2, 40, SIZES["width"])
    later = u.clone()
    later[:, 21:] += 1.0
    torch.testing.assert_close(layer(later)[:, :21], layer(u)[:, :21], rtol=0.0, atol=1e-6)
    assert (layer(later)[:, 21] - layer(u)[:, 21]).abs().max() > 1e-3


def test_a_batch_in_parts_is_the_batch(layer, monkeypatch):
    u = torch.randn(5, 11, SIZES["width"])
    whole = layer(u)
    monkeypatch.setattr(mamba2, "_CPU_VALUES", 2 * 11 * 48)
    torch.testing.assert_close(layer(u), whole)


def test_under_autocast_only_the_projections_lose_digits(layer):
    u = torch.randn(2, 30, SIZES["width"])
    with torch.autocast("cpu", torch.bfloat16):
        rounded = layer(u)
    assert rounded.dtype == torch.bfloat16
    torch.testing.assert_close(rounded.float(), layer(u), rtol=0.05, atol=0.02)


def test_steps_start_between_a_thousandth_and_a_tenth():
    steps = functional.softplus(Mamba2(64, head_width=1).dt_bias)
    assert 0.99e-3 < steps.min() < 3e-3 and 0.03 < steps.max() < 0.101
