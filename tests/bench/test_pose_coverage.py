import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.train.motions.prepared import write_prepared
from bench import pose_coverage
from bench.__main__ import main
from tests.backend.train.variety.made_up_clips import marching

TRAIN = [marching(f"clip {seed}", frames=150, seed=seed, arms_rad=0.2 + 0.2 * seed) for seed in range(3)]
HELD_OUT = [marching("dev", split="dev", seed=9, pace_hz=0.7), marching("test", split="test", arms_rad=1.4)]


def test_as_many_poses_are_drawn_as_the_minutes_say():
    more = pose_coverage.further_poses(TRAIN, 0.3)
    assert {name: len(R) for name, R in more.items()} == {"denser": 90, "exchanged": 90}


def test_what_was_shown_is_near_and_nothing_comes_farther_by_showing_more():
    shown = {"itself": HELD_OUT[1].R_parent_from_joint[::3], "one pose": TRAIN[0].R_parent_from_joint[:1]}
    figures = pose_coverage.coverage([*TRAIN, *HELD_OUT], shown, upright=True)
    assert set(figures) == {f"{split}, {group}" for split in ("dev", "test") for group in ("all", "walk")}
    test = figures["test, all"]
    assert max(test["itself"]) < 0.5 < min(test["recorded"]) and test["nearer_percent"]["itself"] == 100.0
    for group in figures.values():
        assert group["one pose"] <= group["recorded"] and group["nearer_percent"]["one pose"] == 0.0


def test_the_bench_prints_tables_and_writes_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture):
    write_prepared(tmp_path / "p.npz", [*TRAIN, *HELD_OUT])
    write_prepared(tmp_path / "v.npz", [replace(TRAIN[0], origin=replace(TRAIN[0].origin, name="new"))])
    words = ["--prepared", str(tmp_path / "p.npz"), "--variety", str(tmp_path / "v.npz"), "--json"]
    assert main(["pose_coverage", *words, str(tmp_path / "f.json")]) == 0
    figures = json.loads((tmp_path / "f.json").read_text())
    assert figures["minutes"] == pytest.approx(150 / 30 / 60) and set(figures) == {"minutes", "pelvis", "gravity"}
    assert set(figures["pelvis"]["dev, all"]["nearer_percent"]) == {"denser", "exchanged", "made"}
    assert np.isfinite(figures["gravity"]["test, all"]["recorded"]).all()
    assert "in axes of gravity" in capsys.readouterr().out


@pytest.mark.parametrize("clips, words, fault", [
    (TRAIN, [], "held out"), (HELD_OUT, [], "held out"), ([*TRAIN, *HELD_OUT], ["--minutes", "0"], "0 minutes"),
])  # fmt: skip
def test_what_cannot_be_compared_is_refused(tmp_path: Path, clips, words, fault, capsys: pytest.CaptureFixture):
    write_prepared(tmp_path / "p.npz", clips)
    assert main(["pose_coverage", "--prepared", str(tmp_path / "p.npz"), *words]) == 2
    assert fault in capsys.readouterr().err
