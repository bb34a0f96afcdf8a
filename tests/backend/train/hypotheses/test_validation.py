"""Figures of samples whose errors are known."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from backend.train.hypotheses.validation import sample_figures

WINDOWS, FRAMES = 2, 6


def placed_mm(offsets: Tensor) -> Tensor:
    """Samples [B, N, T, 22, 3] of which all joints lie at offsets [N] or [N, T] along x."""
    x = offsets.reshape(len(offsets), -1).expand(-1, FRAMES)
    points = torch.zeros(WINDOWS, len(offsets), FRAMES, 22, 3)
    points[..., 0] = x[None, :, :, None]
    return points


def figures(samples: Tensor, counts: Tensor | None = None) -> dict[str, float]:
    """Of a truth at 0 and a lift 30 mm beside it."""
    truth = torch.zeros(WINDOWS, FRAMES, 22, 3)
    return sample_figures(samples, truth, truth + torch.tensor([0.0, 30.0, 0.0]),
                          torch.ones(WINDOWS, FRAMES) if counts is None else counts)  # fmt: skip


def test_samples_on_both_sides_of_the_truth_have_it_for_their_mean() -> None:
    told = figures(placed_mm(torch.tensor([10.0, -10.0] * 10)))
    assert told["lift_mm"] == pytest.approx(30.0) and told["sample_mm"] == pytest.approx(10.0)
    assert told["mean_mm"] == pytest.approx(0.0, abs=1e-4) and told["best_mm"] == pytest.approx(10.0)
    assert told["coverage"] == 1.0


def test_the_best_frames_are_better_than_the_best_window() -> None:
    early = torch.tensor([0.0] * 3 + [12.0] * 3)
    told = figures(placed_mm(torch.stack([early, early.flip(0)])))
    assert told["best_mm"] == pytest.approx(6.0) and told["best_frame_mm"] == pytest.approx(0.0, abs=1e-4)


def test_the_energy_score_is_the_error_less_half_of_how_far_samples_lie_apart() -> None:
    assert figures(placed_mm(torch.tensor([8.0, 4.0])))["energy_mm"] == pytest.approx(6.0 - 0.5 * 4.0)


def test_frames_that_do_not_count_are_not_judged() -> None:
    counts = torch.ones(WINDOWS, FRAMES)
    counts[:, 3:] = 0.0
    early = torch.tensor([0.0] * 3 + [12.0] * 3)
    told = figures(placed_mm(torch.stack([early, early])), counts)
    assert told["sample_mm"] == told["best_mm"] == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize(("truth_over_samples", "inside"), [(1.0, 0.9), (3.0, 0.126)])
def test_coverage_is_nine_in_ten_where_samples_are_as_wide_as_the_truth(
    truth_over_samples: float, inside: float
) -> None:
    generator = torch.Generator().manual_seed(0)
    samples = torch.randn(2, 200, 40, 22, 3, generator=generator)
    truth = truth_over_samples * torch.randn(2, 40, 22, 3, generator=generator)
    told = sample_figures(samples, truth, truth, torch.ones(2, 40))
    assert told["coverage"] == pytest.approx(inside, abs=0.04)
