"""`train multiview`: what it refuses, and a short run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.__main__ import main
from backend.command_line import multiview as multiview_command
from backend.train.motions.prepared import write_prepared
from motion.job import DONE, USER_CAN_MEND
from tests.backend.train.made_up_clips import walking


def train(folder: Path, *words: str) -> int:
    return main(["train", "multiview", str(folder / "prepared.npz"), "--out", str(folder / "out"), "--device", "cpu",
                 *words])  # fmt: skip


def prepare(folder: Path, *splits: str) -> None:
    clips = [walking(f"walk {seed}", 60, 1.0, seed) for seed in range(len(splits))]
    clips = [replace(clip, origin=replace(clip.origin, split=split)) for clip, split in zip(clips, splits, strict=True)]
    write_prepared(folder / "prepared.npz", clips)


@pytest.mark.parametrize("words", [("--minutes", "0"), ("--steps", "0"), ("--batch", "7"), ("--frames", "1")])
def test_numbers_that_cannot_be_are_refused(tmp_path: Path, words: tuple[str, str], capsys) -> None:
    assert train(tmp_path, *words) == USER_CAN_MEND
    assert capsys.readouterr().err.startswith(f"{words[0]} cannot be {words[1]}. Choose ")


def test_motion_that_nobody_is_validated_on_is_refused(tmp_path: Path, capsys) -> None:
    prepare(tmp_path, "train", "train")
    assert train(tmp_path) == USER_CAN_MEND
    assert f"There are no clips to validate on in {tmp_path / 'prepared.npz'}." in capsys.readouterr().err


def test_a_file_that_holds_no_meetings_cannot_be_gone_on_from(tmp_path: Path, capsys) -> None:
    prepare(tmp_path, "train", "dev")
    (tmp_path / "old.npz").write_bytes(b"half of them")
    assert train(tmp_path, "--resume", str(tmp_path / "old.npz")) == USER_CAN_MEND
    assert "holds no lifter of several views" in capsys.readouterr().err


def test_a_short_run_writes_weights_that_can_be_gone_on_from(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(multiview_command, "_VALIDATED_VIEWS", (2,))
    monkeypatch.setattr(multiview_command, "_VALIDATION_BATCHES", 1)
    prepare(tmp_path, "train", "dev")
    short = ("--steps", "1", "--batch", "8", "--frames", "8")
    assert train(tmp_path, *short) == DONE
    assert capsys.readouterr().out.rstrip().endswith("multiview.npz is ready.")
    assert train(tmp_path, *short, "--resume", str(tmp_path / "out" / "multiview.npz")) == DONE
