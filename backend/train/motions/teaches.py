"""What of a recording is true to life: by what is known of its source, and by what its feet show."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from backend.train.motions.bad_frames import runs
from backend.train.motions.still import SOLES, point_speeds
from backend.train.motions.training_clip import RATE_HZ, Teaches
from motion.arrays import Array, Mask

TABLE = Path(__file__).with_suffix(".csv")
SLOWEST_RATE_HZ = 20.0      # below, a punch falls between two pictures
SLIDING_M_S = 0.35          # who walks or stands has one sole point slower than this most of the time
MOST_DRIFT_M = 0.04         # of a resting sole
MOST_UNEVEN_M = 0.06        # between the heights of resting soles
_DRIFT_PERCENTILE = 80.0


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

    sliding_m_s: float   # median speed of the slowest sole point, NaN where nobody stands
    drift_m: float       # how far soles move while they are said to rest
    uneven_m: float      # between the heights at which soles rest
    floor_found: bool


def feet_of(points_world: list[Array], still: list[Mask], floor_found: bool) -> Feet:
    """From STILL_POINTS [T, 6, 3] m and their labels [T, 6] at 30 Hz, of each piece."""
    slowest = np.concatenate([point_speeds(points, RATE_HZ)[:, SOLES].min(axis=1) for points in points_world])
    drifts = [drift for points, label in zip(points_world, still) for drift in _drifts(points, label)]
    heights = np.concatenate([points[:, SOLES, 2][label[:, SOLES]] for points, label in zip(points_world, still)])
    return Feet(
        sliding_m_s=float(np.median(slowest)),
        drift_m=float(np.percentile(drifts, _DRIFT_PERCENTILE)) if drifts else 0.0,
        uneven_m=float(np.ptp(np.percentile(heights, (10.0, 90.0)))) if len(heights) else 0.0,
        floor_found=floor_found,
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
        (feet.sliding_m_s > SLIDING_M_S, ("path", "contacts"), f"no sole is slower than {feet.sliding_m_s:.2f} m/s"),
        (not feet.floor_found, ("contacts",), "no sole rests flat"),
        (feet.drift_m > MOST_DRIFT_M, ("contacts",), f"resting soles drift {100 * feet.drift_m:.0f} cm"),
        (feet.uneven_m > MOST_UNEVEN_M, ("contacts",), f"soles rest {100 * feet.uneven_m:.0f} cm apart in height"),
    ]
    return [(what, why) for is_so, what, why in faults if is_so]


def _drifts(points_world: Array, still: Mask) -> list[float]:
    """How far each sole moved from the middle of each of its rests, m."""
    drifts = []
    for point in SOLES:
        for start, end in runs(still[:, point]):
            rest = points_world[start:end, point]
            drifts.append(float(np.linalg.norm(rest - np.median(rest, axis=0), axis=-1).max()))
    return drifts
