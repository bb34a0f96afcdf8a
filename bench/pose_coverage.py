"""How far held-out poses are from the nearest training pose: as recorded, and after more was made of the recordings."""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.train.bodies import BodyFamily
from backend.train.chance import Chance
from backend.train.kinematics import matrix_from_quaternion
from backend.train.motions.prepared import read_prepared
from backend.train.motions.training_clip import RATE_HZ, TrainingClip
from backend.train.packed import PackedMotions
from backend.train.people import BatchSettings, draw_people
from backend.train.variety.nearest_pose import group_of, joints_about_pelvis, nearest_mm, pose_numbers
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array
from motion.refusal import Refusal

SHOWN_STEP, ASKED_STEP = 6, 15      # frames: five poses a second are shown, two a second asked for
PERCENTILES = (50, 90, 99)
NEARER = 0.9                        # of the distance before: what is called nearer
AXES = {"pelvis": False, "gravity": True}
SETTINGS = BatchSettings(batch_size=64, mirrored_share=0.0)
SEED = 0

Poses = Mapping[str, Array]   # rotations [N, 22, 3, 3] by what was done to have them


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion (default %(default)s)")  # fmt: skip
    parser.add_argument("--variety", type=Path, metavar="FILE", help="what `train variety` made of it")
    parser.add_argument("--minutes", type=float, default=60.0,
                        help="of further motion of each kind, as many as in --variety if given (default %(default)g)"
                        )  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """`build.py bench pose_coverage`. Raises Refusal for files without clips to train on or to ask for."""
    clips = read_prepared(options.prepared)
    _check(clips, options)
    made = read_prepared(options.variety) if options.variety else []
    minutes = sum(clip.seconds for clip in made) / 60.0 or options.minutes
    more = further_poses([clip for clip in clips if clip.origin.split == "train"], minutes)
    if made:
        more["made"] = np.concatenate([clip.R_parent_from_joint[::SHOWN_STEP] for clip in made])
    figures: dict[str, Any] = {"minutes": minutes}
    for axes, upright in AXES.items():
        figures[axes] = coverage(clips, more, upright)
        print_table(_heads(axes, more), _rows(figures[axes]))
    print(f"Percentiles {PERCENTILES} of mm to the nearest recorded pose or its mirror image, then with {minutes:.1f} "
          "minutes more of each kind, and the % of poses that these bring nearer by a tenth.")  # fmt: skip
    print(machine_line())
    write_figures(options.json, figures)
    return 0


def _check(clips: Sequence[TrainingClip], options: argparse.Namespace) -> None:
    held_out = [clip.origin.split != "train" for clip in clips]
    if not any(held_out) or all(held_out):
        raise Refusal("no-split", f"{options.prepared} has not both clips for training and clips held out from it.",
                      "Make it with python -m backend train prepare FOLDER.")  # fmt: skip
    if not 0.0 < options.minutes < math.inf:
        raise Refusal("bad-minutes", f"{options.minutes:g} minutes cannot be drawn.", "Give others with --minutes.")


def further_poses(train: Sequence[TrainingClip], minutes: float) -> dict[str, Array]:
    """So many minutes of training windows: as recorded but elsewhere in time, and with arms of others.

    The first tells what sampling more densely would do by itself.
    """
    motions, family = PackedMotions(train, BodyFamily()), BodyFamily()
    count = round(minutes * 60.0 * RATE_HZ / SHOWN_STEP)
    return {
        "denser": _drawn(motions, family, replace(SETTINGS, exchanged_share=0.0), count),
        "exchanged": _drawn(motions, family, replace(SETTINGS, exchanged_share=1.0), count),
    }


@torch.no_grad()
def _drawn(motions: PackedMotions, family: BodyFamily, settings: BatchSettings, count: int) -> Array:
    """Rotations [count, 22, 3, 3] of windows drawn as for training; of exchanged ones where some are asked for."""
    chance, found, missing = Chance.seeded(SEED), [], count
    while missing > 0:
        people = draw_people(motions, family, settings, chance)
        which = people.windows.inside[:, ::SHOWN_STEP]
        if settings.exchanged_share > 0.0:
            which = which & people.exchanged[:, None]
        found.append(matrix_from_quaternion(people.windows.quat_wxyz[:, ::SHOWN_STEP][which]).numpy())
        missing -= len(found[-1])
    return np.concatenate(found)[:count]


def coverage(clips: Sequence[TrainingClip], more: Poses, upright: bool) -> dict[str, dict[str, Any]]:
    """For held-out poses, by split and group of actions: distances to training poses without and with those of `more`.

    Percentiles in mm: of what is recorded, and of that together with each of `more`, of which also the share of poses
    that come nearer by a tenth.
    """
    recorded = pose_numbers([clip for clip in clips if clip.origin.split == "train"], SHOWN_STEP, upright, True)
    asked, groups = _asked(clips, upright)
    before = nearest_mm(asked, recorded)
    after = {name: np.minimum(before, nearest_mm(asked, joints_about_pelvis(R, upright, True)))
             for name, R in more.items()}  # fmt: skip
    return {name: _compared(before[rows], {kind: mm[rows] for kind, mm in after.items()})
            for name, rows in sorted(groups.items())}  # fmt: skip


def _asked(clips: Sequence[TrainingClip], upright: bool) -> tuple[Array, dict[str, Array]]:
    """Held-out poses [N, 22, 3] m, and which of them [n] are of each split and group."""
    poses, rows, first = [], defaultdict(list), 0
    for clip in clips:
        if clip.origin.split != "train":
            poses.append(pose_numbers([clip], ASKED_STEP, upright))
            for group in ("all", group_of(clip.origin.action)):
                rows[f"{clip.origin.split}, {group}"].append(np.arange(first, first + len(poses[-1])))
            first += len(poses[-1])
    return np.concatenate(poses), {name: np.concatenate(parts) for name, parts in rows.items()}


def _compared(before: Array, after: Mapping[str, Array]) -> dict[str, Any]:
    return {
        "poses": len(before), "recorded": _percentiles(before),
        **{name: _percentiles(mm) for name, mm in after.items()},
        "nearer_percent": {name: 100.0 * float(np.mean(mm < NEARER * before)) for name, mm in after.items()},
    }  # fmt: skip


def _percentiles(distances_mm: Array) -> list[float]:
    return [float(value) for value in np.percentile(distances_mm, PERCENTILES)]


def _heads(axes: str, more: Poses) -> tuple[str, ...]:
    return (f"in axes of {axes}", "poses", "recorded", *(f"+ {name}" for name in more),
            *(f"{name}, nearer %" for name in more))  # fmt: skip


def _rows(groups: Mapping[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    rows = []
    for name, group in groups.items():
        nearer = group["nearer_percent"]
        distances = (" ".join(f"{value:4.0f}" for value in group[kind]) for kind in ("recorded", *nearer))
        rows.append((name, str(group["poses"]), *distances, *(f"{share:.0f}" for share in nearer.values())))
    return rows
