"""How near found landmarks lie to a reference, who is found, and how fast: MediaPipe's heavy landmarker and ours.

The reference is OpenPose's triangulation from four cameras, low-passed at 10 Hz and projected into each. Means are
means over the cameras; of the share found it is the smallest, of the switches the sum.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bench.data import data_folder
from bench.detection_cases import View, cases
from bench.detection_figures import Figures, view_figures
from bench.detection_goals import goals
from bench.detection_speed import ratios, seconds
from bench.detection_ways import WAYS, Way, warm_seconds
from bench.looped_film import looped_film
from bench.tables import machine_line, print_table, write_figures

COLUMNS = ("error_px", "varying_px", "jitter_px", "jitter_filtered_px", "world_pa_mm", "lag_frames", "found_share",
           "identity_switches", "ms_per_frame")  # fmt: skip
LOOPED_FRAMES = 240
OVER_CAMERAS = {"found_share": min, "identity_switches": sum}


def main(options: argparse.Namespace) -> int:
    """`build.py bench detection`."""
    measured = {case: {name: _measured(way, views) for name, way in WAYS.items()} for case, views in cases().items()}
    # Video mode's rare jumps differ from version to version of the package: 2.6 px of jitter in 0.10.21, 3.0 in 1.2.2.
    figures = {"cases": measured, **_speeds(), "mediapipe": version("mediapipe")}
    _print(figures)
    write_figures(options.json, _without_nan(figures))
    return 0


def _measured(way: Way, views: list[View]) -> dict[str, Any]:
    per_camera = {view.camera: _timed_figures(way, view) for view in views}
    return {**over_cameras(list(per_camera.values())), "per_camera": per_camera}


def over_cameras(rows: list[Figures]) -> Figures:
    """One figure of all cameras: means over those that have one, but the smallest share found and all switches."""
    def one(name: str) -> float:
        values = [row[name] for row in rows if not math.isnan(row[name])]
        return OVER_CAMERAS.get(name, np.mean)(values) if values else float("nan")

    return {name: one(name) for name in COLUMNS}


def _timed_figures(way: Way, view: View) -> Figures:
    seen, taken_s = warm_seconds(way, view.film, view.people)
    return {**view_figures(seen, view), "ms_per_frame": 1000.0 * taken_s / seen.found.shape[1]}


def _speeds() -> dict[str, Any]:
    """MediaPipe's time over ours on two films with one person; what counts is the film on which we do worse."""
    with tempfile.TemporaryDirectory() as folder:
        films = {
            "sample": looped_film(Path(folder) / "sample.mp4", LOOPED_FRAMES),
            "four_cameras cam03": data_folder() / "footage" / "four_cameras" / "cam03.mp4",
        }
        by_film = {name: seconds(film) for name, film in films.items()}
    body = {name: ratios(times_s) for name, times_s in by_film.items()}
    hands = {name: ratios(times_s, "_hands") for name, times_s in by_film.items()}
    return {"speed_ratio": _worst(body), "speed_ratio_hands": _worst(hands), "speed_ratio_by_film": body,
            "speed_ratio_hands_by_film": hands, "seconds_by_film": by_film}  # fmt: skip


def _worst(by_film: dict[str, dict[str, float]]) -> dict[str, float]:
    return {quality: min(ratio[quality] for ratio in by_film.values()) for quality in ("best", "fast")}


def _print(figures: dict[str, Any]) -> None:
    rows = [(case, way, camera, *(row[column] for column in COLUMNS)) for case, ways in figures["cases"].items()
            for way, mean in ways.items() for camera, row in (*mean["per_camera"].items(), ("all", mean))]  # fmt: skip
    print_table(("case", "way", "camera", *COLUMNS), rows)
    films = figures["seconds_by_film"]
    ways = list(next(iter(films.values())))
    print_table(("film", *(f"{way} s" for way in ways)), [(film, *times.values()) for film, times in films.items()])
    print_table(("goal", "limit", "is", ""), goals(figures))
    print(f"{machine_line()}, mediapipe {figures['mediapipe']}")


def _without_nan(value: Any) -> Any:
    """JSON knows no NaN: null."""
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
