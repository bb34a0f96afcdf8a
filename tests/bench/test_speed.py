"""The bench of speed: every budget has its figure, parts can be measured alone, nothing is met unmeasured."""

import json

import pytest

from bench import speed
from bench.__main__ import main
from bench.detection_speed import BODY_ONLY, WITH_HANDS
from bench.own_process import measured_apart
from bench.peak_memory import peak_mb
from bench.speed_budgets import BUDGETS, as_json, rows, verdict


def answers(*arguments, python=None):
    """What a process of a bench would say, without the work."""
    return {
        "peak_mb": 500.0, "ms_per_frame": 4.0, "cpu_ms_per_frame": 5.0, "frames": 300, "whole_s": 26.0, "people": 1,
        "stages_s": {"detect": 20.0, "hypotheses": 2.0}, "first_event_s": 0.5, "import_10000_frames_s": 0.5,
        "retarget_deform_s": 0.25, "retarget_control_rig_s": 2.5,
    }  # fmt: skip


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(speed, "measured_apart", answers)
    monkeypatch.setattr(speed, "looped_film", lambda path, frames, **_: path)
    monkeypatch.setattr(speed, "seconds", lambda film, rounds: dict.fromkeys((*BODY_ONLY, *WITH_HANDS), 10.0))
    monkeypatch.setattr(speed, "environment_folder", lambda name: speed.SAMPLE.parent)
    for part in ("start", "zip", "card", "lifter"):
        monkeypatch.setitem(speed.PARTS, part, lambda folder: {"zip_mb": 7.0, "first_event_s": 0.5})


def test_every_budget_has_its_figure(quick, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(speed.PARTS, "blender", lambda folder: answers())
    assert main(["speed", "--json", str(tmp_path / "figures.json")]) == 0
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert all(isinstance(figures[budget.key], float) for budget in BUDGETS)
    missed = {key for key, each in figures["budgets"].items() if not each["met"]}
    assert missed == {"fast_over_mediapipe", "fast_with_hands_over_mediapipe"}
    assert figures["whole_over_detection"] == 1.3 and figures["whole_without_hypotheses_over_detection"] == 1.2
    assert capsys.readouterr().out.count("MISSED") == 2


def test_a_part_alone_leaves_the_other_budgets_open(quick, tmp_path):
    assert main(["speed", "--only", "after_detection", "--json", str(tmp_path / "figures.json")]) == 0
    figures = json.loads((tmp_path / "figures.json").read_text())
    met = {key: each["met"] for key, each in figures["budgets"].items()}
    assert met["after_detection_growth"] is True and met["zip_mb"] is None and "zip_mb" not in figures


def test_without_blender_nothing_is_said_of_it(quick, tmp_path):
    assert speed.PARTS["blender"](tmp_path) == {}


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: budget.key)
def test_a_budget_is_kept_up_to_its_limit(budget):
    assert verdict(budget, {budget.key: budget.most}) is True
    assert verdict(budget, {budget.key: 1.001 * budget.most}) is False
    assert verdict(budget, {}) is None and verdict(budget, {budget.key: None}) is None


def test_table_and_file_say_the_same():
    figures = {budget.key: budget.most * (0.5 if number % 2 else 2.0) for number, budget in enumerate(BUDGETS)}
    said = {row[0]: row[-1] == "met" for row in rows(figures)}
    assert said == {key: each["met"] for key, each in as_json(figures).items()} and len(said) == len(BUDGETS)


def test_memory_of_another_process_is_its_own():
    filled = b"1" * (300 << 20)
    assert measured_apart("-m", "bench.peak_memory")["peak_mb"] < 200.0 < len(filled) / 2**20 < peak_mb()
