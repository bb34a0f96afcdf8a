"""In which units a flow learns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.train.hypotheses.window_batches import fit_units, white_turns, window_batch, window_batches

from .made_up_windows import SIGMA_RAD, some_windows, tiny_flow


def test_numbers_are_told_about_their_mean_in_their_spread() -> None:
    windows = some_windows(20)
    windows = replace(windows, numbers=5.0 + 3.0 * windows.numbers)
    flow = tiny_flow(windows)
    white = (torch.from_numpy(windows.numbers).float() - flow.number_mean) / flow.number_spread
    torch.testing.assert_close(white.mean((0, 1)), torch.zeros(white.shape[-1]), atol=1e-3, rtol=0)
    assert 0.9 < float(white.std((0, 1)).mean()) < 1.0


def test_what_does_not_count_has_no_say_in_the_units() -> None:
    windows = some_windows(4)
    flow, counts = tiny_flow(windows), np.array(windows.counts)
    beyond = some_windows(4, seed=9)
    longer = replace(windows, **{name: np.concatenate([getattr(windows, name), 100.0 * getattr(beyond, name)], axis=1)
                                 for name in ("numbers", "turn_rad")},
                     **{name: np.concatenate([getattr(windows, name)] * 2, axis=1)
                        for name in ("R_view_from_joint", "sigma_rad", "sigma_joint_m")},
                     counts=np.concatenate([counts, 0.0 * counts], axis=1))  # fmt: skip
    before = flow.number_mean.clone(), flow.turn_spread.clone()
    fit_units(flow, longer)
    torch.testing.assert_close((flow.number_mean, flow.turn_spread), before)


def test_turns_are_of_unit_size_in_the_flows_own_unit() -> None:
    windows = some_windows(200)
    flow = tiny_flow(windows)
    batch = window_batch(windows, np.arange(200), flow, "cpu")
    torch.testing.assert_close(batch.turns.std((0, 1)), torch.ones(66), atol=0.05, rtol=0)


def test_a_turn_is_told_in_doubts() -> None:
    windows = some_windows(3)
    flow = tiny_flow(windows)
    flow.turn_spread.fill_(2.0)
    batch = window_batch(windows, np.array([2, 0]), flow, "cpu")
    wanted = windows.turn_rad[[2, 0]].reshape(2, 30, 66) / (2.0 * SIGMA_RAD)
    np.testing.assert_allclose(batch.turns.numpy(), wanted, atol=1e-5)


@pytest.mark.parametrize(("length", "told"), [(0.0, 0.0), (5.9, 5.9), (6.1, 6.0), (50.0, 6.0)])
def test_far_turns_point_the_same_way_and_count_as_six(length: float, told: float) -> None:
    way = torch.tensor([0.0, 0.6, -0.8])
    white = white_turns((0.5 * length * way).expand(1, 2, 22, 3), torch.tensor(0.5)).unflatten(-1, (22, 3))
    torch.testing.assert_close(white, (told * way).expand(1, 2, 22, 3))


def test_windows_to_validate_on_are_spread_evenly() -> None:
    windows = some_windows(10)
    windows = replace(windows, numbers=windows.numbers * 0.0 + np.arange(10.0)[:, None, None])
    batches = window_batches(windows, 5, 3, tiny_flow(windows), "cpu")
    assert [batch.numbers[:, 0, 0].tolist() for batch in batches] == [[0.0, 2.0, 4.0], [6.0, 8.0]]
