"""Mamba-2's scan in matrix products is the recurrence, in values and gradients, for any length and chunk."""

from __future__ import annotations

import pytest
import torch

from backend.lift.state_space.ssd import ssd
from tests.backend.lift.state_space.plain_scans import plain_ssd, with_gradients, worst_error

HEADS, WIDTH, GROUPS, STATES = 6, 5, 3, 4


def inputs(length: int, groups: int = GROUPS, batch: int = 2) -> list[torch.Tensor]:
    """x, dt, A, B, C, D in float64."""
    chance = torch.Generator().manual_seed(length)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=chance, dtype=torch.float64)

    dt, A = 0.05 * drawn(batch, length, HEADS).exp(), -(1.0 + drawn(HEADS).exp())
    B, C = drawn(batch, length, groups, STATES), drawn(batch, length, groups, STATES)
    return [drawn(batch, length, HEADS, WIDTH), dt, A, B, C, drawn(HEADS)]


def chunked(chunk: int):
    return lambda x, dt, A, B, C, D: ssd(x, dt, A, B, C, chunk, D)


@pytest.mark.parametrize("chunk", (1, 8, 64))
@pytest.mark.parametrize("length", (2, 13, 24, 97))
def test_it_is_the_recurrence_in_values_and_gradients(length, chunk):
    given = inputs(length)
    truth = with_gradients(plain_ssd, given)
    assert worst_error(with_gradients(chunked(chunk), given), truth) < 1e-12
    assert worst_error(with_gradients(chunked(chunk), given, torch.float32), truth) < 1e-5


def test_a_single_step_has_no_past_to_decay():
    given = inputs(1)
    (y, *truth), (found, *gradients) = with_gradients(plain_ssd, given), with_gradients(chunked(32), given)
    torch.testing.assert_close(found, y)
    torch.testing.assert_close(gradients, truth)


@pytest.mark.parametrize("groups", (1, HEADS))
def test_heads_may_share_their_states_inputs_or_have_their_own(groups):
    given = inputs(23, groups)
    assert worst_error(with_gradients(chunked(7), given), with_gradients(plain_ssd, given)) < 1e-12


def test_the_gradient_is_the_slope():
    x, dt, A, B, C, D = (values[:, :5].clone() if values.ndim > 1 else values for values in inputs(5, batch=1))
    leaves = [values.requires_grad_() for values in (x, dt, A, B, C, D)]
    assert torch.autograd.gradcheck(chunked(2), leaves)


def test_three_thousand_steps_neither_overflow_nor_lose_digits_in_float32():
    given = inputs(3_000, batch=1)
    given[1] *= 10.0   # the sum of the decays' logarithms is far below what float32's exponential knows
    truth = with_gradients(plain_ssd, given)
    assert float((given[1] * given[2]).sum(1).max()) < -1_000.0
    assert worst_error(with_gradients(chunked(32), given, torch.float32), truth) < 1e-5


def test_without_a_skip_it_is_the_scan_alone():
    x, dt, A, B, C, D = inputs(9)
    torch.testing.assert_close(ssd(x, dt, A, B, C, 4) + D[:, None] * x, ssd(x, dt, A, B, C, 4, D))
