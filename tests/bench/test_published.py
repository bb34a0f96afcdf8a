"""The command that evaluates published lifters, on small files and with weights that a test makes."""

import json

import pytest
import torch

from backend.lift.published import networks, pose_mamba
from backend.lift.published.networks import build
from bench.__main__ import main
from tests.bench.made_up_sets import human36m_file, mpi_inf_3dhp_file

TAKES = (("s_09_act_02_subact_01_ca_01", "Direction", "54138969", 6),
         ("s_11_act_03_subact_01_ca_02", "Discuss", "55011271", 6))  # fmt: skip


@pytest.fixture(autouse=True)
def small_networks(monkeypatch):
    monkeypatch.setitem(pose_mamba.SIZES, "s", (16, 1))
    monkeypatch.setitem(networks.mdtf.SIZES, "tiny", (16, 1))


def run(*arguments):
    return main(["published", "--device", "cpu", "--frames", "3", *map(str, arguments)])


def test_random_weights_are_said_to_be_random(tmp_path, rng, capsys):
    assert run("--human36m", human36m_file(tmp_path, rng, TAKES), "--json", tmp_path / "figures.json") == 0
    said = capsys.readouterr().out
    assert said.startswith("pose_mamba_s, random weights: the figures say nothing about it\n")
    found = json.loads((tmp_path / "figures.json").read_text())["sets"]["human36m"]
    assert found["frames"] == 12 and found["p1_mm"] > found["p2_mm"] > 10


def test_weights_change_what_is_measured(tmp_path, rng, capsys):
    torch.manual_seed(11)
    network = build("pose_mamba_s", 3)
    torch.save({"model_pos": network.state_dict()}, tmp_path / "best.bin")
    path = human36m_file(tmp_path, rng, TAKES)
    figures = []
    for weights in ((), ("--checkpoint", tmp_path / "best.bin")):
        assert run("--human36m", path, *weights, "--json", tmp_path / "figures.json") == 0
        figures.append(json.loads((tmp_path / "figures.json").read_text()))
    assert capsys.readouterr().out.count("random weights") == 1
    assert [each["trained"] for each in figures] == [False, True]
    assert figures[0]["sets"]["human36m"]["p1_mm"] != figures[1]["sets"]["human36m"]["p1_mm"]


def test_both_stages_of_mdtf_and_the_other_data_set(tmp_path, rng, capsys):
    network = build("mdtf_tiny", 3)
    torch.save({"model": network.lifter.state_dict()}, tmp_path / "second.tr")
    torch.save({"model": network.bones.state_dict()}, tmp_path / "first.tr")
    path = mpi_inf_3dhp_file(tmp_path, rng, [("TS1", 4, [1, 1, 0, 1])])
    assert run("--network", "mdtf_tiny", "--checkpoint", tmp_path / "second.tr", "--mpi-inf-3dhp", path) == 2
    assert capsys.readouterr().err == ("mdtf_tiny has two files of weights, and one was named. Name the lifter's by "
                                       "--checkpoint and the first stage's by --bones.\n")  # fmt: skip
    assert run("--network", "mdtf_tiny", "--checkpoint", tmp_path / "second.tr", "--bones", tmp_path / "first.tr",
               "--mpi-inf-3dhp", path) == 0  # fmt: skip
    assert capsys.readouterr().out.startswith("mdtf_tiny\n")


def test_without_a_data_set_there_is_nothing_to_measure(capsys):
    assert run() == 2
    assert capsys.readouterr().err == "No data set was named. Name one by --human36m FILE or --mpi-inf-3dhp FILE.\n"
