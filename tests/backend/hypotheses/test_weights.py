"""A flow's file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.hypotheses.weights import read_flow, write_flow
from motion.refusal import Refusal

from .made_up_lift import some_flow


def test_a_flow_comes_back_nearly(tmp_path: Path) -> None:
    write_flow(tmp_path / "flow.npz", some_flow(), {"step": 3})
    back = read_flow(tmp_path / "flow.npz")
    assert back.wanted == some_flow().wanted and not back.training
    y, time, numbers = torch.randn(1, 2, 9, 66), torch.rand(1, 2), torch.randn(1, 9, some_flow().enter.in_features)
    one, other = (flow(y, time, flow.condition(numbers)) for flow in (some_flow(), back))
    torch.testing.assert_close(one, other, atol=0.05, rtol=0.05)


@pytest.mark.parametrize("cut", [0, 10, 2000])
def test_a_cut_off_file_is_refused_with_what_to_do(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "flow.npz"
    write_flow(path, some_flow(), {})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Refusal, match="Install Mambocap again"):
        read_flow(path)


def test_another_archive_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "flow.npz", poses=np.zeros(3))
    with pytest.raises(Refusal, match="no flow"):
        read_flow(tmp_path / "flow.npz")


@pytest.mark.parametrize("name, size", [("blocks", 10**9), ("velocity_blocks", -1), ("width", 4096), ("width", 10**9)])
def test_sizes_that_the_weights_have_not_are_refused_before_they_take_memory(tmp_path: Path, name: str, size: int
                                                                              ) -> None:  # fmt: skip
    write_flow(tmp_path / "flow.npz", some_flow(), {})
    with np.load(tmp_path / "flow.npz") as archive:
        arrays = dict(archive)
    about = json.loads(arrays["about"].tobytes())
    about["configuration"][name] = size
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez(tmp_path / "lie.npz", **arrays)
    with pytest.raises(Refusal):
        read_flow(tmp_path / "lie.npz")
