"""A flow learns."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from backend.hypotheses.weights import read_flow
from backend.train.hypotheses.trainer import FLOW_FILE, LOG_FILE, FlowBatches, FlowTraining
from backend.train.hypotheses.window_batches import window_batches
from backend.train.train_settings import TrainSettings
from motion.refusal import Refusal

from .made_up_windows import TINY, some_windows, tiny_flow

SETTINGS = TrainSettings(steps=50, rate=8e-3, warm_up_steps=5, mean_decay=0.9, every=25)
BATCHES = FlowBatches(windows=6, samples=2, frames=20)


def some_training(folder: Path, settings: TrainSettings = SETTINGS, batches: FlowBatches = BATCHES) -> FlowTraining:
    windows = some_windows(60)
    flow = tiny_flow(windows)
    validation = window_batches(some_windows(6, 20, seed=1), 6, 6, flow, "cpu")
    return FlowTraining(flow, [windows, some_windows(8, seed=2)], validation, settings, batches, folder)


def weights_of(training: FlowTraining) -> dict[str, torch.Tensor]:
    return {name: values.clone() for name, values in training.flow.state_dict().items()}


def test_a_few_steps_bring_samples_nearer_to_the_truth_than_the_lift(tmp_path: Path) -> None:
    told: list[str] = []
    figures = some_training(tmp_path).run(told.append)
    first, *_, last = (json.loads(line) for line in (tmp_path / LOG_FILE).read_text().splitlines())
    assert [line.split(",")[0] for line in told] == ["step 0", "step 25", "step 50"] and last == figures
    assert last["velocity"] < first["velocity"] and last["energy_mm"] < first["energy_mm"]
    assert last["mean_mm"] < 0.85 * last["lift_mm"]


def test_what_is_written_is_a_flow_that_can_be_asked(tmp_path: Path) -> None:
    training = some_training(tmp_path, replace(SETTINGS, steps=2))
    training.run(lambda line: None)
    flow = read_flow(tmp_path / FLOW_FILE)
    assert flow.wanted == TINY
    torch.testing.assert_close(flow.turn_spread, training.flow.turn_spread)


def test_the_same_seed_learns_the_same(tmp_path: Path) -> None:
    one, other = (some_training(tmp_path, replace(SETTINGS, steps=3)) for _ in range(2))
    for training in (one, other):
        training.run(lambda line: None)
    assert all(torch.equal(values, weights_of(other)[name]) for name, values in weights_of(one).items())


def test_real_detections_are_taken_by_their_share(tmp_path: Path) -> None:
    training = some_training(tmp_path, batches=replace(BATCHES, windows=1))
    training.windows = [replace(each, numbers=0.0 * each.numbers + number)
                        for number, each in enumerate(training.windows)]  # fmt: skip
    taken = []
    for training.step in range(200):
        taken.append(float(training._drawn()[0].numbers[0, 0, 0]))
    assert sum(taken) / 200 == pytest.approx(BATCHES.bank_share, abs=0.08)


def test_a_batch_whose_gradient_is_not_finite_teaches_nothing(tmp_path: Path) -> None:
    training = some_training(tmp_path)
    before = weights_of(training)
    training.windows = [replace(each, numbers=math.nan * each.numbers) for each in training.windows]
    training.learn(0.0)
    assert all(torch.equal(values, before[name]) for name, values in weights_of(training).items())


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / LOG_FILE).mkdir()
    with pytest.raises(Refusal, match=LOG_FILE):
        some_training(tmp_path).run(lambda line: None)
