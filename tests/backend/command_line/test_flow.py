"""`train windows` and `train flow`: what they refuse, and short runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.__main__ import main
from backend.command_line import flow as flow_commands
from backend.hypotheses.configuration import FlowConfiguration
from backend.hypotheses.weights import read_flow
from backend.train.bank.bank_clip import write_bank_clip
from backend.train.hypotheses import make_windows
from backend.train.hypotheses.lifted_windows import FEWEST_SEEN, read_windows, write_windows
from backend.train.motions.prepared import write_prepared
from motion.job import DONE, USER_CAN_MEND
from tests.backend.train.bank.made_up_bank import made_up_bank
from tests.backend.train.hypotheses.made_up_windows import some_windows
from tests.backend.train.made_up_clips import walking


def windows(folder: Path, *words: str) -> int:
    return main(["train", "windows", str(folder / "prepared.npz"), "--out", str(folder / "windows"), *words])


def flow(folder: Path, *words: str) -> int:
    return main(["train", "flow", str(folder / "windows"), "--out", str(folder / "flow"), "--device", "cpu", *words])


def keep_windows(folder: Path, *names: str) -> None:
    (folder / "windows").mkdir()
    for seed, name in enumerate(names):
        made = some_windows(2, 24, seed, FlowConfiguration().hidden_width)
        write_windows(folder / "windows" / f"{name}_0000.npz", made)


@pytest.mark.parametrize("words", [("--windows", "0"), ("--frames", "19"), ("--bank-share", "101")])
def test_numbers_of_windows_that_cannot_be_are_refused(tmp_path: Path, words: tuple[str, str], capsys) -> None:
    assert windows(tmp_path, *words) == USER_CAN_MEND
    assert capsys.readouterr().err.startswith(f"{words[0]} cannot be {words[1]}. Choose ")


@pytest.mark.parametrize("words", [("--minutes", "0"), ("--minutes", "nan"), ("--steps", "0")])
def test_numbers_of_a_run_that_cannot_be_are_refused(tmp_path: Path, words: tuple[str, str], capsys) -> None:
    assert flow(tmp_path, *words) == USER_CAN_MEND
    assert capsys.readouterr().err.startswith(f"{words[0]} cannot be {words[1]}. Choose ")


def test_missing_motion_is_named_with_how_to_make_it(tmp_path: Path, capsys) -> None:
    assert windows(tmp_path) == USER_CAN_MEND
    said = capsys.readouterr().err
    assert f"There is no file {tmp_path / 'prepared.npz'}." in said and "train prepare" in said


def test_windows_of_two_runs_are_not_mixed(tmp_path: Path, capsys) -> None:
    keep_windows(tmp_path, "simulated")
    assert windows(tmp_path) == USER_CAN_MEND
    assert f"{tmp_path / 'windows'} holds windows already." in capsys.readouterr().err


@pytest.mark.parametrize(("there", "lacking"), [((), "learn from"), (("kept",), "learn from"),
                                                (("simulated", "real"), "validate on")])  # fmt: skip
def test_a_folder_without_all_that_is_needed_is_refused(
    tmp_path: Path, there: tuple[str, ...], lacking: str, capsys
) -> None:
    keep_windows(tmp_path, *there)
    assert flow(tmp_path) == USER_CAN_MEND
    said = capsys.readouterr().err
    assert f"{tmp_path / 'windows'} holds no windows to {lacking}." in said and "train windows" in said


def test_a_file_that_holds_no_flow_cannot_be_gone_on_from(tmp_path: Path, capsys) -> None:
    keep_windows(tmp_path, "simulated", "kept")
    (tmp_path / "old.npz").write_bytes(b"half a flow")
    assert flow(tmp_path, "--resume", str(tmp_path / "old.npz")) == USER_CAN_MEND
    assert "holds no flow" in capsys.readouterr().err


def test_a_flow_is_trained_and_can_be_gone_on_from(tmp_path: Path, capsys) -> None:
    keep_windows(tmp_path, "simulated", "real", "kept_simulated", "kept_real")
    assert flow(tmp_path, "--steps", "1") == DONE
    assert "step 1, " in capsys.readouterr().out
    first = read_flow(tmp_path / "flow" / "flow.npz")
    assert first.wanted == FlowConfiguration()
    assert flow(tmp_path, "--steps", "1", "--resume", str(tmp_path / "flow" / "flow.npz")) == DONE
    np.testing.assert_array_equal(read_flow(tmp_path / "flow" / "flow.npz").number_mean, first.number_mean)


def test_windows_of_simulated_and_of_real_detections_lie_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def two_of(batch, _):
        return some_windows(2, 30, seed=len(batch.clip))

    monkeypatch.setattr(make_windows, "lifted_windows", two_of)
    clips = [walking(f"walk {seed}", 90, 0.3 * seed, seed) for seed in range(8)]
    kept = [replace(clip, origin=replace(clip.origin, name=f"kept {clip.origin.name}", split="dev"))
            for clip in clips[:2]]  # fmt: skip
    write_prepared(tmp_path / "prepared.npz", clips + kept)
    (tmp_path / "bank").mkdir()
    for number, clip in enumerate(made_up_bank(4)):
        name = clips[0].origin.name if number < 2 else kept[0].origin.name
        write_bank_clip(tmp_path / "bank" / f"{number:06d}.npz",
                        replace(clip, origin=replace(clip.origin, recording=name)))  # fmt: skip
    words = ("--windows", "10", "--bank-share", "40", "--frames", "30", "--bank", str(tmp_path / "bank"))
    assert windows(tmp_path, *words) == DONE and "holds 10 windows to learn from" in capsys.readouterr().out
    counts = {path.stem: len(read_windows([path])) for path in (tmp_path / "windows").iterdir()}
    assert counts == {"simulated_0000": 6, "real_0000": 4, "kept_simulated_0000": 8, "kept_real_0000": 8}


def test_windows_are_long_enough_to_teach() -> None:
    assert flow_commands._FEWEST_FRAMES == FEWEST_SEEN
