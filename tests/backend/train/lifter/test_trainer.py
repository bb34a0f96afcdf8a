from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from backend.lift.network.weights import read_lifter
from backend.train.lifter import trainer
from backend.train.lifter.checkpoint import read_checkpoint
from backend.train.lifter.trainer import LIFTER_FILE, LOG_FILE, RESUME_FILE, Batchwise
from backend.train.train_settings import TrainSettings, rate_share
from motion.refusal import Refusal

from .made_up_training import QUICK, TINY, Row, some_batch, some_training

ROOT = Path(__file__).resolve().parents[4]


def quiet(_: str) -> None:
    pass


def weights_of(training: trainer.Training) -> dict[str, torch.Tensor]:
    return {name: values.clone() for name, values in training.lifter.state_dict().items()}


def test_a_few_steps_lower_the_loss(tmp_path):
    training = some_training(tmp_path, settings=replace(QUICK, steps=12, every=100, rate=5e-3))
    training.validation = {"dev": [some_batch(0)]}
    before = training.keep(0.0)["dev"]
    for step in range(12):
        training.learn(some_batch(0), 0.0, step)
    training._mean.restore(weights_of(training))
    after = training.keep(0.9)["dev"]
    for name in ("joints", "landmarks", "reprojection", "orientation"):
        assert after[name] < before[name], name


def test_the_same_seed_learns_the_same(tmp_path):
    one, other = (some_training(tmp_path / name) for name in "ab")
    for training in (one, other):
        training.run(quiet)
    assert all(torch.equal(values, weights_of(other)[name]) for name, values in weights_of(one).items())


def test_the_running_mean_follows_quickly_at_first_and_slowly_later(tmp_path):
    training = some_training(tmp_path, settings=replace(QUICK, mean_decay=0.5))
    for step, keep in ((0, 2 / 11), (1, 3 / 12), (100, 0.5)):
        training.step = step
        before = {name: values.clone() for name, values in training._mean.weights.items()}
        training.learn(some_batch(0), 0.0, 0)
        for name, now in weights_of(training).items():
            expected = keep * before[name] + (1 - keep) * now
            torch.testing.assert_close(training._mean.weights[name], expected, atol=1e-6, rtol=1e-4)


def test_the_rate_rises_stays_and_falls():
    settings = TrainSettings(warm_up_steps=10, constant_share=0.5, last_rate_share=0.02)
    rising = [rate_share(0.0, step, settings) for step in range(10)]
    assert rising[0] == pytest.approx(0.1) and rising[-1] == 1.0 and rising == sorted(rising)
    assert rate_share(0.1, 50, settings) == rate_share(0.5, 500, settings) == 1.0
    assert rate_share(0.75, 500, settings) == pytest.approx((1.0 + 0.02) / 2)
    assert rate_share(1.0, 500, settings) == rate_share(1.3, 500, settings) == pytest.approx(0.02)


def test_the_rate_is_what_both_optimisers_get(tmp_path):
    training = some_training(tmp_path, settings=replace(QUICK, warm_up_steps=4))
    training.learn(some_batch(0), 0.0, 1)
    rates = {group["lr"] for optimiser in training._optimisers for group in optimiser.param_groups}
    assert len(training._optimisers) == 2 and rates == {QUICK.rate * 0.5}


def test_every_weight_is_learned_by_one_optimiser(tmp_path):
    training = some_training(tmp_path)
    taken = [id(values) for optimiser in training._optimisers for group in optimiser.param_groups
             for values in group["params"]]  # fmt: skip
    assert sorted(taken) == sorted(id(values) for values in training.lifter.parameters())


def test_a_batch_whose_gradient_is_not_finite_teaches_nothing(tmp_path):
    training = some_training(tmp_path)
    before = weights_of(training)
    batch = some_batch(0)
    training.learn(replace(batch, root_velocity=torch.full_like(batch.root_velocity, math.nan)), 0.0, 0)
    assert all(torch.equal(values, before[name]) for name, values in weights_of(training).items())


def test_a_run_that_is_resumed_takes_the_batches_that_come_next(tmp_path):
    through, first, second = [], [], []
    some_training(tmp_path / "through", through).run(quiet)
    broken = some_training(tmp_path / "broken", first, replace(QUICK, steps=3))
    broken.run(quiet)
    resumed = some_training(tmp_path / "broken", second, replace(QUICK, steps=3))
    resumed.restore(read_checkpoint(tmp_path / "broken" / RESUME_FILE))
    assert resumed.step == 3 and resumed.seconds == pytest.approx(broken.seconds)
    for name, values in weights_of(broken).items():
        torch.testing.assert_close(weights_of(resumed)[name], values.half().float())
        torch.testing.assert_close(resumed._mean.weights[name], broken._mean.weights[name].half().float())
    resumed.run(quiet)
    assert first + second == through and resumed.step == 6
    steps = [json.loads(line)["step"] for line in (tmp_path / "broken" / LOG_FILE).read_text().splitlines()]
    assert steps == [0, 3, 3, 6]


def test_another_configuration_than_the_files_is_refused(tmp_path):
    training = some_training(tmp_path)
    training.keep(0.0)
    checkpoint = read_checkpoint(tmp_path / RESUME_FILE)
    with pytest.raises(Refusal, match="another configuration"):
        training.restore(replace(checkpoint, configuration=replace(TINY, blocks=2)))


def test_a_run_ends_by_its_minutes_too(tmp_path):
    training = some_training(tmp_path, settings=replace(QUICK, steps=10_000, minutes=0.01))
    began_s = time.monotonic()
    training.run(quiet)
    assert 0 < training.step < 10_000 and time.monotonic() - began_s < 30.0


def test_validations_and_steps_are_told_with_the_time_that_is_left(tmp_path):
    told, watched = [], []
    some_training(tmp_path).run(told.append, watched.append)
    assert [line.split(":")[0] for line in told] == ["step 0", "step 3", "step 6"]
    assert " mm" in told[0] and "left" not in told[0] and told[1].endswith("min left")
    assert [line.split(",")[0] for line in watched] == [f"step {step}" for step in range(6)]


def test_an_interrupted_run_goes_on_from_the_step_that_it_had_reached(tmp_path):
    def interrupt(line: str) -> None:
        if line.startswith("step 5"):
            raise KeyboardInterrupt

    training = some_training(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        training.run(quiet, interrupt)
    checkpoint = read_checkpoint(tmp_path / RESUME_FILE)
    assert checkpoint.state["step"] == 5 and sum(row["next"] for row in checkpoint.state["batches"]) == 5
    assert torch.equal(checkpoint.now["enter.bias"], weights_of(training)["enter.bias"].half().float())


def test_interrupted_while_it_is_validated_a_lifter_keeps_its_own_weights(tmp_path, monkeypatch):
    training = some_training(tmp_path)
    training.learn(some_batch(0), 0.0, 0)
    before = weights_of(training)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(trainer, "validated", interrupted)
    with pytest.raises(KeyboardInterrupt):
        training.keep(0.0)
    assert all(torch.equal(values, before[name]) for name, values in weights_of(training).items())


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="below could not be written to .*file"):
        some_training(tmp_path / "file" / "below")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_refused_in_a_sentence(tmp_path):
    (tmp_path / LOG_FILE).symlink_to("/dev/full")
    with pytest.raises(Refusal, match="The disk is full: log.jsonl could not be written"):
        some_training(tmp_path).run(quiet)


KILLED = """
from dataclasses import replace
from pathlib import Path
from tests.backend.train.lifter.made_up_training import QUICK, some_training
some_training(Path("."), settings=replace(QUICK, steps=10_000, every=1)).run(lambda line: print(line, flush=True))
"""


def test_a_killed_run_leaves_whole_files(tmp_path):
    paths = os.pathsep.join([str(ROOT), *sys.path])
    with subprocess.Popen([sys.executable, "-c", KILLED], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": paths}) as run:  # fmt: skip
        for _ in range(4):
            assert run.stdout.readline().startswith("step ")
        time.sleep(0.05)
        run.kill()
    assert run.returncode != 0
    checkpoint = read_checkpoint(tmp_path / RESUME_FILE)
    assert checkpoint.state["step"] >= 3 and read_lifter(tmp_path / LIFTER_FILE).wanted == TINY
    training = some_training(tmp_path)
    training.restore(checkpoint)
    training.learn(some_batch(0), 0.0, 0)


def test_batches_are_taken_by_their_shares():
    asked = []
    rows = Batchwise([(Row("drawn", asked), 75.0), (Row("bank", asked), 25.0)])
    for _ in range(40):
        next(rows)
    names = [name for name, _ in asked]
    assert names.count("bank") == 10 and all(names[start : start + 4].count("bank") == 1 for start in range(0, 40, 4))
    assert [number for name, number in asked if name == "bank"] == list(range(10))


def test_a_row_without_a_share_is_left_alone():
    asked = []
    rows = Batchwise([(Row("drawn", asked), 0.0), (Row("bank", asked), 100.0)])
    for _ in range(5):
        next(rows)
    assert {name for name, _ in asked} == {"bank"}


def test_after_a_break_shares_may_be_others_and_a_bank_may_be_new():
    asked = []
    first = Batchwise([(Row("drawn", []), 75.0), (Row("bank", []), 25.0)])
    for _ in range(40):
        next(first)
    rows = Batchwise([(Row("drawn", asked), 50.0), (Row("bank", asked), 50.0)])
    rows.restore(first.state())
    for _ in range(10):
        next(rows)
    assert [name for name, _ in asked].count("bank") == 5 and min(number for _, number in asked) == 10
    asked.clear()
    rows = Batchwise([(Row("drawn", asked), 50.0), (Row("bank", asked), 50.0)])
    rows.restore(first.state()[:1])
    for _ in range(10):
        next(rows)
    assert asked[0] == ("drawn", 30) and [name for name, _ in asked].count("bank") == 5
