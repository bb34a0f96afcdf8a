"""A lifter's file."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.lift.network.weights import FORMAT, read_lifter, weights_name, write_lifter
from motion.refusal import Refusal

from .made_up_inputs import SMALL, some_lifter


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_lifter(tmp_path / "mine.npz", SMALL, some_lifter().state_dict(), {})
    return tmp_path / "mine.npz"


def test_a_lifter_comes_back_in_half_precision(file: Path) -> None:
    written, read = some_lifter().state_dict(), read_lifter(file)
    assert read.wanted == SMALL and not read.training
    for name, values in read.state_dict().items():
        torch.testing.assert_close(values, written[name].half().float())


def test_other_weights_have_another_name(file: Path) -> None:
    before = weights_name(file)
    lifter = some_lifter()
    lifter.enter.bias[0] += 1.0
    write_lifter(file, SMALL, lifter.state_dict(), {})
    assert len(before) == 12 and weights_name(file) != before


def rewritten(file: Path, change: Callable[[dict], object]) -> None:
    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files}
    change(arrays)
    np.savez(file, **arrays)


def said(about: dict) -> np.ndarray:
    return np.frombuffer(json.dumps(about).encode(), np.uint8)


KIND = {"format": FORMAT, "configuration": SMALL.to_dict()}


@pytest.mark.parametrize("change", [
    lambda arrays: arrays.pop("about"),
    lambda arrays: arrays.pop("enter.weight"),
    lambda arrays: arrays.update(more=np.zeros(3)),
    lambda arrays: arrays.update({"enter.bias": np.zeros(31)}),
    lambda arrays: arrays.update({"enter.bias": np.full(32, "a")}),
    lambda arrays: arrays.update(about=np.zeros(9, np.uint8)),
    lambda arrays: arrays.update(about=said([])),
    lambda arrays: arrays.update(about=said({**KIND, "format": "newest"})),
    lambda arrays: arrays.update(about=said({**KIND, "format": FORMAT + 1})),
    lambda arrays: arrays.update(about=said({**KIND, "configuration": 7})),
    lambda arrays: arrays.update(about=said({**KIND, "configuration": {"width": 0}})),
    lambda arrays: arrays.update(about=said({**KIND, "configuration": {**SMALL.to_dict(), "head_width": 0}})),
    lambda arrays: arrays.update(about=said({**KIND, "configuration": {**SMALL.to_dict(), "head_width": 7}})),
    lambda arrays: arrays.update(about=said({**KIND, "configuration": {**SMALL.to_dict(), "blocks": -1}})),
    lambda arrays: arrays.update(about=said({**KIND, "configuration": {"later": 1}})),
])  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(file: Path, change: Callable[[dict], object]) -> None:
    rewritten(file, change)
    with pytest.raises(Refusal):
        read_lifter(file)


def test_a_newer_kind_is_refused_with_the_mend(file: Path) -> None:
    rewritten(file, lambda arrays: arrays.update(about=said({**KIND, "format": FORMAT + 1})))
    with pytest.raises(Refusal, match="newer kind") as refused:
        read_lifter(file)
    assert refused.value.mend == "Update Mambocap."


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds no lifter"):
        read_lifter(tmp_path / "none.npz")


class _Boom:
    def __reduce__(self) -> tuple:
        return Path.touch, (Path("boom"),)


def test_what_is_pickled_is_not_run(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rewritten(file, lambda arrays: arrays.update({"enter.bias": np.array([_Boom()] * 32, dtype=object)}))
    with pytest.raises(Refusal):
        read_lifter(file)
    file.write_bytes(pickle.dumps(_Boom()))
    with pytest.raises(Refusal):
        read_lifter(file)
    assert not Path("boom").exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_is_refused_or_harmless(file: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(file.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        for _ in range(data.draw(st.integers(1, 8))):
            # Headers lie at the start of each array and at the end of the file.
            at = data.draw(st.integers(0, 2000) | st.integers(len(content) - 4000, len(content) - 1))
            content[at] = data.draw(st.integers(0, 255))
    (tmp_path / "damaged.npz").write_bytes(content)
    try:
        read_lifter(tmp_path / "damaged.npz")
    except Refusal:
        pass
