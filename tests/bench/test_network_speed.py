"""Taking the time of networks side by side."""

import json

import pytest

from bench import lifting_networks, network_speed
from bench.__main__ import main
from bench.lifting_networks import NAMES, built, inputs


def test_ratios_are_to_ours():
    figures = network_speed.beside({
        "mambocap_cpu": {"parameters": 5, "ms_per_frame": 2.0, "peak_mb": 8.0},
        "mixste": {"parameters": 9, "ms_per_frame": 7.0, "peak_mb": 40.0}}, "ms_per_frame")  # fmt: skip
    assert figures["mixste"]["ratios"] == {"time / mambocap_cpu": 3.5, "memory / mambocap_cpu": 5.0}
    assert figures["mambocap_cpu"]["ratios"] == {"time / mambocap_cpu": 1.0, "memory / mambocap_cpu": 1.0}


def test_the_bench_measures_in_a_process_of_its_own(tmp_path, capsys):
    file = tmp_path / "figures.json"
    assert main(["network_speed", "--device", "cpu", "--only", "mambocap_cpu", "--json", str(file)]) == 0
    row = json.loads(file.read_text())["networks"]["mambocap_cpu"]
    assert row["ms_per_frame"] > 0 and row["peak_mb"] > row["parameters"] * 4 / 2**20
    assert "mambocap_cpu" in capsys.readouterr().out


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("mixste", "gvhmr", "pose_mamba_l")])
def test_every_network_takes_its_input(monkeypatch, name):
    monkeypatch.setattr(lifting_networks, "FRAMES", 4)
    network = built(name, "cpu")
    assert not network.training
    network(*inputs(name, "cpu"))
