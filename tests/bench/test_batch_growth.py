"""How a batch grows: rows of copies, and a minute's costs from those of two lengths."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path

import pytest

from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.proxy import needs_proxy
from bench import batch_growth, batch_minute
from bench.batch_minute import LENGTHS, Cost
from bench.batch_night import Night
from bench.batch_ways import Ran


def test_a_minute_is_what_the_longer_clip_costs_more():
    fixed_s, a_picture_s = 3.0, 0.02
    costs = [Cost({"lift": fixed_s + a_picture_s * count}, {"lift": 1_000_000 * count}, {"motion": 700 + 10 * count})
             for count in LENGTHS]  # fmt: skip
    row = batch_minute._stage_row("lift", *costs)
    assert row["per_minute_s"] == pytest.approx(a_picture_s * 1800)
    assert row["fixed_s"] == pytest.approx(fixed_s)
    assert (row["short_peak_mb"], row["peak_mb"]) == LENGTHS
    assert batch_minute._slope(costs[0].kept_bytes["motion"], costs[1].kept_bytes["motion"]) == 18_000


def test_kept_bytes_have_the_name_of_their_stage(tmp_path):
    for name, size in (("cache/detect-1f.npz", 5), ("cache/detect-2f.npz", 6), ("person_00/motion.npz", 7)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(size * b"x")
    assert batch_minute._kept(tmp_path) == {"cache, detect": 11, "motion.npz": 7}


def test_the_film_of_a_minute_is_large_and_needs_a_proxy(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_minute, "SIZE_PX", (480, 270))
    clip = open_clip(batch_minute._film(tmp_path / "film.mp4", 9), VideoSettings())
    assert (clip.width_px, clip.height_px, clip.picture_count) == (480, 270, 9)
    assert needs_proxy(clip)


def test_seconds_and_memory_are_those_of_the_stage_that_ran(tmp_path, monkeypatch):
    work = ("import sys, time; from backend.job.watch import Watch; from pathlib import Path; import threading\n"
            "watch = Watch(Path(sys.argv[1]), None, threading.Event())\n"
            "with watch.stage('lift'):\n    held = bytes(90_000_000); until = time.process_time() + 0.4\n"
            "    while time.process_time() < until: pass\n")  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", work, str(tmp_path)]) as run:
        monkeypatch.setattr(batch_minute, "psutil_of_ray", lambda: _Psutil)
        cpu_s, peak_bytes = batch_minute._watched(run, tmp_path)
    assert 0.0 < cpu_s["lift"] and set(cpu_s) <= {batch_minute.STARTING, "open", "lift"}
    assert peak_bytes["lift"] > 0


class _Psutil:
    """Of a process that works a hundredth of a second between two looks."""

    Error = ProcessLookupError

    class Process:
        def __init__(self, pid: int) -> None:
            self.used_s = 0.0

        def cpu_times(self) -> types.SimpleNamespace:
            self.used_s += 0.01
            return types.SimpleNamespace(user=self.used_s, system=0.0)

        def memory_info(self) -> types.SimpleNamespace:
            return types.SimpleNamespace(rss=9)


def test_a_row_is_of_so_many_copies_and_workers(tmp_path, monkeypatch):
    film = tmp_path / "short.mp4"
    film.write_bytes(b"film")

    def ran(folder: Path, night: Night, workers: int) -> Ran:
        folder.mkdir()
        (folder / "motion.npz").write_bytes(6000 * b"x")
        return Ran(folder, 12.0, 9.0, 5_000_000, ()) if (night.clips, workers) == (3, 2) else Ran(folder, 0, 0, 0, ())

    monkeypatch.setattr(batch_growth, "on_this_machine", ran)
    assert batch_growth._row(tmp_path, film, 3, 2) == {
        "clips": 3, "workers": 2, "seconds": 12.0, "s_a_clip": 4.0, "cpu_s_a_clip": 3.0, "peak_mb": 5.0,
        "kb_a_clip": 2.0,
    }  # fmt: skip
