"""How true the world is: path, floor, feet and camera, raw, by GVHMR's own post-processing, and by ours.

Every choice is made on `rendered_dev`; `rendered` and `four_cameras` are only reported. `static` and `moving` have no
pictures: motion that training never saw, through the model of the detector's errors. Focal lengths are given, and body
heights where they are known, but for `rte_no_height_percent`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from backend.lift.network.configuration import SHIPPED
from backend.lift.network.weights import read_lifter
from bench.tables import machine_line, print_table, write_figures
from bench.world_figures import COLUMNS, Figures, mean_of
from bench.world_goals import goal_rows
from bench.world_methods import figures_by_method
from bench.world_scenes import Scene, four_camera_scenes, rendered_scenes
from bench.world_simulated import simulated_scenes
from motion.refusal import Refusal

CASES: dict[str, Callable[[argparse.Namespace], Iterable[Scene]]] = {
    "static": lambda options: simulated_scenes(options.prepared, moving=False),
    "moving": lambda options: simulated_scenes(options.prepared, moving=True),
    "rendered": lambda _: rendered_scenes("rendered"),
    "four_cameras": lambda _: four_camera_scenes(),
    "rendered_dev": lambda _: rendered_scenes("rendered_dev"),
}
USUAL = ("static", "moving", "rendered", "four_cameras")
_SHORT = {"wa_mpjpe100_mm": "wa", "w_mpjpe100_mm": "w", "rte_percent": "rte%", "rte_no_height_percent": "rte%-h",
          "jitter_10m_s3": "jitter", "foot_sliding_mm": "slide", "sliding_beyond_truth_mm": "beyond",
          "penetration_mm": "sunk", "floating_mm": "float", "mpjpe_mm": "mpjpe", "camera_yaw_deg": "yaw",
          "camera_tilt_deg": "tilt", "swim_mm": "swim", "planted_position_mm": "planted", "sole_deg": "sole",
          "onset_frames": "onset", "contacts_missed_share": "missed", "contacts_extra_share": "extra"}  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", nargs="+", choices=CASES, default=USUAL, metavar="CASE",
                        help=f"other cases than {', '.join(USUAL)}; choices are made on rendered_dev")  # fmt: skip
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion, for static and moving (default %(default)s)")  # fmt: skip
    parser.add_argument("--lifter-file", type=Path, default=SHIPPED, metavar="FILE",
                        help="other weights than the shipped ones")  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """`build.py bench world`."""
    lifter = read_lifter(options.lifter_file)
    cases: dict[str, dict[str, Figures]] = {}
    for name in options.only:
        try:
            cases[name] = _told(name, {scene.name: figures_by_method(scene, lifter) for scene in CASES[name](options)})
        except Refusal as refusal:
            print(f"{name}: not measured. {refusal.sentence} {refusal.mend}")
    print_table(("case", "figure", "goal", "mambocap", "bound", "reached"), goal_rows(cases))
    print(machine_line())
    write_figures(options.json, {"cases": cases})
    return 0


def _told(case: str, clips: dict[str, dict[str, Figures]]) -> dict[str, Any]:
    """Means by method, printed below each clip's own."""
    methods: dict[str, Any] = {}
    for method in next(iter(clips.values()), {}):
        of_each = {clip: found[method] for clip, found in clips.items()}
        methods[method] = {**mean_of(list(of_each.values())), "clips": of_each}
    rows = [(clip, method, *(_rounded(row[column]) for column in COLUMNS)) for method, mean in methods.items()
            for clip, row in (*mean["clips"].items(), (f"mean of {case}", mean))]  # fmt: skip
    print_table((case, "method", *(_SHORT.get(column, column) for column in COLUMNS)), rows)
    return methods


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
