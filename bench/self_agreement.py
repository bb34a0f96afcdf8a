"""Whether lifts of real films agree with themselves: at fewer pictures a second, in the mirror, upside down.

Nothing is known to be right here, but all of these show the same motion. Thinned: the same landmarks, of which every
second or fourth picture is kept. Mirrored and turned by 180 degrees: the picture is, and it is looked at anew.
Centroid-aligned mean distances of the 12 joints of the limbs, before anybody is put into a world.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from backend.body.actor import BodySettings, bodies_of
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.configuration import SHIPPED
from backend.lift.network.weights import read_lifter
from backend.track.tracks import Track
from backend.video.clip import VideoSettings
from bench.accuracy_figures import nearest
from bench.captures import Captured, kept_capture
from bench.data import data_folder
from bench.metrics import LEFT_RIGHT, centroid_mpjpe_mm
from bench.reference import Reference
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array, Mask
from motion.body import Body
from motion.landmarks import LIMB_LANDMARKS

# One person, at least 24 pictures a second, legs and arms in the picture.
CLIPS = ("arms_and_steps_dark_clothes", "football_juggling_static", "hiphop_dance_static", "run_side_moving_camera",
         "walk_and_backflip_static", "yoga_floor_lowres", "clean_and_jerk_static_lowres")  # fmt: skip
SECONDS = 4.0
THINNED = {"half": 2, "quarter": 4}
ANEW = {"mirrored": VideoSettings(mirrored=True), "turned": VideoSettings(turn_deg=180)}
GOALS_MM = {"half": 15.0, "quarter": 15.0, "mirrored": 30.0, "turned": 30.0}

Lifting = Callable[[Track, Body, Array], Lift]
Gaps = dict[str, float | None]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lifter-file", type=Path, default=SHIPPED, metavar="FILE",
                        help="other weights than the shipped ones, for network")  # fmt: skip
    parser.add_argument("--clips", nargs="+", choices=CLIPS, default=CLIPS, metavar="CLIP",
                        help=f"not all of {', '.join(CLIPS)}")  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """`build.py bench self_agreement`."""
    liftings: dict[str, Lifting] = {
        "direct": partial(lift_direct, settings=DirectSettings()),
        "network": partial(lift_by_network, lifter=read_lifter(options.lifter_file)),
    }
    folder = data_folder() / "footage" / "single"
    clips = {name: gaps_mm(folder / f"{name}.mp4", liftings) for name in options.clips}
    methods: dict[str, dict[str, Any]] = {}
    for method in liftings:
        of_each = {name: found[method] for name, found in clips.items()}
        methods[method] = {**_mean(list(of_each.values())), "clips": of_each}
    rows = [(clip, method, *(row[way] for way in GOALS_MM)) for method, figures in methods.items()
            for clip, row in (*figures["clips"].items(), ("mean", figures))]  # fmt: skip
    print_table(("mm", "method", *GOALS_MM), [*rows, ("at most", "goal", *GOALS_MM.values())])
    print(machine_line())
    write_figures(options.json, {"cases": {"self_agreement": methods}, "goals_mm": GOALS_MM})
    return 0


def gaps_mm(film: Path, liftings: dict[str, Lifting]) -> dict[str, Gaps]:
    """By method and way: how far what is lifted that way lies from what is lifted from the film as it is."""
    whole = kept_capture("real_labels", film)
    person = whole.people[0]
    own, K = person.track.during(person.track.times_s < SECONDS - 1e-6), person.motion.cameras[0].K[0]
    out_s = SECONDS if float(whole.clip.times_s[-1]) > SECONDS else None
    takes = {way: kept_capture(f"self_agreement_{way}", film, replace(video, out_s=out_s))
             for way, video in ANEW.items()}  # fmt: skip
    return {name: {**thinned_gaps_mm(lifting, own, K), **_anew_gaps_mm(lifting, own, K, takes)}
            for name, lifting in liftings.items()}  # fmt: skip


def thinned_gaps_mm(lifting: Lifting, own: Track, K: Array) -> Gaps:
    """By THINNED, on the frames that both have."""
    limbs, gaps = _lifted(lifting, own, K), {}
    for way, every in THINNED.items():
        thinned = thinned_track(own, every)
        gaps[way] = _gap_mm(_lifted(lifting, thinned, K), limbs[::every], thinned.seen)
    return gaps


def _anew_gaps_mm(lifting: Lifting, own: Track, K: Array, takes: dict[str, Captured]) -> Gaps:
    limbs, gaps = _lifted(lifting, own, K), dict.fromkeys(takes)
    for way, take in takes.items():
        wanted = seen_otherwise(limbs, way)
        person = nearest(take, Reference(way, take.clip.path, own.times_s, wanted, feet_world=None))
        if person is not None:
            count = min(len(own.seen), len(person.track.seen))
            seen = own.seen[:count] & person.track.seen[:count]
            gaps[way] = _gap_mm(_lifted(lifting, person.track, K)[:count], wanted[:count], seen)
    return gaps


def thinned_track(track: Track, every: int) -> Track:
    """Every so many-th frame, from the first on."""
    arrays = {field.name: getattr(track, field.name) for field in fields(track)}
    return replace(track, **{name: array[::every] for name, array in arrays.items() if isinstance(array, np.ndarray)})


def seen_otherwise(limbs_camera: Array, way: str) -> Array:
    """What a camera sees of limbs [T, 12, 3] m in a mirror, or hanging upside down."""
    if way == "mirrored":
        return limbs_camera[:, LEFT_RIGHT] * [-1.0, 1.0, 1.0]
    return limbs_camera * [-1.0, -1.0, 1.0]


def _lifted(lifting: Lifting, track: Track, K: Array) -> Array:
    """The 12 joints of the limbs, [T, 12, 3] m in the camera's frame."""
    (start,) = bodies_of([track], K, BodySettings(), None)
    return lifting(track, start.body, K).points_camera()[:, LIMB_LANDMARKS]


def _gap_mm(limbs: Array, others: Array, seen: Mask) -> float | None:
    return centroid_mpjpe_mm(limbs[seen], others[seen]) if seen.any() else None


def _mean(rows: Sequence[Gaps]) -> Gaps:
    known = {way: [row[way] for row in rows if row[way] is not None] for way in GOALS_MM}
    return {way: float(np.mean(values)) if values else None for way, values in known.items()}
