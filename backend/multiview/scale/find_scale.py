"""How large everything is that several cameras saw: all that they cannot find out by themselves.

Every source of the size tells the logarithm of metres a unit with a sigma of its own; certainties add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.multiview.scale.bone_lengths import bone_lengths
from backend.multiview.scale.flight import GRAVITY_M_S2, fall_of, flights
from backend.multiview.scale.heights import given_height, seen_height
from backend.multiview.scale.shape_of_bones import shape_of_bones
from motion.arrays import Array
from motion.body import BodyModel
from motion.landmarks import LANDMARK

_UNKNOWN_SIGMA_LOG = 0.2    # of a solution that began with a body of average height, when nothing else is known
_DIFFERENT = 3.0            # sigmas by which a flight contradicts the body's build: then it was none
_MOST_OFF_LOG = 0.5         # likewise, of its acceleration, whatever the sigmas


@dataclass(frozen=True)
class Source:
    """What one thing tells of the size."""

    words: str              # such as "the body's proportions"
    metres_per_unit: float
    sigma_log: float


@dataclass(frozen=True)
class Scale:
    """By how much a solution is to grow to be in metres."""

    metres_per_unit: float
    sigma_log: float
    rests_on: tuple[str, ...]    # Source.words
    height_m: float              # of the person, then

    @property
    def words(self) -> str:
        """One sentence that says what it rests on."""
        percent = f"{100.0 * self.sigma_log:.0f} %"
        if not self.rests_on:
            return f"Nothing tells the size; it is that of an average body, to {percent}."
        return f"The size rests on {' and '.join(self.rests_on)}, to {percent}."


def find_scale(landmarks: Array, times_s: Array, model: BodyModel, up: Array | None = None,
               height_m: float | None = None, seen_heights_m: Sequence[float] = ()) -> Scale:  # fmt: skip
    """Of one person's landmarks [T, 33, 3] in a unit that may be off by a fifth from the metre, NaN where unknown.

    The open body's points are meant, without what detectors see beside them, at rising times_s [T]; `model` is the
    open body's. `up` [3] in the frame of the landmarks, None: told by the person, who stands most of the time.
    `height_m` is the person's, if known, `seen_heights_m` what single views take it for (Lift.seen_height_m).
    """
    height = seen_height(seen_heights_m) if height_m is None else given_height(height_m)
    shape = shape_of_bones(bone_lengths(landmarks), model, height)
    if shape is None:
        return Scale(1.0, _UNKNOWN_SIGMA_LOG, (), height.height_m)
    words = "the body's proportions" if height_m is None else "the body height given"
    sources = [Source(words, shape.metres_per_unit, shape.sigma_log)]
    if height_m is None:
        sources += _flight_source(landmarks, times_s, up, sources[0])
    return _together(sources, shape.height_m / shape.metres_per_unit)


def up_of_body(landmarks: Array) -> Array:
    """[3] from ankles to shoulders of landmarks [T, 33, 3], the median over time."""
    def middle(name: str) -> Array:
        return 0.5 * (landmarks[:, LANDMARK[f"left_{name}"]] + landmarks[:, LANDMARK[f"right_{name}"]])

    along = middle("shoulder") - middle("ankle")
    along = along[np.isfinite(along).all(axis=-1)]
    if not len(along):
        return np.array([0.0, -1.0, 0.0])
    up = np.median(along / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9), axis=0)
    return up / max(float(np.linalg.norm(up)), 1e-9)


def _flight_source(landmarks: Array, times_s: Array, up: Array | None, known: Source) -> list[Source]:
    """What flights tell, unless they contradict what is known."""
    found = flights(landmarks, times_s, up_of_body(landmarks) if up is None else up, known.metres_per_unit)
    usual = GRAVITY_M_S2 / known.metres_per_unit
    fall = fall_of([flight for flight in found if abs(np.log(flight.rate / usual)) < _MOST_OFF_LOG])
    if fall is None or abs(np.log(fall.rate / usual)) > _DIFFERENT * np.hypot(fall.sigma_log, known.sigma_log):
        return []
    words = "a jump" if fall.count == 1 else f"{fall.count} jumps"
    return [Source(words, GRAVITY_M_S2 / fall.rate, fall.sigma_log)]


def _together(sources: Sequence[Source], height_units: float) -> Scale:
    """The mean of logarithms, weighted by their certainties."""
    certainty = np.array([source.sigma_log for source in sources]) ** -2.0
    logs = np.log([source.metres_per_unit for source in sources])
    metres_per_unit = float(np.exp(np.average(logs, weights=certainty)))
    return Scale(metres_per_unit, float(certainty.sum() ** -0.5), tuple(source.words for source in sources),
                 height_units * metres_per_unit)  # fmt: skip
