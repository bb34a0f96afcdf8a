from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.lift.network.weights import write_lifter
from backend.train.lifter.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from motion.refusal import Refusal

from .made_up_training import TINY, tiny_lifter

STATE = {"step": 1500, "seconds": 12.5, "batches": [{"seed": 3, "next": 1131}, {"seed": 4, "next": 381}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    checkpoint = Checkpoint(TINY, tiny_lifter(0).state_dict(), tiny_lifter(1).state_dict(), STATE)
    write_checkpoint(tmp_path / "resume.npz", checkpoint)
    return tmp_path / "resume.npz"


def test_training_comes_back_in_half_precision(file: Path) -> None:
    read = read_checkpoint(file)
    assert read.configuration == TINY and read.state == STATE
    for weights, seed in ((read.now, 0), (read.mean, 1)):
        assert list(weights) == list(tiny_lifter().state_dict())
        for name, values in tiny_lifter(seed).state_dict().items():
            assert torch.equal(weights[name], values.half().float()), name


def test_a_file_has_four_bytes_a_weight(file: Path) -> None:
    count = sum(values.numel() for values in tiny_lifter().state_dict().values())
    overhead = 2 * 400 * len(tiny_lifter().state_dict())
    assert 4 * count < file.stat().st_size < 4 * count + overhead


def test_a_lifter_can_be_trained_on(tmp_path: Path) -> None:
    write_lifter(tmp_path / "lifter.npz", TINY, tiny_lifter().state_dict(), STATE)
    read = read_checkpoint(tmp_path / "lifter.npz")
    assert read.state == STATE
    for name, values in tiny_lifter().state_dict().items():
        assert torch.equal(read.now[name], values.half().float()) and torch.equal(read.mean[name], read.now[name])


def rewritten(file: Path, change: Callable[[dict], object]) -> None:
    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files}
    change(arrays)
    np.savez(file, **arrays)


def said(**otherwise: object) -> Callable[[dict], None]:
    about = {"configuration": TINY.to_dict(), "state": STATE, **otherwise}
    return lambda arrays: arrays.update(about=np.frombuffer(json.dumps(about).encode(), np.uint8))


@pytest.mark.parametrize("change", [
    lambda arrays: arrays.pop("about"),
    lambda arrays: arrays.pop("now/enter.bias"),
    lambda arrays: arrays.pop("mean/enter.bias"),
    lambda arrays: arrays.update({"now/more": np.zeros(3)}),
    lambda arrays: arrays.update({"mean/enter.bias": np.zeros(3)}),
    lambda arrays: arrays.update({"mean/enter.bias": np.full(16, np.nan)}),
    lambda arrays: arrays.update({"mean/enter.bias": np.full(16, "a")}),
    lambda arrays: arrays.update(about=np.zeros(9, np.uint8)),
    said(state=None), said(state={}), said(state={**STATE, "step": -1}), said(state={**STATE, "step": "late"}),
    said(state={**STATE, "batches": [{"seed": 1}]}), said(state={**STATE, "batches": [{"seed": 1, "next": -1}]}),
    said(state={**STATE, "step": float("inf")}),
    said(configuration=7), said(configuration={"later": 1}), said(configuration={"width": 0}),
    said(configuration={**TINY.to_dict(), "width": 10**12, "head_width": 10**12}),
    said(configuration={**TINY.to_dict(), "blocks": 2}),
])  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(file: Path, change: Callable[[dict], object]) -> None:
    rewritten(file, change)
    with pytest.raises(Refusal):
        read_checkpoint(file)


class Hostile:
    def __reduce__(self):
        return Path.touch, (Path("hostile"),)


def test_nothing_is_unpickled(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    rewritten(file, lambda arrays: arrays.update({"now/enter.bias": np.array([Hostile()], object)}))
    for _ in range(2):
        with pytest.raises(Refusal):
            read_checkpoint(file)
        file.write_bytes(pickle.dumps(Hostile()))
    assert not Path("hostile").exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no file .*nowhere.npz"):
        read_checkpoint(tmp_path / "nowhere.npz")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_refused_or_read(file: Path, place: float, value: int, cut: bool) -> None:
    data = bytearray(file.read_bytes())
    at = int(place * len(data))
    data[at] = value
    damaged = file.with_name("damaged.npz")
    damaged.write_bytes(data[:at] if cut else data)
    try:
        assert read_checkpoint(damaged).configuration == TINY and not cut
    except Refusal:
        pass


def test_what_cannot_be_written_is_refused_and_leaves_the_last_one(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Refusal):
        write_checkpoint(file / "below" / "resume.npz", Checkpoint(TINY, {}, {}, STATE))
    with pytest.raises(TypeError):
        write_checkpoint(file, Checkpoint(replace(TINY), {}, {}, {"step": object()}))
    assert file.read_bytes() == before and [path.name for path in file.parent.iterdir()] == [file.name]
