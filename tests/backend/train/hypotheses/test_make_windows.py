"""Windows by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.train.hypotheses import make_windows as making
from backend.train.hypotheses.lifted_windows import read_windows
from backend.train.hypotheses.make_windows import make_windows

from .made_up_windows import some_windows


@pytest.fixture(autouse=True)
def _two_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches are numbers here; of odd ones nothing comes."""
    monkeypatch.setattr(making, "lifted_windows",
                        lambda number, _: None if number % 2 else some_windows(2, seed=number))  # fmt: skip
    monkeypatch.setattr(making, "WINDOWS_A_FILE", 4)


def test_files_together_hold_what_was_asked_for(tmp_path: Path) -> None:
    told: list[int] = []
    assert make_windows(iter(range(100)), None, 9, tmp_path, "real", told.append) == 10
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == ["real_0000.npz", "real_0001.npz", "real_0002.npz"]
    assert told == [2, 4, 6, 8, 10] and len(read_windows(paths)) == 10


def test_what_there_is_ends_it_too(tmp_path: Path) -> None:
    assert make_windows(iter(range(5)), None, 1000, tmp_path, "kept", lambda made: None) == 6
    assert len(read_windows(sorted(tmp_path.iterdir()))) == 6


def test_of_nothing_comes_no_file(tmp_path: Path) -> None:
    assert make_windows(iter([1, 3]), None, 4, tmp_path, "kept", lambda made: None) == 0
    assert not list(tmp_path.iterdir())
