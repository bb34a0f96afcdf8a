"""Flights of a person: while nothing touches the body, its centre of mass falls at 9.81 m/s², however large it looks.

In a world of unknown unit this tells the unit; where the unit is known, it tells whether the clock is right. A stretch
counts as a flight when both feet are above where they were before and after, and the centre of mass goes along a
parabola: an acceleration that stays the same, straight down, and bends the path by centimetres. Who crouches, sits or
hangs has the feet up as well, but not that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from backend.multiview.scale.centre_of_mass import centre_of_mass
from motion.arrays import Array, Mask
from motion.landmarks import LANDMARK
from motion.runs import runs

GRAVITY_M_S2 = 9.81
_FEET = [LANDMARK[f"{side}_{part}"] for side in ("left", "right") for part in ("heel", "foot_index")]
_SHORTEST_S, _FEWEST_FRAMES = 0.15, 6
_ENOUGH_FRAMES = 9         # to ask whether the acceleration is another in the middle
_CLEARANCE_M = 0.05        # of all points of the feet above where they stood: toes that push off are not that high
_FLOOR_WITHIN_S = 2.0      # before and after, in which somebody stands; slow motion lasts
_LEAST_BEND_M = 0.04       # of the path in the middle of a flight; gravity does that in 0.18 s
_MOST_OFF_M = 0.02         # from the parabola
_MOST_ASIDE = 0.2          # of the acceleration that may point aside, as uprights are known to ten degrees
_SIGNIFICANT = 3.0         # sigmas
_MOST_CHANGE = 0.12        # against the square, of the path's higher powers of time, which a parabola has not
_LONGEST_GAP_S = 0.15      # in which a landmark is hidden
_ALIKE_S = 0.1             # errors of pictures nearer in time are alike
# Windows that are tried while the feet are up: each shorter by this, at so many places, none shorter than that.
_SHRINK, _HOPS, _LEAST_SHARE = 0.85, 4, 0.5
# Of a flight's acceleration, for masses and joints are not quite where tables have them: of 66 flights of recordings in
# their own size half are within 3.9 % of 9.81 m/s², and those of one person are off alike.
_FLIGHT_SIGMA_LOG, _PERSON_SIGMA_LOG = 0.05, 0.03


@dataclass(frozen=True, eq=False)
class Flight:
    """A stretch of time in which somebody falls freely."""

    begin_s: float
    end_s: float
    fall: Array             # [3] acceleration in units/s², in the frame of the landmarks
    sigma: float            # of each of its coordinates

    @property
    def rate(self) -> float:
        """Units/s² of the fall."""
        return float(np.linalg.norm(self.fall))

    @property
    def bend(self) -> float:
        """How far the middle of the path lies above the line between its ends, units."""
        return self.rate * (self.end_s - self.begin_s) ** 2 / 8.0

    @property
    def sigma_log(self) -> float:
        """Of rate."""
        return float(np.hypot(self.sigma / self.rate, _FLIGHT_SIGMA_LOG))


@dataclass(frozen=True)
class Fall:
    """How fast somebody falls in several flights together."""

    rate: float             # units/s²
    sigma_log: float
    count: int


def flights(landmarks: Array, times_s: Array, up: Array, metres_per_unit: float) -> tuple[Flight, ...]:
    """In landmarks [T, 33, 3], NaN where unknown, at rising times_s [T].

    `up` [3] and `metres_per_unit` are only to find them, and may be rough.
    """
    if len(times_s) < _FEWEST_FRAMES:
        return ()
    up, landmarks = up / np.linalg.norm(up), _bridged(landmarks, times_s)
    centre = centre_of_mass(landmarks)
    feet_up = _feet_up(landmarks, times_s, up, _CLEARANCE_M / metres_per_unit) & np.isfinite(centre).all(axis=-1)
    stretches = (range(first, end) for first, end in runs(feet_up))
    found = (_longest_fall(times_s[list(each)], centre[list(each)], up, metres_per_unit) for each in stretches)
    return tuple(flight for flight in found if flight is not None)


def fall_of(found: Sequence[Flight]) -> Fall | None:
    """The weighted median over flights; None without any."""
    if not found:
        return None
    rates = np.array([flight.rate for flight in found])
    certainty = np.array([flight.sigma_log for flight in found]) ** -2.0
    order = np.argsort(rates)
    rising = np.cumsum(certainty[order])
    rate = float(rates[order][np.searchsorted(rising, 0.5 * rising[-1])])
    scatter = np.log(rates / rate) ** 2 * certainty       # 1 where flights differ as their sigmas say
    larger = max(1.0, float(np.average(scatter, weights=certainty))) if len(found) > 1 else 1.0
    return Fall(rate, float(np.hypot(np.sqrt(larger / rising[-1]), _PERSON_SIGMA_LOG)), len(found))


def _feet_up(landmarks: Array, times_s: Array, up: Array, clearance: float) -> Mask:
    """[T] whether both feet are higher than the lower one was shortly before and is shortly after."""
    heights = (landmarks[:, _FEET] @ up).reshape(len(landmarks), 2, -1)     # by foot and point
    known = np.isfinite(heights).any(axis=-1).all(axis=-1)
    lowest = np.where(known, np.where(np.isfinite(heights), heights, np.inf).min(axis=(1, 2)), np.inf)
    before = np.searchsorted(times_s, times_s - _FLOOR_WITHIN_S)
    after = np.searchsorted(times_s, times_s + _FLOOR_WITHIN_S, side="right")
    floor = [max(lowest[start : frame + 1].min(), lowest[frame:end].min())
             for frame, (start, end) in enumerate(zip(before, after, strict=True))]  # fmt: skip
    return np.isfinite(lowest) & (lowest > np.array(floor) + clearance)


def _bridged(landmarks: Array, times_s: Array) -> Array:
    """Landmarks [T, 33, 3] with straight lines over short gaps."""
    filled = np.array(landmarks)
    for index in range(landmarks.shape[1]):
        missing = ~np.isfinite(landmarks[:, index]).all(axis=-1)
        for first, end in runs(missing):
            if first > 0 and end < len(times_s) and times_s[end] - times_s[first - 1] <= _LONGEST_GAP_S:
                share = (times_s[first:end] - times_s[first - 1]) / (times_s[end] - times_s[first - 1])
                before, after = landmarks[first - 1, index], landmarks[end, index]
                filled[first:end, index] = before + share[:, None] * (after - before)
    return filled


def _longest_fall(times_s: Array, centre: Array, up: Array, metres_per_unit: float) -> Flight | None:
    """Of the windows of a stretch in which the feet are up."""
    for first, end in _windows(len(times_s)):
        if times_s[end - 1] - times_s[first] < _SHORTEST_S:
            return None
        if flight := _parabola(times_s[first:end], centre[first:end], up, metres_per_unit):
            return flight
    return None


def _windows(count: int) -> Iterator[tuple[int, int]]:
    """First and end of ever shorter windows within 0 to count: all of it first, at last half of it."""
    length = count
    while length >= max(_FEWEST_FRAMES, _LEAST_SHARE * count):
        step = max(1, length // _HOPS)
        yield from ((first, first + length) for first in range(0, count - length + 1, step))
        length = min(length - 1, int(_SHRINK * length))


def _parabola(times_s: Array, centre: Array, up: Array, metres_per_unit: float) -> Flight | None:
    """The flight along centre [N, 3], unless it is none."""
    half_s = 0.5 * float(times_s[-1] - times_s[0])
    path = _fitted(times_s, centre, half_s, 2)
    bend = path.coefficients[2]            # half the acceleration, in units a half length squared
    down = -float(bend @ up)
    aside = float(np.linalg.norm(bend + down * up))
    falls = down * metres_per_unit > _LEAST_BEND_M and down > _SIGNIFICANT * path.sigma[2]
    straight = aside < max(_MOST_ASIDE * down, _SIGNIFICANT * path.sigma[2])
    if not (falls and straight and path.off * metres_per_unit < _MOST_OFF_M):
        return None
    if _changes(_fitted(times_s, centre, half_s, 3 if len(centre) < _ENOUGH_FRAMES else 4), down):
        return None
    per_s2 = 2.0 / half_s**2
    return Flight(float(times_s[0]), float(times_s[-1]), per_s2 * bend, per_s2 * float(path.sigma[2]))


def _changes(path: _Path, down: float) -> bool:
    """Whether the acceleration is another at the ends than in the middle, or at one end than at the other."""
    most = np.maximum(_SIGNIFICANT * path.sigma[3:], _MOST_CHANGE * down)
    return bool((np.linalg.norm(path.coefficients[3:], axis=-1) > most).any())


@dataclass(frozen=True, eq=False)
class _Path:
    """A polynomial over time, which goes from -1 to 1."""

    coefficients: Array     # [D + 1, 3] units
    sigma: Array            # [D + 1] of each coordinate
    off: float              # units from it, root mean square


def _fitted(times_s: Array, centre: Array, half_s: float, degree: int) -> _Path:
    powers = ((times_s - 0.5 * (times_s[0] + times_s[-1])) / half_s)[:, None] ** np.arange(degree + 1)
    coefficients = np.linalg.lstsq(powers, centre, rcond=None)[0]
    squares = np.sum((centre - powers @ coefficients) ** 2)
    alike = max(1.0, _ALIKE_S * (len(centre) - 1) / (2.0 * half_s))
    variance = alike * squares / (3.0 * (len(centre) - degree - 1))
    sigma = np.sqrt(variance * np.diag(np.linalg.inv(powers.T @ powers)))
    return _Path(coefficients, sigma, float(np.sqrt(squares / len(centre))))
