"""How a batch grows: from 1 to 200 clips, and from 1 to 4 workers of one thread on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.batch_films import short_film
from bench.batch_minute import minute, print_minute
from bench.batch_night import SETTINGS_WORDS, Night
from bench.batch_ways import Ran, on_this_machine
from bench.looped_film import SAMPLE
from bench.tables import machine_line, print_table
from motion.batch.find_takes import find_takes

CLIPS, WORKERS = (1, 5, 20, 60, 200), (1, 2, 3, 4)
CLIPS_FOR_WORKERS, WORKERS_FOR_CLIPS = 24, 2


def growth(folder: Path) -> dict[str, Any]:
    """Prints three tables and returns their figures."""
    film = folder / "short.mp4"
    short_film(film, SAMPLE, np.random.default_rng(0))
    clips = [_row(folder, film, count, WORKERS_FOR_CLIPS) for count in CLIPS]
    workers = [_row(folder, film, CLIPS_FOR_WORKERS, count) for count in WORKERS]
    _print(f"clips, {WORKERS_FOR_CLIPS} workers", "clips", clips)
    _print(f"workers, {CLIPS_FOR_WORKERS} clips", "workers", workers)
    print(f"The same short clip again and again; {SETTINGS_WORDS}.")
    figures = {"clips": clips, "workers": workers, "minute": minute(folder)}
    print_minute(figures["minute"])
    print(machine_line())
    return {**figures, "machine": machine_line(), "settings": SETTINGS_WORDS}


def _row(folder: Path, film: Path, clips: int, workers: int) -> dict[str, float]:
    name = f"{clips}_by_{workers}"
    night = _copies(folder / f"footage_{name}", film, clips)
    ran = on_this_machine(folder / name, night, workers)
    row = {
        "clips": clips, "workers": workers, "seconds": ran.seconds, "s_a_clip": ran.seconds / clips,
        "cpu_s_a_clip": ran.cpu_s / clips, "peak_mb": ran.peak_bytes / 1e6, "kb_a_clip": _kilobytes(ran) / clips,
    }  # fmt: skip
    shutil.rmtree(ran.folder)
    return row


def _copies(footage: Path, film: Path, count: int) -> Night:
    footage.mkdir()
    for number in range(count):
        shutil.copyfile(film, footage / f"clip{number:03d}.mp4")
    return Night(tuple(find_takes(footage)), frozenset())


def _kilobytes(ran: Ran) -> float:
    return sum(path.stat().st_size for path in ran.folder.rglob("*") if path.is_file()) / 1e3


def _print(title: str, of: str, rows: Sequence[dict[str, float]]) -> None:
    print_table((title, "s", "s a clip", "CPU s a clip", "peak MB, all processes", "kB kept a clip"), [
        (row[of], *(row[name] for name in ("seconds", "s_a_clip", "cpu_s_a_clip", "peak_mb", "kb_a_clip")))
        for row in rows])  # fmt: skip
