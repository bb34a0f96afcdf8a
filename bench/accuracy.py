"""How near motions come to references: MediaPipe's own world landmarks and our lifts, on the same frames.

Evidence is never mixed: `rendered_dev` is what every choice is made on; `rendered`, `four_cameras` and `real_labels`
are only reported; `simulated` has no pictures, only the trained model of the detector's errors.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from backend.lift.network.configuration import SHIPPED
from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import read_lifter
from bench.accuracy_figures import COLUMNS, Figures, Measured, figures_of, together
from bench.accuracy_ratios import detectors_ratio, print_by_joint, print_ratios, ratios_of
from bench.by_network import people_of, placed_by_network
from bench.captures import kept_capture
from bench.data import data_folder
from bench.labelled_figures import Evidence, compare, detector_limbs, figures, motion_limbs
from bench.labelled_frames import labelled_clips
from bench.mediapipe_mapped import read_mapping
from bench.pose_evidence import COLUMNS as POSE_COLUMNS
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
    parser.add_argument("--lifter-file", type=Path, default=SHIPPED, metavar="FILE",
                        help="other weights than the shipped ones, for network")  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """`build.py bench accuracy`."""
    lifter = read_lifter(options.lifter_file)
    cases: dict[str, dict[str, Figures]] = {}
    for name in options.only or SETS:
        try:
            cases[name] = SETS[name](options, lifter)
        except Refusal as refusal:
            print(f"{name}: not measured. {refusal.sentence} {refusal.mend}")
    ratios = {name: ratios_of(methods) for name, methods in cases.items() if name != "real_labels"}
    detectors = detectors_ratio(cases)
    print_ratios(ratios, detectors)
    print(machine_line())
    write_figures(options.json, {"cases": cases, "ratios": ratios, "mediapipe_simulated/rendered": detectors})
    return 0


def _measured(name: str, references: Sequence[Reference], lifter: Lifter) -> dict[str, Figures]:
    """All methods on all clips of a set, printed."""
    mapping = read_mapping()
    clips = {each.name: figures_of(kept_capture(name, each.film), each, mapping, lifter) for each in references}
    return _told(name, clips)


def _told(name: str, clips: dict[str, dict[str, Measured]]) -> dict[str, Figures]:
    methods = {}
    for method in next(iter(clips.values()), {}):
        of_each = {clip: together([found[method]]) for clip, found in clips.items()}
        methods[method] = {**together([found[method] for found in clips.values()]), "clips": of_each}
    shown = (*COLUMNS, *POSE_COLUMNS)
    rows = [(clip, method, *(row[column] for column in shown)) for method, mean in methods.items()
            for clip, row in (*mean["clips"].items(), ("mean", mean))]  # fmt: skip
    print_table((name, "method", *shown), rows)
    print_by_joint(name, methods)
    return methods


def _real_labels(_: argparse.Namespace, lifter: Lifter) -> dict[str, Figures]:
    """What was labelled by looking at the real clips."""
    folder = data_folder() / "footage" / "single"
    pooled = {"mediapipe": Evidence(), "direct": Evidence(), "network": Evidence()}
    for clip, labels in labelled_clips().items():
        take = kept_capture("real_labels", next(folder.glob(f"{clip}.*")))
        people = {
            "mediapipe": [detector_limbs(person) for person in take.people],
            "direct": [motion_limbs(person) for person in take.people],
            "network": [motion_limbs(person) for person in people_of(placed_by_network(take, lifter))],
        }
        for method, limbs in people.items():
            pooled[method].add(compare(limbs, take.clip.times_s, *labels))
    methods = {method: figures(evidence) for method, evidence in pooled.items()}
    rows = [(method, *(row[column] for column in LABEL_COLUMNS)) for method, row in methods.items()]
    print_table(("real_labels", *LABEL_COLUMNS), rows)
    return methods


SETS: dict[str, Callable[[argparse.Namespace, Lifter], dict[str, Figures]]] = {
    "simulated": lambda options, lifter: _told(
        "simulated", simulated_figures(options.prepared, read_mapping(), lifter)),
    "rendered_dev": lambda _, lifter: _measured("rendered_dev", of_rendered("rendered_dev"), lifter),
    "rendered": lambda _, lifter: _measured("rendered", of_rendered("rendered"), lifter),
    "four_cameras": lambda _, lifter: _measured("four_cameras", of_four_cameras(), lifter),
    "real_labels": _real_labels,
}  # fmt: skip
