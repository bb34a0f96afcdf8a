"""Milliseconds a frame by stage, memory, and what the budgets ask for; ratios come from one run."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from backend.body.actor import BodySettings, bodies_of
from backend.cameras.camera_path import standing_camera
from backend.cameras.focal import CameraSettings, intrinsics
from backend.lift.lift_track import LiftSettings, lift_track
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.world.place import WorldSettings, place
from bench.captures import captured
from bench.data import ROOT
from bench.lifter_length import lifter_length
from bench.looped_film import SAMPLE, looped_film, looped_track
from bench.tables import machine_line, print_table, write_figures
from motion.places import environment_folder, environment_python

LENGTHS = (300, 3_000)
POST_LENGTHS = (300, 30_000)
STAGES = ("decode", "detect", "track", "lift", "world", "write")


def main(options: argparse.Namespace) -> int:
    """`build.py bench speed`."""
    with tempfile.TemporaryDirectory() as name:
        figures = _figures(Path(name))
    rows = [(stage, ms) for stage, ms in figures["stages_ms"].items()]
    print_table(("stage", "ms a frame"), rows)
    rest = {key: value for key, value in figures.items() if key != "stages_ms"}
    print_table(("measure", "value"), [(key, _shown(value)) for key, value in rest.items()])
    print(machine_line())
    write_figures(options.json, figures)
    return 0


def _figures(folder: Path) -> dict[str, Any]:
    runs = {}
    for frames in LENGTHS:
        film = looped_film(folder / f"film_{frames}.mp4", frames)
        (folder / str(frames)).mkdir()
        runs[frames] = _module("bench.one_capture", str(film), str(folder / str(frames)))
    short = runs[LENGTHS[0]]
    mediapipe = _module("bench.mediapipe_alone", str(folder / f"film_{LENGTHS[0]}.mp4"))
    per_frame = 1000.0 / short["frames"]
    return {
        "stages_ms": {stage: short["stages_s"][stage] * per_frame for stage in STAGES},
        "whole_ms": short["whole_s"] * per_frame,
        "frames_per_second": short["frames"] / short["whole_s"],
        "over_detector": short["whole_s"] / short["stages_s"]["detect"],
        "over_mediapipe": short["whole_s"] / mediapipe["seconds"],
        "preview_ms": _preview_ms(folder),
        "peak_memory_mb": {str(frames): run["peak_mb"] for frames, run in runs.items()},
        "post_ms_per_frame": _post_ms(folder),
        **lifter_length(),
        "first_event_s": _first_event_s(folder),
        "import_s": _import_s(),
        "zip_mb": _zip_mb(folder),
    }


def _module(name: str, *arguments: str) -> dict[str, Any]:
    """The JSON that a module of ours prints as its last line, from a process of its own."""
    command = [sys.executable, "-m", name, *arguments]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(run.stdout.strip().splitlines()[-1])


def _post_ms(folder: Path) -> dict[str, float]:
    """Lifting and placing, a frame, on the sample's track repeated to each length."""
    take = captured(SAMPLE, folder)
    return {str(frames): _post_once(take.people[0].track, take.clip, frames) for frames in POST_LENGTHS}


def _post_once(track: Track, clip: Clip, frames: int) -> float:
    repeated = looped_track(track, frames)
    K = intrinsics(clip, CameraSettings())
    began_s = time.perf_counter()
    (start,) = bodies_of([repeated], K, BodySettings(), None)
    place([lift_track(repeated, start, K, LiftSettings(), "cpu")], clip, standing_camera(clip.times_s), WorldSettings())
    return 1000.0 * (time.perf_counter() - began_s) / frames


def _preview_ms(folder: Path) -> float:
    from backend.preview.draw_preview import PreviewSettings, draw_preview
    from backend.progress import silent

    take = captured(SAMPLE, folder)
    motions, bodies = [p.motion for p in take.people], [p.body for p in take.people]
    for name in ("warm.mp4", "preview.mp4"):   # the first one loads torch and the codec
        began_s = time.perf_counter()
        draw_preview(take.clip, motions, bodies, folder / name, PreviewSettings(), silent)
    return 1000.0 * (time.perf_counter() - began_s) / take.clip.picture_count


def _first_event_s(folder: Path) -> float | None:
    """From starting the backend's process to the first line of its events."""
    job = folder / "job"
    job.mkdir()
    (job / "request.json").write_text(json.dumps({"clips": [str(SAMPLE)], "protocol": 1}), encoding="utf-8")
    began_s = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "backend", "run", str(job)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() - began_s < 60.0:
            if (job / "events.jsonl").exists() and (job / "events.jsonl").stat().st_size > 0:
                return time.perf_counter() - began_s
            time.sleep(0.01)
        return None
    finally:
        process.kill()
        process.wait()


def _import_s() -> float | None:
    """In the oldest bpy at hand; None without any."""
    pythons = [environment_python(folder) for folder in sorted(environment_folder("").glob("bpy-*"))]
    found = next((python for python in pythons if python.exists()), None)
    if found is None:
        return None
    command = [str(found), "bench/import_in_blender.py"]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=300)
    return json.loads(run.stdout.strip().splitlines()[-1])["import_s"]


def _zip_mb(folder: Path) -> float:
    run = subprocess.run([sys.executable, "build.py", "extension", "--output-dir", str(folder / "zip")], cwd=ROOT)
    zips = list((folder / "zip").glob("*.zip")) if run.returncode == 0 else []
    return zips[0].stat().st_size / 1e6 if zips else float("nan")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {number:.2f}" for key, number in value.items())
    return "-" if value is None else f"{value:.3g}"
