"""`train lifter`: what it refuses before it reads hours of motion."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.__main__ import main
from motion.job import USER_CAN_MEND


def lifter(out: Path, *words: str) -> int:
    return main(["train", "lifter", str(out.parent / "prepared.npz"), "--out", str(out), *words])


@pytest.mark.parametrize("words", [("--minutes", "nan"), ("--minutes", "0"), ("--steps", "0"), ("--frames", "1"),
                                   ("--batch", "-3"), ("--rate", "7"), ("--bank-share", "101")])  # fmt: skip
def test_numbers_that_cannot_be_are_refused(tmp_path: Path, words: tuple[str, str], capsys) -> None:
    assert lifter(tmp_path / "out", *words) == USER_CAN_MEND
    assert capsys.readouterr().err.startswith(f"{words[0]} cannot be {words[1]}. Choose ")


def test_a_missing_file_is_named_with_how_to_make_it(tmp_path: Path, capsys) -> None:
    assert lifter(tmp_path / "out") == USER_CAN_MEND
    said = capsys.readouterr().err
    assert f"There is no file {tmp_path / 'prepared.npz'}." in said and "train prepare" in said


def test_a_run_is_not_written_over_by_who_forgets_to_resume(tmp_path: Path, capsys) -> None:
    kept = tmp_path / "out" / "resume.npz"
    kept.parent.mkdir()
    kept.write_bytes(b"hours")
    assert lifter(tmp_path / "out") == USER_CAN_MEND
    assert f"--resume {kept}" in capsys.readouterr().err and kept.read_bytes() == b"hours"
    assert lifter(tmp_path / "out", "--resume", str(kept)) == USER_CAN_MEND
    assert f"Training cannot go on from {kept}." in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, capsys) -> None:
    (tmp_path / "file").touch()
    assert lifter(tmp_path / "file" / "out") == USER_CAN_MEND
    assert "cannot be a folder, since a file has that name" in capsys.readouterr().err
