"""Euler's method against flows whose ends are known."""

from __future__ import annotations

import pytest
import torch

from backend.hypotheses.euler import euler

NOISE = torch.randn(2, 3, 5, 4, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("steps", [1, 3, 5])
def test_a_straight_path_ends_where_it_leads_whatever_the_steps(steps: int) -> None:
    target = torch.ones_like(NOISE)
    torch.testing.assert_close(euler(lambda y, time: target - NOISE, NOISE, steps), target)


def test_times_run_from_zero_in_equal_steps() -> None:
    told = []
    euler(lambda y, time: told.append(float(time[0, 0])) or torch.zeros_like(y), NOISE, 4)
    assert told == [0.0, 0.25, 0.5, 0.75]


def test_it_is_of_first_order() -> None:
    """y' = y from 1: (1 + 1/S)^S, whose error from e halves as S doubles."""
    def end(steps: int) -> float:
        return float(euler(lambda y, time: y, torch.ones(1, 1), steps)[0, 0])

    assert end(3) == pytest.approx((4 / 3) ** 3)
    off = [abs(end(steps) - torch.e) for steps in (100, 200)]
    assert off[0] / off[1] == pytest.approx(2.0, rel=0.02)
