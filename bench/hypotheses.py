"""Other poses that fit the footage, beside the truth: how good they are, how far apart, how sure, and what they cost.

What is measured is the lift in the camera's axes, before it is put into the world, on the frames, joints and alignment
of `bench accuracy`. N samples are judged as one of them, as their mean, as RPEA makes them one, and by the best of
them, which nobody knows without the truth: chosen for a clip, for about a second, or for a frame as FMPose3D does;
each error by a choice of its own. `gaussian...` is the same of a control, the lift plus noise of the variance that it
predicts, as slow as the flow's; `gaussian` alone is its best windows. Choices are made on `rendered_dev`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from backend.device import DEVICE_SETTINGS, choose_device
from backend.hypotheses.configuration import SHIPPED as SHIPPED_FLOW
from backend.hypotheses.flow import Flow
from backend.hypotheses.gaussian import gaussian_samples
from backend.hypotheses.rpea import aggregated, joint_weights, pose_weights, rpea
from backend.hypotheses.sample import sample_poses
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import HypothesesSettings, RpeaSettings
from backend.hypotheses.spread import spread_m
from backend.hypotheses.weights import read_flow
from backend.lift.lift import Lift
from backend.lift.network.configuration import SHIPPED as SHIPPED_LIFTER
from backend.lift.network.weights import read_lifter
from bench.hypotheses_figures import MOST, Figures, figures_of, over_clips
from bench.hypotheses_goals import goal_rows, speed_rows
from bench.hypotheses_sets import SETS, Judged
from bench.hypotheses_speed import seconds, speed_figures
from bench.hypotheses_tables import print_case, print_speed
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array
from motion.refusal import Refusal

_TIMED, _TIMES = (1, MOST), 2       # counts of samples, and how often
_TIMED_CLIPS = 3                    # of each set


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", nargs="+", choices=SETS, default=tuple(SETS), metavar="SET",
                        help=f"not all of {', '.join(SETS)}; choices are made on rendered_dev")  # fmt: skip
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion, for simulated (default %(default)s)")  # fmt: skip
    parser.add_argument("--lifter-file", type=Path, default=SHIPPED_LIFTER, metavar="FILE",
                        help="other weights than the shipped ones")  # fmt: skip
    parser.add_argument("--flow-file", type=Path, default=SHIPPED_FLOW, metavar="FILE",
                        help="other weights than the shipped ones")  # fmt: skip
    parser.add_argument("--device", choices=DEVICE_SETTINGS, default="auto")


def main(options: argparse.Namespace) -> int:
    """`build.py bench hypotheses`."""
    device = choose_device(options.device)
    lifter = read_lifter(options.lifter_file, device)
    ways = Ways(read_flow(options.flow_file, device), HypothesesSettings(), device)
    cases: dict[str, Figures] = {}
    for name in options.only:
        try:
            cases[name] = _measured(name, SETS[name](options.prepared, lifter, device), ways)
        except Refusal as refusal:
            print(f"{name}: not measured. {refusal.sentence} {refusal.mend}")
    speed = speed_figures(lifter, ways.flow, ways.settings, device)
    print_speed(speed)
    print_table(("case", "goal", "reached", "range", "met"),
                [*goal_rows(cases), *(("speed", *row) for row in speed_rows(speed))])  # fmt: skip
    print(f"{device}; {machine_line()}")
    write_figures(options.json, {"cases": cases, "speed": speed})
    return 0


@dataclass(frozen=True, eq=False)
class Ways:
    """How poses are drawn."""

    flow: Flow
    settings: HypothesesSettings
    device: str

    def drawn(self, lift: Lift, count: int) -> Samples:
        return sample_poses(lift, count, self.flow, self.settings)

    def spread_m(self, samples: Samples) -> Array:
        """[T, 22] about the lift, as it is shown."""
        return spread_m(samples, samples.lift, joint_weights(samples, self.settings.rpea))

    def ms_per_frame(self, lift: Lift, count: int) -> float:
        """The faster of some times."""
        least_s = min(seconds(lambda: self.drawn(lift, count), self.device) for _ in range(_TIMES))
        return 1000.0 * least_s / len(lift.root_camera)


def _measured(name: str, clips: Iterable[Judged], ways: Ways) -> Figures:
    """All clips of a set, printed."""
    found = {}
    for judged in clips:
        found[judged.name] = _of_clip(judged, ways, len(found) < _TIMED_CLIPS)
        print(f"{name}: {len(found)} clips, {judged.name}", file=sys.stderr, flush=True)
    figures = over_clips(found)
    print_case(name, figures)
    return figures


def _of_clip(judged: Judged, ways: Ways, timed: bool) -> Figures:
    control = gaussian_samples(judged.lift, MOST, ways.settings.seed)
    figures = figures_of(
        judged, ways.drawn(judged.lift, MOST), control, aggregates(ways.settings.rpea), ways.spread_m)
    times = {str(count): ways.ms_per_frame(judged.lift, count) if timed else None for count in _TIMED}
    return {**figures, "gaussian": figures["gaussian_best_window"], "ms_per_frame": times}


def aggregates(settings: RpeaSettings) -> dict[str, Callable[[Samples], Lift]]:
    """By name: the plain mean, and what weighs samples by the picture, joint by joint and pose by pose."""
    return {"mean": _plain_mean, "rpea": partial(rpea, settings=settings),
            "rpea_per_pose": partial(_rpea_per_pose, settings=settings)}  # fmt: skip


def _plain_mean(samples: Samples) -> Lift:
    return aggregated(samples, np.full(samples.turns_rad.shape[:3], 1.0 / len(samples)))


def _rpea_per_pose(samples: Samples, settings: RpeaSettings) -> Lift:
    weights = pose_weights(samples, settings)[..., None]
    return aggregated(samples, np.broadcast_to(weights, samples.turns_rad.shape[:3]))
