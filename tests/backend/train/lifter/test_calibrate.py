from __future__ import annotations

import math

import pytest
import torch

from backend.lift.network.lifter import Lifter
from backend.train.batches import Batch
from backend.train.lifter.calibrate import COVERED, calibrate, squared_over_variance

from .made_up_training import some_batch, tiny_lifter

DIMENSIONS = {"rotation_doubt": 3, "across": 2, "along": 1, "down_doubt": 2, "bias_doubt": 2}


def covered(lifter: Lifter, batch: Batch) -> dict[str, float]:
    """Which share of errors lies inside of the region that is promised for COVERED of them."""
    generator = torch.Generator().manual_seed(0)
    shares = {}
    for name, values in squared_over_variance(lifter, batch).items():
        drawn = torch.randn(200_000, DIMENSIONS[name], generator=generator).square().sum(1)
        shares[name] = float((values <= drawn.quantile(COVERED)).float().mean())
    return shares


@torch.no_grad()
def test_what_is_promised_for_nine_in_ten_then_holds_for_nine_in_ten():
    lifter, batch = tiny_lifter(), some_batch()
    assert any(abs(share - COVERED) > 0.05 for share in covered(lifter, batch).values())
    calibrate(lifter, [batch])
    assert covered(lifter, batch) == pytest.approx(dict.fromkeys(DIMENSIONS, COVERED), abs=0.01)


@torch.no_grad()
def test_a_second_time_changes_nothing():
    lifter, batch = tiny_lifter(), some_batch()
    calibrate(lifter, [batch])
    again = calibrate(lifter, [batch])
    assert all(math.isclose(shift, 0.0, abs_tol=1e-3) for shift in again.values())
