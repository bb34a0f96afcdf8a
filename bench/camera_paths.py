"""How near camera paths from pictures come to the true ones, on rendered films with their true focal length.

Kinds are judged by what the camera truly did: it travels if it goes farther than a thirtieth of its distance to the
person, turns if it turns by a quarter of a degree, and else stands.
"""

from __future__ import annotations

import argparse
import functools
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.cameras.camera_path import CameraKind, CameraPath
from backend.cameras.find_camera_paths import find_camera_paths
from backend.cameras.focal import CameraSettings
from backend.detect.detector import DetectSettings
from backend.detect.find_people import find_people
from backend.progress import silent
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from bench.rendered import RenderedClip, rendered_clips
from bench.tables import machine_line, print_table, write_figures
from bench.tracked import kept_tracks
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix

SETS = ("rendered_dev", "rendered")
TRAVELS = 1.0 / 30.0     # of the distance to the person
TURNS_DEG = 0.25
TIMED_CLIPS = 2          # of a set are detected again, to have the time of both stages from one run
HEAD = ("clip", "camera", "kind", "true kind", "confidence", "turn off deg", "90 %", "most", "step off deg", "90 %",
        "said sigma", "place off %", "path m")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Compared:
    """A path found in the T pictures of one film, and the true one."""

    clip: RenderedClip
    found: CameraPath

    @property
    def true_turns(self) -> Array:
        """R_first_from_camera [T, 3, 3]."""
        R = self.clip.R_camera_from_world
        return R[0] @ np.swapaxes(R, -1, -2)

    @property
    def true_places(self) -> Array:
        """[T, 3] m in the first camera's axes."""
        R, t = self.clip.R_camera_from_world, self.clip.t_camera_from_world
        places_world = -np.einsum("tji,tj->ti", R, t)
        return (places_world - places_world[0]) @ R[0].T

    @property
    def true_kind(self) -> CameraKind:
        away_m = np.linalg.norm(self.clip.in_camera(self.clip.root_world[:, None])[:, 0], axis=-1).mean()
        if np.linalg.norm(self.true_places, axis=-1).max() > TRAVELS * away_m:
            return "travelling"
        return "turning" if _degrees(self.true_turns).max() > TURNS_DEG else "static"

    def turn_errors(self) -> Array:
        """[T] deg, since the first picture."""
        return _degrees(np.swapaxes(self.true_turns, -1, -2) @ self.found.R_first_from_camera)

    def step_errors(self) -> Array:
        """[T - 1, 3] rad about the camera's axes, of each turn since the picture before."""
        return axis_angle_from_matrix(np.swapaxes(_steps(self.true_turns), -1, -2)
                                      @ _steps(self.found.R_first_from_camera))  # fmt: skip

    def place_error(self) -> float | None:
        """Root mean square in the best unit, over the length of the way from the first place to the farthest one."""
        true, found = self.true_places, self.found.places_first
        if self.true_kind != "travelling" or not np.any(found):
            return None
        left_m = true - (true * found).sum() / (found**2).sum() * found
        return float(np.sqrt((left_m**2).sum(axis=-1).mean()) / np.linalg.norm(true, axis=-1).max())


def main(options: argparse.Namespace) -> int:
    """`build.py bench camera`."""
    figures: dict[str, Any] = {"machine": machine_line()}
    for which in SETS:
        compared = compared_paths(which)
        rows = [row_of(each) for each in compared]
        print(f"{which}:")
        print_table(HEAD, [tuple(row.values()) for row in rows])
        figures[which] = {"clips": rows, "steps": step_figures(compared), "kinds": kind_figures(compared),
                          "ms_a_picture": stage_times(which)}  # fmt: skip
        print_table(("", "median deg", "90 % deg", "frames"),
                    [(name, *row.values()) for name, row in figures[which]["steps"].items()])  # fmt: skip
        print(f"kinds right: {figures[which]['kinds']}; ms a picture: {figures[which]['ms_a_picture']}")
    print(figures["machine"])
    write_figures(options.json, figures)
    return 0


@functools.cache
def compared_paths(which: str) -> tuple[Compared, ...]:
    """All films of a set; paths are kept until film or code change."""
    return tuple(Compared(clip, kept_tracks(which, clip.film, clip.K).cameras[0]) for clip in rendered_clips(which)
                 if len(kept_tracks(which, clip.film, clip.K).cameras) == 1)  # fmt: skip


@functools.cache
def measured_turn_errors(which: str) -> Array:
    """[N, 3] rad about the camera's axes: errors of turns from picture to picture, of all cameras that do not stand."""
    return np.concatenate([each.step_errors() for each in compared_paths(which) if each.true_kind != "static"])


def row_of(each: Compared) -> dict[str, Any]:
    """One line of the table."""
    turn_deg, step_deg = each.turn_errors(), np.degrees(np.linalg.norm(each.step_errors(), axis=-1))
    place = each.place_error()
    return {
        "clip": each.clip.name, "camera": each.clip.words["camera"], "kind": each.found.kind,
        "true_kind": each.true_kind, "confidence": each.found.confidence,
        "turn_median_deg": float(np.median(turn_deg)), "turn_90_deg": float(np.quantile(turn_deg, 0.9)),
        "turn_most_deg": float(turn_deg.max()), "step_median_deg": float(np.median(step_deg)),
        "step_90_deg": float(np.quantile(step_deg, 0.9)),
        "said_sigma_deg": float(np.degrees(np.median(each.found.turn_sigma_rad))),
        "place_percent": None if place is None else 100.0 * place,
        "path_m": float(np.linalg.norm(each.true_places, axis=-1).max()),
    }  # fmt: skip


def step_figures(compared: tuple[Compared, ...]) -> dict[str, dict[str, float]]:
    """Errors from picture to picture, by the kind of camera."""
    by_camera: dict[str, list[Array]] = {}
    for each in compared:
        by_camera.setdefault(each.clip.words["camera"], []).append(each.step_errors())
    lengths = {name: np.degrees(np.linalg.norm(np.concatenate(found), axis=-1)) for name, found in by_camera.items()}
    return {name: {"median_deg": float(np.median(deg)), "90_deg": float(np.quantile(deg, 0.9)), "frames": len(deg)}
            for name, deg in sorted(lengths.items())}  # fmt: skip


def kind_figures(compared: tuple[Compared, ...]) -> dict[str, str]:
    """How many of each true kind were found to be that."""
    kinds = {each.true_kind for each in compared}
    return {kind: f"{sum(each.found.kind == kind for each in compared if each.true_kind == kind)} of "
                  f"{sum(each.true_kind == kind for each in compared)}" for kind in sorted(kinds)}  # fmt: skip


def stage_times(which: str) -> dict[str, float]:
    """Milliseconds a picture of the stages "detect" and "camera", of films whose camera moves."""
    spent = {"detect": 0.0, "camera": 0.0}
    pictures = 0
    for clip in [each for each in rendered_clips(which) if each.words["camera"] != "static"][:TIMED_CLIPS]:
        film = open_clip(clip.film, VideoSettings())
        began_s = time.perf_counter()
        detections = find_people(film, DetectSettings(), silent)
        detected_s = time.perf_counter()
        find_camera_paths(film, detections, kept_tracks(which, clip.film, clip.K).tracks, clip.K, CameraSettings(),
                          silent)  # fmt: skip
        spent["detect"] += 1e3 * (detected_s - began_s)
        spent["camera"] += 1e3 * (time.perf_counter() - detected_s)
        pictures += film.picture_count
    return {name: ms / pictures for name, ms in spent.items()}


def _steps(R_first_from_camera: Array) -> Array:
    """[T - 1, 3, 3] R_before_from_camera."""
    return np.swapaxes(R_first_from_camera[:-1], -1, -2) @ R_first_from_camera[1:]


def _degrees(R: Array) -> Array:
    return np.degrees(np.linalg.norm(axis_angle_from_matrix(R), axis=-1))
