"""What each part of the lifter is worth: small networks that differ in one thing, taught by the very same batches.

    python -m bench.ablations train PREPARED --bank FOLDER --seed 0 --out FOLDER
    python -m bench.ablations table FOLDER [FOLDER ...]

One folder a seed; the difference between seeds stands beside each figure. Measured on `rendered_dev`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.command_line.lifter import GUESS_BATCHES, opened_batches
from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import read_lifter
from backend.train.lifter.first_guess import fit_first_guess
from backend.train.lifter.skeletons import fit_skeletons
from backend.train.lifter.trainer import LIFTER_FILE, Training
from backend.train.train_settings import TrainSettings
from bench.lifter_figures import lifter_figures
from bench.tables import machine_line, print_table

CLIPS, BATCH, FRAMES = 30_000, 32, 40
SMALL = LifterConfiguration(width=64, blocks=2, head_width=64, joint_width=12)
VARIANTS: dict[str, LifterConfiguration] = {
    "all parts": SMALL,
    "without world landmarks": replace(SMALL, world_landmarks=False),
    "without bone tokens": replace(SMALL, bone_tokens=False),
    "without graph convolution": replace(SMALL, graph_convolution=False),
    "attention in place of the scan": replace(SMALL, over_time="attention"),
}
MORE_VARIANTS: dict[str, LifterConfiguration] = {
    "without limb order": replace(SMALL, limb_order=False),
    "one direction only": replace(SMALL, both_directions=False),
    "frame tokens only": replace(SMALL, joint_blocks=0, bone_tokens=False),
}
SIZES: dict[str, LifterConfiguration] = {
    "width 32, 1 block": replace(SMALL, width=32, blocks=1, head_width=32),
    "width 128, 4 blocks": replace(SMALL, width=128, blocks=4, head_width=64),
}
FEATURES: dict[str, LifterConfiguration] = {
    "all parts": SMALL,
    "with the landmark network's features": replace(SMALL, feature_count=288),
}
SHOWN = ("mpjpe_mm", "pa_mpjpe_mm", "accel_error_m_s2", "rotation_median_deg")


def train(variants: Mapping[str, LifterConfiguration], options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Every variant takes one step on every batch; each is written to a file of its own name."""
    learned, rows, validation = opened_batches(options, "cpu")
    steps = options.clips // options.batch
    settings = TrainSettings(steps=steps, every=steps)
    guesses = [next(rows) for _ in range(GUESS_BATCHES)]
    runs = []
    for name, wanted in variants.items():
        torch.manual_seed(options.seed)
        lifter = Lifter(wanted)
        fit_skeletons(lifter, learned)
        fit_first_guess(lifter, guesses)
        runs.append(Training(lifter, rows, validation, settings, options.out / name.replace(" ", "_")))
    for step in range(steps):
        batch = next(rows)
        for run in runs:
            run.learn(batch, step / steps, step)
        if step % 100 == 0:
            say(f"step {step} of {steps}")
    for run in runs:
        run.keep(1.0)


def table(folders: Sequence[Path]) -> dict[str, Any]:
    """By variant: the mean over seeds of each figure, and how far seeds lie apart."""
    found: dict[str, list[dict[str, Any]]] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{LIFTER_FILE}")):
            found.setdefault(path.parent.name.replace("_", " "), []).append(lifter_figures(read_lifter(path)))
    rows = {}
    for name, seeds in found.items():
        values = np.array([[float(each[column]) for column in SHOWN] for each in seeds])
        rows[name] = {"mean": dict(zip(SHOWN, values.mean(axis=0).tolist(), strict=True)),
                      "apart": dict(zip(SHOWN, np.ptp(values, axis=0).tolist(), strict=True)), "seeds": len(seeds)}
    print_table(("variant", *(f"{column} (seeds apart)" for column in SHOWN)),
                [(name, *(f"{row['mean'][column]:.1f} ({row['apart'][column]:.1f})" for column in SHOWN))
                 for name, row in rows.items()])  # fmt: skip
    print(machine_line())
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    training = commands.add_parser("train")
    training.add_argument("prepared", type=Path, nargs="+")
    training.add_argument("--bank", type=Path)
    training.add_argument("--bank-share", type=float, default=25.0)
    training.add_argument("--data-share", type=float, default=100.0, help="percent of the clips that are learned from")
    training.add_argument("--what", choices=("parts", "more", "sizes", "features", "one"), default="parts")
    training.add_argument("--clips", type=int, default=CLIPS)
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--out", type=Path, required=True)
    training.set_defaults(run=_train, batch=BATCH, frames=FRAMES)
    showing = commands.add_parser("table")
    showing.add_argument("folders", type=Path, nargs="+")
    showing.add_argument("--json", type=Path)
    showing.set_defaults(run=_table)
    options = parser.parse_args()
    options.run(options)


def _train(options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    variants = {"parts": VARIANTS, "more": MORE_VARIANTS, "sizes": SIZES, "features": FEATURES,
                "one": {f"{options.data_share:g} % of the data": SMALL}}
    train(variants[options.what], options, lambda line: print(line, flush=True))


def _table(options: argparse.Namespace) -> None:
    rows = table(options.folders)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
