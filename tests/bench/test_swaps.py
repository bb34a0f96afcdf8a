"""The bench of exchanged sides counts what it injected and what became of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backend.train.views import SimulatedDetections, Views
from bench.swaps import case_of, figures_of, injected_runs
from tests.backend.track.made_up_people import STANDING


def seen_truly(turn_deg_s: float, count: int = 60, rate: float = 30.0) -> tuple[Views, SimulatedDetections]:
    """A stiff person four metres ahead who turns, and a detector without errors."""
    front = np.zeros(33)
    front[[0, 31, 32]] = -0.1
    rest = torch.from_numpy(1.7 * np.stack([STANDING[:, 0], STANDING[:, 1], front], -1)).float()
    angle = torch.deg2rad(torch.tensor(turn_deg_s)) * torch.arange(count) / rate
    cos, sin = angle.cos()[:, None], angle.sin()[:, None]
    points = torch.stack([cos * rest[:, 0] + sin * rest[:, 2], rest[:, 1].expand(count, 33),
                          cos * rest[:, 2] - sin * rest[:, 0]], -1)  # fmt: skip
    truth = (points + torch.tensor([0.0, 0.0, 4.0]))[None]
    K = torch.tensor([[[500.0, 0, 320], [0, 500, 240], [0, 0, 1]]])
    views = Views(truth, K, torch.tensor([[640, 480]]), torch.zeros(1, count, 33), torch.tensor([rate]))
    middle = truth[:, :, [23, 24]].mean(2, keepdim=True)
    scores, seen = torch.full((1, count, 33), 0.9), torch.ones(1, count, dtype=torch.bool)
    return views, SimulatedDetections(views.landmarks_px, scores, truth - middle, seen)


@pytest.mark.parametrize("length", [1, 4, 20])
def test_injected_runs_are_as_long_as_asked_and_apart(length):
    runs = injected_runs(np.ones(200, bool), length, np.random.default_rng(1))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], runs.astype(int), [0]])))
    assert (edges[1::2] - edges[::2] == length).all() and length <= runs.sum() <= 20
    assert (np.diff(edges)[1::2] >= 2).all()


def test_clips_too_short_for_a_run_have_none():
    assert not injected_runs(np.ones(9, bool), 5, np.random.default_rng(1)).any()


def test_a_perfect_detector_has_nothing_exchanged_and_nothing_is_spoilt():
    figures = figures_of([case_of(*seen_truly(30.0))])
    assert figures["natural"] == {"frames": "60", "before": 0, "after": 0, "nearer": 0, "farther": 0, "spoilt": 0,
                                  "spoilt fast": None}  # fmt: skip
    assert figures["injected"]["body 5"]["put back"] == 100 and figures["injected"]["body 5"]["spoilt"] == 0


def test_fast_turns_are_told_apart():
    assert not case_of(*seen_truly(150.0)).fast.any() and case_of(*seen_truly(210.0)).fast[:-1].all()


def test_exchanges_of_the_detector_are_counted_and_put_back():
    views, said = seen_truly(30.0)
    other = np.arange(33)
    other[11:] = other[11:].reshape(-1, 2)[:, ::-1].ravel()
    for places in (said.landmarks_px, said.landmarks_camera):
        places[:, 20:26] = places[:, 20:26][:, :, other]
    natural = figures_of([case_of(views, said)])["natural"]
    assert (natural["before"], natural["after"], natural["nearer"], natural["farther"]) == (10, 0, 10, 0)
