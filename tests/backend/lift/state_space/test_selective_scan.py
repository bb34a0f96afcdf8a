"""Mamba's scan with its own backward pass is the recurrence, in values and gradients, for any length."""

from __future__ import annotations

import pytest
import torch

from backend.lift.state_space.selective_scan import selective_scan
from tests.backend.lift.state_space.plain_scans import plain_selective_scan, with_gradients, worst_error

CHANNELS, STATES = 6, 5


def inputs(length: int, batch: int = 2) -> list[torch.Tensor]:
    """u, dt, A, B, C, D in float64."""
    chance = torch.Generator().manual_seed(length)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=chance, dtype=torch.float64)

    dt, A = 0.05 * drawn(batch, length, CHANNELS).exp(), -drawn(CHANNELS, STATES).exp()
    return [drawn(batch, length, CHANNELS), dt, A, drawn(batch, length, STATES), drawn(batch, length, STATES),
            drawn(CHANNELS)]  # fmt: skip


@pytest.mark.parametrize("length", (2, 13, 64, 97))
def test_it_is_the_recurrence_in_values_and_gradients(length):
    given = inputs(length)
    truth = with_gradients(plain_selective_scan, given)
    assert worst_error(with_gradients(selective_scan, given), truth) < 1e-12
    assert worst_error(with_gradients(selective_scan, given, torch.float32), truth) < 1e-5


def test_a_single_step_has_no_past_to_decay():
    given = inputs(1)
    torch.testing.assert_close(with_gradients(selective_scan, given), with_gradients(plain_selective_scan, given))


def test_the_gradient_is_the_slope():
    leaves = [values.requires_grad_() for values in inputs(4, batch=1)]
    assert torch.autograd.gradcheck(selective_scan, leaves, fast_mode=True)


def test_without_gradients_it_says_the_same():
    given = inputs(31)
    with torch.no_grad():
        torch.testing.assert_close(selective_scan(*given), plain_selective_scan(*given))


def test_three_thousand_steps_neither_overflow_nor_lose_digits_in_float32():
    given = inputs(3_000, batch=1)
    truth = plain_selective_scan(*given)
    found = selective_scan(*(values.float() for values in given))
    assert worst_error([found], [truth]) < 1e-5
