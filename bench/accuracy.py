"""How near motions come to references: MediaPipe's own world landmarks and our lifts, on the same frames.

Evidence is never mixed: `rendered_dev` is what every choice is made on; `rendered`, `four_cameras` and `real_labels`
are only reported; `simulated` has no pictures, only the trained model of the detector's errors.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.accuracy_figures import COLUMNS, Figures, figures_of, mean_of
from bench.captures import kept_capture
from bench.data import data_folder
from bench.labelled_figures import Evidence, compare, detector_limbs, figures, motion_limbs
from bench.labelled_frames import labelled_clips
from bench.mediapipe_mapped import read_mapping
from bench.reference import Reference, of_four_cameras, of_rendered
from bench.simulated import simulated_figures
from bench.tables import machine_line, print_table, write_figures
from motion.refusal import Refusal

LABEL_COLUMNS = ("depth_order_wrist", "depth_order_ankle", "depth_order_shoulder", "swapped_wrist", "swapped_ankle",
                 "planted_precision", "planted_recall", "footfall_late_ms", "footfall_off_ms", "footfall_missed",
                 "frames")  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", nargs="+", choices=SETS, metavar="SET",
                        help=f"not all of {', '.join(SETS)}; choices are made on rendered_dev")  # fmt: skip
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion, for simulated (default %(default)s)")  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """`build.py bench accuracy`."""
    cases: dict[str, Any] = {}
    for name in options.only or SETS:
        try:
            cases[name] = SETS[name](options)
        except Refusal as refusal:
            print(f"{name}: not measured. {refusal.sentence} {refusal.mend}")
    print(machine_line())
    write_figures(options.json, {"cases": cases})
    return 0


def _measured(name: str, references: Sequence[Reference]) -> dict[str, Figures]:
    """All methods on all clips of a set, printed."""
    mapping = read_mapping()
    per_clip = {each.name: figures_of(kept_capture(name, each.film), each, mapping) for each in references}
    return _told(name, per_clip)


def _told(name: str, per_clip: dict[str, dict[str, Figures]]) -> dict[str, Figures]:
    names = next(iter(per_clip.values()), {})
    methods = {method: mean_of([each[method] for each in per_clip.values()]) for method in names}
    for method, mean in methods.items():
        mean["per_clip"] = {clip: each[method] for clip, each in per_clip.items()}
    rows = [(clip, method, *(row[column] for column in COLUMNS)) for method, mean in methods.items()
            for clip, row in (*mean["per_clip"].items(), ("mean", mean))]  # fmt: skip
    print_table((name, "method", *COLUMNS), rows)
    return methods


def _real_labels(_: argparse.Namespace) -> dict[str, Figures]:
    """What was labelled by looking at the real clips."""
    folder = data_folder() / "footage" / "single"
    pooled = {"mediapipe": Evidence(), "direct": Evidence()}
    for clip, labels in labelled_clips().items():
        take = kept_capture("real_labels", next(folder.glob(f"{clip}.*")))
        for method, limbs_of in (("mediapipe", detector_limbs), ("direct", motion_limbs)):
            people = [limbs_of(person) for person in take.people]
            pooled[method].add(compare(people, take.clip.times_s, *labels))
    methods = {method: figures(evidence) for method, evidence in pooled.items()}
    rows = [(method, *(row[column] for column in LABEL_COLUMNS)) for method, row in methods.items()]
    print_table(("real_labels", *LABEL_COLUMNS), rows)
    return methods


SETS: dict[str, Callable[[argparse.Namespace], dict[str, Figures]]] = {
    "simulated": lambda options: _told("simulated", simulated_figures(options.prepared, read_mapping())),
    "rendered_dev": lambda _: _measured("rendered_dev", of_rendered("rendered_dev")),
    "rendered": lambda _: _measured("rendered", of_rendered("rendered")),
    "four_cameras": lambda _: _measured("four_cameras", of_four_cameras()),
    "real_labels": _real_labels,
}
