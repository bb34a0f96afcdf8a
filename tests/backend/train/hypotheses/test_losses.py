"""What a flow is judged by while it learns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from backend.hypotheses.flow import Flow
from backend.train.hypotheses.losses import joints_at, loss_terms
from backend.train.hypotheses.window_batches import WindowBatch, window_batch

from .made_up_windows import TINY, some_windows

NOISE = torch.randn(2, 3, 30, 66, generator=torch.Generator().manual_seed(0))
TIME = torch.rand(2, 3, generator=torch.Generator().manual_seed(1))


class Knows(Flow):
    """A flow that says the velocity from NOISE to the truth, and something more."""

    def __init__(self, batch: WindowBatch, more: Tensor | float = 0.0) -> None:
        super().__init__(TINY)
        self.batch, self.more = batch, more

    def forward(self, y: Tensor, time: Tensor, condition: Tensor) -> Tensor:
        return self.batch.turns[:, None] - NOISE + self.more


@pytest.fixture(scope="module")
def batch() -> WindowBatch:
    return window_batch(some_windows(2), np.arange(2), Flow(TINY), "cpu")


def terms(batch: WindowBatch, more: Tensor | float = 0.0) -> dict[str, float]:
    return {name: float(value) for name, value in loss_terms(Knows(batch, more), batch, NOISE, TIME).items()}


def test_the_truth_costs_nothing(batch: WindowBatch) -> None:
    assert terms(batch) == pytest.approx({"velocity": 0.0, "joints": 0.0}, abs=1e-8)


def test_a_velocity_that_is_off_costs_its_square(batch: WindowBatch) -> None:
    assert terms(batch, 0.5)["velocity"] == pytest.approx(0.25, rel=1e-4) and terms(batch, 0.5)["joints"] > 0.01


def test_frames_that_do_not_count_cost_nothing(batch: WindowBatch) -> None:
    counts, more = batch.counts.clone(), torch.zeros(1, 1, 30, 1)
    counts[:, 20:], more[:, :, 20:] = 0.0, 3.0
    assert terms(replace(batch, counts=counts), more) == pytest.approx({"velocity": 0.0, "joints": 0.0}, abs=1e-8)


def test_joints_that_were_not_recorded_are_held_against_no_velocity(batch: WindowBatch) -> None:
    known, more = batch.known.clone(), torch.zeros(1, 1, 1, 66)
    known[:, 7], more[..., 21:24] = 0.0, 3.0
    assert terms(batch, more)["velocity"] > 0.1
    assert terms(replace(batch, known=known), more)["velocity"] == pytest.approx(0.0, abs=1e-8)


def test_joints_lie_where_the_turned_bones_end(batch: WindowBatch) -> None:
    """A quarter of a turn of all orientations turns the whole body about the pelvis."""
    still = replace(batch, R_view_from_joint=torch.eye(3).expand_as(batch.R_view_from_joint))
    flow, quarter = Flow(TINY), torch.zeros(2, 1, 30, 22, 3)
    quarter[..., 2] = torch.pi / 2.0 / batch.sigma_rad[:, None]
    at_rest = joints_at(flow, still, torch.zeros(2, 1, 30, 66))
    x, y, z = at_rest.unbind(-1)
    turned = joints_at(flow, still, quarter.flatten(-2))
    torch.testing.assert_close(turned, torch.stack([-y, x, z], -1), atol=1e-5, rtol=0)
