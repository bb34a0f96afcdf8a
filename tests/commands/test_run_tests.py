"""Counting the outcomes of tests, even of those that take the interpreter down."""

from __future__ import annotations

import sys
from pathlib import Path

from commands import run_tests
from commands.run_tests import ROOT, Run, below_tests, outcomes, split_paths

MIXED = """
import pytest
def test_good(): pass
def test_bad(): assert False
@pytest.mark.skip
def test_left_out(): pass
@pytest.fixture
def broken(): raise RuntimeError
def test_without_its_fixture(broken): pass
"""
CRASH = "import os\ndef test_first(): pass\ndef test_crash(): os.abort()\ndef test_never(): pass\n"


def count(folder: Path, source: str, *options: str) -> dict[str, int]:
    test = folder / "test_made_up.py"
    test.write_text(source, encoding="utf-8")
    return dict(outcomes(Run("made up", Path(sys.executable), (str(test),)), ["-p", "no:cacheprovider", *options]))


def test_every_outcome_is_counted_once(tmp_path):
    assert count(tmp_path, MIXED) == {"passed": 1, "failed": 2, "skipped": 1}


def test_a_crash_is_a_failure_and_loses_no_outcome(tmp_path):
    assert count(tmp_path, CRASH) == {"passed": 1, "failed": 1}


def test_a_file_that_cannot_be_imported_is_a_failure(tmp_path):
    assert count(tmp_path, "import nothing_of_this_name") == {"failed": 1}


def test_no_test_at_all_is_no_failure(tmp_path):
    assert count(tmp_path, MIXED, "-k", "nothing_of_this_name") == {}


def test_a_test_without_end_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(run_tests, "TIMEOUT_S", 5.0)
    assert count(tmp_path, "def test_good(): pass\ndef test_for_ever():\n    while True: pass") == {
        "passed": 1,
        "failed": 1,
    }


def test_what_runs_at_the_same_time_is_counted_together_and_shown_run_by_run(tmp_path, capsys):
    runs = []
    for name, text in (("one", "def test_one(): pass"), ("other", "def test_other(): assert False")):
        test = tmp_path / f"test_{name}.py"
        test.write_text(text, encoding="utf-8")
        runs.append(Run(name, Path(sys.executable), (str(test),)))
    assert dict(run_tests.all_outcomes(runs, ["-p", "no:cacheprovider"])) == {"passed": 1, "failed": 1}
    shown = capsys.readouterr().out
    for run, words in zip(runs, ("1 passed", "1 failed"), strict=True):
        assert words in shown.split(f"== {run.title}: ")[1]


def test_words_of_options_are_no_paths_even_where_a_folder_is_called_so(monkeypatch):
    monkeypatch.chdir(ROOT)
    words = ["tests/addon", "./tests/test_build.py::test_x", "-k", "motion", "tests/gone.py", "/"]
    assert list(map(below_tests, words)) == ["tests/addon", "tests/test_build.py::test_x", "", "", "", ""]
    monkeypatch.chdir(ROOT / "tests")
    assert below_tests("test_build.py") == "tests/test_build.py"


def test_the_addons_tests_go_into_blender_and_all_others_into_the_backend():
    ours, inside = split_paths([])
    assert inside == ["tests/motion", "tests/addon"]
    assert "tests/test_build.py" in ours and "tests/backend" in ours and "tests/addon" not in ours
    assert split_paths(["tests/addon/conftest.py", "tests/test_build.py::test_x"]) == (
        ["tests/test_build.py::test_x"], ["tests/addon/conftest.py"])  # fmt: skip
