"""How long a capture takes stage by stage, its memory, and the budgets; ratios come from one run.

Budgets are of the clock, and mean something on a machine that does nothing else; `cpu` figures are of all cores
together and suffer less from what runs beside.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.detection_speed import seconds
from bench.lifter_length import lifter_length
from bench.looped_film import SAMPLE, looped_film
from bench.own_process import measured_apart
from bench.speed_budgets import as_json, rows
from bench.start_of_backend import start_figures
from bench.tables import machine_line, print_table, write_figures
from motion.places import environment_folder, environment_python
from motion.refusal import Refusal

DETECTION_ROUNDS = 2
CAPTURE_PICTURES = 300
AFTER_DETECTION = (300, 30_000)         # frames
DETECTION_MEMORY = (300, 3_000)         # pictures
TEN_MINUTES = 18_000                    # pictures at 30 a second
SMALL_PX = 320                          # wide: of films of which only the length counts
QUICK = {"detect": {"model": "lite", "quality": "fast", "hands": False}}

Figures = dict[str, float | None]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="measure these parts")


def main(options: argparse.Namespace) -> int:
    """`build.py bench speed`."""
    figures: Figures = {"load_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None}
    for part in options.only:
        print(f"{part} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="mambocap_") as folder:
            figures |= PARTS[part](Path(folder))
    bounded = rows(figures)
    print_table(("figure", "value"), [each for each in figures.items() if each[0] not in {row[0] for row in bounded}])
    print()
    print_table(("what", "value", "budget", ""), [row[1:] for row in bounded])
    print(machine_line())
    write_figures(options.json, {**figures, "budgets": as_json(figures), "machine": machine_line()})
    return 0


def _detection(folder: Path) -> Figures:
    """By turns with MediaPipe, which is always asked for the body only."""
    least_s = seconds(SAMPLE, DETECTION_ROUNDS)
    theirs_s = least_s.pop("mediapipe_video")
    ratios = {f"{way.replace('_hands', '_with_hands')}_over_mediapipe": own_s / theirs_s
              for way, own_s in least_s.items()}  # fmt: skip
    return {"mediapipe_s": theirs_s, **ratios}


def _capture(folder: Path) -> Figures:
    """A film of some seconds with default settings, hands and other poses included."""
    film = looped_film(folder / "film.mp4", CAPTURE_PICTURES)
    run = measured_apart("-m", "bench.one_capture", str(film), str(folder), "--preview")
    stages_s, whole_s = run["stages_s"], run["whole_s"]
    return {
        "whole_ms_per_frame": 1000.0 * whole_s / run["frames"],
        **{f"{stage}_ms_per_frame": 1000.0 * taken_s / run["frames"] for stage, taken_s in stages_s.items()},
        "whole_over_detection": whole_s / stages_s["detect"],
        "whole_without_hypotheses_over_detection": (whole_s - stages_s["hypotheses"]) / stages_s["detect"],
        "capture_peak_mb": run["peak_mb"],
    }


def _after_detection(folder: Path) -> Figures:
    runs = {frames: measured_apart("-m", "bench.after_detection", str(frames)) for frames in AFTER_DETECTION}
    short, long = (runs[frames] for frames in AFTER_DETECTION)
    return {
        **{f"after_detection_{frames}_{name}": value for frames, run in runs.items() for name, value in run.items()},
        "after_detection_growth": long["ms_per_frame"] / short["ms_per_frame"],
        "after_detection_cpu_growth": long["cpu_ms_per_frame"] / short["cpu_ms_per_frame"],
    }


def _memory(folder: Path) -> Figures:
    """Of small pictures and the quick detector: what grows, grows with their number."""
    films = {count: looped_film(folder / f"film_{count}.mp4", count, widest_px=SMALL_PX)
             for count in (*DETECTION_MEMORY, TEN_MINUTES)}  # fmt: skip
    short_mb, long_mb = (measured_apart("-m", "bench.detection_memory", str(films[count]))["peak_mb"]
                         for count in DETECTION_MEMORY)  # fmt: skip
    run = measured_apart("-m", "bench.one_capture", str(films[TEN_MINUTES]), str(folder),
                         "--settings", json.dumps(QUICK))  # fmt: skip
    return {
        "detection_300_peak_mb": short_mb,
        "detection_3000_peak_mb": long_mb,
        "detection_memory_growth": long_mb / short_mb,
        "ten_minutes_peak_gb": run["peak_mb"] * 2**20 / 1e9,
        "ten_minutes_ms_per_frame": 1000.0 * run["whole_s"] / run["frames"],
    }


def _blender(folder: Path) -> Figures:
    """In the oldest bpy at hand; nothing without any."""
    pythons = [environment_python(folder) for folder in sorted(environment_folder("").glob("bpy-*"))]
    python = next((each for each in pythons if each.exists()), None)
    if python is None:
        return {}
    return {**measured_apart("bench/import_in_blender.py", python=python),
            **measured_apart("bench/retarget_speed_in_blender.py", python=python)}  # fmt: skip


def _zip(folder: Path) -> Figures:
    command = [sys.executable, "build.py", "extension", "--output-dir", str(folder)]
    if subprocess.run(command, cwd=SAMPLE.parents[2], stdout=subprocess.DEVNULL).returncode != 0:
        raise Refusal("no-zip", "The extension could not be packed.", "What went wrong is said above.")
    (zip_file,) = folder.glob("*.zip")
    return {"zip_mb": zip_file.stat().st_size / 1e6}


def _on_card(folder: Path) -> Figures:
    return dict(measured_apart("-m", "bench.speed_on_card", str(folder)))


def _lifter(folder: Path) -> Figures:
    """How a state-space layer, the whole network in its windows and attention as wide grow with the clip."""
    return {f"{what}_{frames}": value for what, by_length in lifter_length().items()
            for frames, value in by_length.items()}  # fmt: skip


PARTS: dict[str, Callable[[Path], Figures]] = {
    "start": start_figures, "zip": _zip, "blender": _blender, "detection": _detection, "capture": _capture,
    "after_detection": _after_detection, "memory": _memory, "card": _on_card, "lifter": _lifter,
}  # fmt: skip
