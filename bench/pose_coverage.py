"""How far held-out poses are from the nearest training pose, before and after clips were made up from recordings."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from backend.train.motions.prepared import read_prepared
from backend.train.motions.training_clip import TrainingClip
from backend.train.variety.make_variety import make_variety
from backend.train.variety.nearest_pose import group_of, nearest_mm, pose_numbers
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array

MADE_MINUTES = 60.0
SHOWN_STEP, ASKED_STEP = 6, 10  # frames: five poses a second are shown, three a second asked for
PERCENTILES = (50, 90, 95, 99)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion (default %(default)s)")  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """`build.py bench pose_coverage`."""
    clips = read_prepared(options.prepared)
    began_s = time.process_time()
    made = make_variety(clips, np.random.default_rng(0), MADE_MINUTES)
    made_s = time.process_time() - began_s
    figures: dict[str, Any] = {"made_minutes": sum(clip.seconds for clip in made) / 60.0, "made_cpu_s": made_s}
    for name, upright in (("pelvis", False), ("gravity", True)):
        figures[name] = coverage(clips, made, upright)
        print_table((f"mm, axes of the {name}", "poses", *_heads("before"), *_heads("after")), _rows(figures[name]))
    print(f"{figures['made_minutes']:.1f} min were made in {made_s:.0f} s of one core. {machine_line()}")
    write_figures(options.json, figures)
    return 0


def coverage(clips: Sequence[TrainingClip], made: Sequence[TrainingClip], upright: bool) -> dict[str, dict[str, Any]]:
    """Percentiles mm of the nearest distances of held-out poses, by split and group of actions."""
    train = [clip for clip in clips if clip.origin.split == "train"]
    recorded = pose_numbers(train, SHOWN_STEP, upright, mirrored=True)
    more = pose_numbers(made, SHOWN_STEP, upright, mirrored=True)
    asked: dict[str, list[Array]] = defaultdict(list)
    for clip in clips:
        if clip.origin.split != "train":
            poses = pose_numbers([clip], ASKED_STEP, upright)
            asked[f"{clip.origin.split}, all"].append(poses)
            asked[group_of(clip.origin.action)].append(poses)
    return {name: _compared(np.concatenate(asked[name]), recorded, more) for name in sorted(asked)}


def _compared(poses: Array, recorded: Array, more: Array) -> dict[str, Any]:
    before = nearest_mm(poses, recorded)
    after = np.minimum(before, nearest_mm(poses, more))
    return {"poses": len(poses), "before": _percentiles(before), "after": _percentiles(after)}


def _percentiles(distances_mm: Array) -> list[float]:
    return [float(value) for value in np.percentile(distances_mm, PERCENTILES)]


def _heads(when: str) -> tuple[str, ...]:
    return tuple(f"{when} {percentile} %" for percentile in PERCENTILES)


def _rows(groups: dict[str, dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(name, str(group["poses"]), *group["before"], *group["after"]) for name, group in groups.items()]
