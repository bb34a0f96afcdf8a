"""What of a recording is true to life: by what is known of its source, and by what its feet show."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from backend.train.motions.floor import resting_heights
from backend.train.motions.still import SOLES, point_speeds
from backend.train.motions.training_clip import RATE_HZ, Teaches
from motion.arrays import Array, Mask
from motion.runs import runs

TABLE = Path(__file__).with_suffix(".csv")
SLOWEST_RATE_HZ = 20.0      # below, a punch falls between two pictures
# The slowest fifth of the moments in which the lowest sole touches the floor: in recorded sprints at most 0.28 m/s,
# in cycles that were animated on the spot 0.48 and more.
SLIDING_M_S, _SLIDING_PERCENTILE, ON_FLOOR_M = 0.38, 20.0, 0.02
MOST_DRIFT_M = 0.04         # of a resting sole, in a second
MOST_UNEVEN_M = 0.08        # of the lowest resting sole above the floor
_SHORTEST_REST_S = 0.3      # shorter ones are mostly coming to rest and leaving it
_DRIFT_PERCENTILE = _UNEVEN_PERCENTILE = 85.0


@dataclass(frozen=True)
class Known:
    """One line of the table: what a source's clips do not teach, and why."""

    source: str
    clip: str                   # with * and ?; empty fits all
    not_taught: tuple[str, ...]
    keep_share: float           # of the time; the liveliest stretches are kept
    why: str


def read_known(path: Path = TABLE) -> tuple[Known, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Known(row["source"], row["clip"], tuple(row["not_taught"].split()), float(row["keep_share"]), row["why"])
            for row in csv.DictReader(lines)
        )


def known_of(table: tuple[Known, ...], source: str, clip: str) -> list[Known]:
    """The lines that fit a clip, `clip` being the last part of its name."""
    return [row for row in table if row.source == source and fnmatchcase(clip, row.clip or "*")]


@dataclass(frozen=True)
class Feet:
    """What the soles of one recording show, all its pieces together."""

    sliding_m_s: float   # speed of the lowest sole point while it is on the floor, at its slower moments
    drift_m: float       # how far most soles move at most in a second of rest
    uneven_m: float      # how high above the floor the lowest resting sole is at most, most of the time
    floor_found: bool


def feet_of(points_world: list[Array], still: list[Mask], floor_m: float | None) -> Feet:
    """From STILL_POINTS [T, 6, 3] m and labels [T, 6] at 30 Hz, of each piece, and the height of the floor if found."""
    lowest, speed = np.concatenate([_lowest_soles(points) for points in points_world], axis=1)
    base = np.percentile(lowest, 5.0) if floor_m is None else floor_m
    near = speed[lowest < base + ON_FLOOR_M]
    drifts = [drift for points, label in zip(points_world, still) for drift in _drifts(points, label)]
    heights = resting_heights(points_world, still)
    return Feet(
        sliding_m_s=float(np.percentile(near, _SLIDING_PERCENTILE)) if len(near) else 0.0,
        drift_m=float(np.percentile(drifts, _DRIFT_PERCENTILE)) if drifts else 0.0,
        uneven_m=float(np.percentile(heights, _UNEVEN_PERCENTILE) - base) if len(heights) else 0.0,
        floor_found=floor_m is not None,
    )


def taught(recorded: tuple[bool, ...], known: list[Known], rate_hz: float, feet: Feet) -> tuple[Teaches, list[str]]:
    """What a recording teaches, and a reason for each thing that it does not."""
    teaches = Teaches(joints=recorded)
    reasons = []
    for not_taught, why in [*((row.not_taught, row.why) for row in known), *_measured(rate_hz, feet)]:
        if any(getattr(teaches, what) for what in not_taught):
            reasons.append(f"{', '.join(not_taught)}: {why}")
            teaches = replace(teaches, **dict.fromkeys(not_taught, False))
    return teaches, reasons


def _measured(rate_hz: float, feet: Feet) -> list[tuple[tuple[str, ...], str]]:
    faults = [
        (rate_hz < SLOWEST_RATE_HZ, ("speed",), f"{rate_hz:.3g} pictures a second"),
        (feet.sliding_m_s > SLIDING_M_S, ("path", "contacts"), f"feet slide at {feet.sliding_m_s:.1f} m/s"),
        (not feet.floor_found, ("contacts",), "no sole rests"),
        (feet.drift_m > MOST_DRIFT_M, ("contacts",), f"resting soles drift {100 * feet.drift_m:.0f} cm"),
        (feet.uneven_m > MOST_UNEVEN_M, ("contacts",), f"soles rest {100 * feet.uneven_m:.0f} cm above the floor"),
    ]
    return [(what, why) for is_so, what, why in faults if is_so]


def _lowest_soles(points_world: Array) -> Array:
    """Height m and speed m/s [2, T] of the lowest sole point."""
    heights, speeds = points_world[:, SOLES, 2], point_speeds(points_world, RATE_HZ)[:, SOLES]
    lowest = heights.argmin(axis=1)[:, None]
    return np.stack([np.take_along_axis(each, lowest, axis=1)[:, 0] for each in (heights, speeds)])


def _drifts(points_world: Array, still: Mask) -> list[float]:
    """How far each sole moved from its middle place in each second of its rests, m."""
    drifts = []
    length = round(RATE_HZ)
    for point in SOLES:
        for start, end in runs(still[:, point]):
            if end - start >= _SHORTEST_REST_S * RATE_HZ:
                drifts += [_reach(points_world[first : min(first + length, end), point])
                           for first in range(start, end, length)]  # fmt: skip
    return drifts


def _reach(places: Array) -> float:
    return float(np.linalg.norm(places - np.median(places, axis=0), axis=-1).max())
