"""Noise that makes motions of poses."""

from __future__ import annotations

import torch

from backend.hypotheses.noise import LASTING_SHARE, VARIES_OVER_FRAMES, slow_noise


def some(count: int = 400, frames: int = 150, seed: int = 1) -> torch.Tensor:
    return slow_noise(count, frames, 4, torch.Generator().manual_seed(seed))


def test_every_frame_has_variance_one_and_mean_zero() -> None:
    noise = some()
    torch.testing.assert_close(noise.var((0, 2)), torch.ones(150), atol=0.15, rtol=0.0)
    assert noise.mean((0, 2)).abs().max() < 0.15


def test_far_apart_only_the_lasting_part_is_shared() -> None:
    noise = some()
    shared = (noise[:, 0] * noise[:, -1]).mean()
    assert abs(float(shared) - LASTING_SHARE) < 0.1


def test_it_changes_little_from_frame_to_frame() -> None:
    """A Gaussian of sigma s leaves noise whose steps have the variance 1 / (2 s^2)."""
    steps = some().diff(dim=1).square().mean()
    wanted = (1.0 - LASTING_SHARE) / (2.0 * VARIES_OVER_FRAMES**2)
    assert abs(float(steps) / wanted - 1.0) < 0.1


def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    assert torch.equal(some(3), some(3)) and not torch.equal(some(3), some(3, seed=2))
