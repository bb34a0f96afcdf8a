"""How far rendered people are from real ones, in the landmark network's eyes and without labels.

Whoever does not know the truth can still see how surely the network speaks: how far its answers to a mirrored, a
shifted and a rescaled crop lie apart, how its scores are spread, how much the bones of one person change their lengths.
Where rendered people differ from real ones in this, their errors are not to be believed for real ones either.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backend.train.motions.prepared import read_prepared
from bench.crop_looks import WAYS, Looks, looks_at
from bench.data import data_folder
from bench.drawn_films import drawn_films
from bench.rendered import FOLDER
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array
from motion.landmarks import LANDMARK

BONES = [(LANDMARK[f"{side}_{start}"], LANDMARK[f"{side}_{end}"]) for side in ("left", "right") for start, end in (
    ("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("shoulder", "hip"))]  # fmt: skip
SCORE_EDGES = (0.0, 0.1, 0.5, 0.9, 0.99, 1.0)
CLIPS = 12
FEWEST_PICTURES = 4

Figures = dict[str, float]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion of those that are drawn (default %(default)s)")  # fmt: skip
    parser.add_argument("--clips", type=int, default=CLIPS, metavar="N",
                        help="drawn and rendered clips looked at (default %(default)s); of real ones all")  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """`build.py bench reality_gap`."""
    sets = {"real": sorted((data_folder() / "footage" / "single").glob("*.mp4"))}
    if options.prepared.is_file():
        sets["drawn"] = drawn_films(read_prepared(options.prepared), options.clips)
    if rendered := sorted((FOLDER / "rendered_dev").glob("*.mp4")):
        sets["rendered_dev"] = _spread(rendered, options.clips)
    per_clip = {name: _measured(films) for name, films in sets.items()}
    print("clips:", ", ".join(f"{name} {len(clips)} of {len(sets[name])}" for name, clips in per_clip.items()))
    _print(per_clip)
    print(machine_line())
    write_figures(options.json, {"cases": {name: {"per_clip": clips, "middle": spread_of(list(clips.values()))}
                                           for name, clips in per_clip.items()}})  # fmt: skip
    return 0


def _spread(films: Sequence[Path], count: int) -> list[Path]:
    """So many of them, evenly from all."""
    return [films[number] for number in np.unique(np.linspace(0, len(films) - 1, count).round().astype(int))]


def _measured(films: Sequence[Path]) -> dict[str, Figures]:
    found = {film.stem: looks_at(film) for film in films}
    return {name: figures(looks) for name, looks in found.items()
            if looks is not None and len(looks.picture) >= FEWEST_PICTURES}  # fmt: skip


def figures(looks: Looks) -> Figures:
    """Of one clip; errors only of landmarks in the picture."""
    found: Figures = {"crop side px": float(np.median(looks.side_px)),
                      "outside of the picture %": 100 * float((~looks.inside).mean())}  # fmt: skip
    inside = looks.inside
    for way in WAYS:
        for share in (50, 95):
            picture, metres = looks.off_crop[way][inside], looks.off_m[way][inside]
            found[f"{way}, {share} %: crop's side ‰"] = 1e3 * float(np.percentile(picture, share))
            found[f"{way}, {share} %: across mm"] = 1e3 * float(
                np.percentile(np.linalg.norm(metres[:, :2], axis=-1), share))  # fmt: skip
            found[f"{way}, {share} %: depth mm"] = 1e3 * float(np.percentile(metres[:, 2], share))
    for low, high, count in zip(SCORE_EDGES, SCORE_EDGES[1:], np.histogram(looks.scores, SCORE_EDGES)[0], strict=False):
        found[f"scores {low:g} to {high:g} %"] = 100 * float(count) / looks.scores.size
    lengths_m = bone_lengths_m(looks.landmarks_camera)
    found["bones' wobble over the clip %"] = 100 * float((lengths_m.std(0) / lengths_m.mean(0)).mean())
    found["bones' wobble between neighbours mm"] = 1e3 * _between_neighbours(lengths_m, looks.picture)
    return found


def bone_lengths_m(landmarks_camera: Array) -> Array:
    """[N, BONES] of landmarks [N, 33, 3]."""
    starts, ends = np.array(BONES).T
    return np.linalg.norm(landmarks_camera[:, ends] - landmarks_camera[:, starts], axis=-1)


def _between_neighbours(lengths_m: Array, picture: Array) -> float:
    """Root mean square of the change from one picture of a pair to the other; NaN without a whole pair."""
    first = np.flatnonzero((picture[:-1] % 2 == 0) & (picture[1:] == picture[:-1] + 1))
    return float(np.sqrt(np.square(lengths_m[first + 1] - lengths_m[first]).mean())) if len(first) else np.nan


def spread_of(clips: Sequence[Figures]) -> dict[str, tuple[float, float, float]]:
    """Median, and the 10th and 90th of a hundred clips."""
    names = clips[0] if clips else {}
    return {name: tuple(np.nanpercentile([clip[name] for clip in clips], (50, 10, 90)).tolist()) for name in names}


def _print(per_clip: dict[str, dict[str, Figures]]) -> None:
    spreads: dict[str, Any] = {name: spread_of(list(clips.values())) for name, clips in per_clip.items()}
    real = spreads.pop("real")
    rows = []
    for name, values in real.items():
        cells = [name, _shown(values)]
        for other in spreads.values():
            cells += [_shown(other[name]), f"{other[name][0] / values[0]:.2f}" if values[0] else "-"]
        rows.append(cells)
    head = [word for name in spreads for word in (name, "ratio")]
    print_table(("median of clips [10 %, 90 %]", "real", *head), rows)


def _shown(values: tuple[float, float, float]) -> str:
    middle, low, high = (f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}" for value in values)
    return f"{middle} [{low}, {high}]"
