"""Progress read from what pip says."""

from __future__ import annotations

from backend.environments.pip_progress import PipProgress


def test_bytes_add_up_over_files_whether_they_come_from_the_network_the_cache_or_a_folder(tmp_path):
    wheel = tmp_path / "c.whl"
    wheel.write_bytes(bytes(3_000_000))
    progress = PipProgress(expected_mb=50, received=1_000_000, installed_count=lambda: 0)
    said = ["Collecting a==1", "  Downloading a-1-py3-none-any.whl.metadata (5 kB)", "  Downloading a-1.whl (20.0 MB)",
            "Progress 0 of 20000000", "Progress 7000000 of 20000000", "Progress 20000000 of 20000000",
            "  Using cached b-1.whl (500 kB)", f"Processing {wheel} (from -r pinned.txt (line 2))"]  # fmt: skip
    steps = [step for step in map(progress.after, said) if step]
    assert [step.bytes for step in steps] == [1_000_000, 1_000_000, 8_000_000, 21_000_000, 21_500_000, 24_500_000]
    assert [step.done for step in steps] == [1, 1, 8, 21, 21, 24]
    assert {step.of for step in steps} == {50}


def test_progress_never_passes_the_whole():
    progress = PipProgress(expected_mb=10, received=0, installed_count=lambda: 0)
    progress.after("  Downloading a-1.whl (20.0 MB)")
    assert progress.after("Progress 20000000 of 20000000").done == 10


def test_unpacking_counts_the_packages_that_became_whole():
    there = [4]
    progress = PipProgress(expected_mb=10, received=0, installed_count=lambda: there[0])
    assert progress.after("Installing collected packages: mpmath, torch, sympy").of == 3
    there[0] = 6
    waiting = progress.after("")
    assert (waiting.message, waiting.done, waiting.of) == ("Unpacking 3 packages", 2, 3)
