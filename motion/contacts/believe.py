"""How likely each point of a body rests: what a network says of it, beside how fast and how high it is."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..clean_up.figure import Figure
from ..filters import gaussian_smoothed

# Of which a network says whether they rest, in its order.
STILL_POINTS = ("left_heel", "left_ball", "left_palm", "right_heel", "right_ball", "right_palm")
_TOLD_BY = {"left_toe": "left_ball", "right_toe": "right_ball"}   # points that rest with another
_MUST_BE_LOW = ("left_knee", "right_knee", "left_elbow", "right_elbow", "back")

_SMOOTHED_S = 0.05          # longer than the detector's jitter, shorter than any stance
_STILL_SPEED_M_S = 0.35     # as likely as not; published still labels use 0.3 (0.01 m a frame at 30 frames a second)
_SPEED_NATS = 2.0           # of log-odds for a speed e times as high
_SLOWEST_M_S = 0.05
_LOW_M, _LOW_WIDTH_M = 0.10, 0.025      # of a knee, an elbow, the back over the floor
_SEAT_LOW, _SEAT_LOW_WIDTH = 0.75, 0.05   # of the seat's height over the lowest sole when the body stands
_MOST_LOGIT = 6.0


def contact_probabilities(
    points_world: Array, figure: Figure, rate: float, still: Array | None = None, certainty: Array | None = None
) -> Array:
    """[T, P] how likely points [T, P, 3] m of a figure rest on something, in a world whose floor is at z = 0.

    still [T, 6]: what a network says of STILL_POINTS; without it speed alone tells. certainty [T, P], 0..1, how well
    points were seen: what was not is told by its neighbours in time.
    """
    speed = _speeds(points_world, rate)
    log_odds = -_SPEED_NATS * np.log(np.maximum(speed, _SLOWEST_M_S) / _STILL_SPEED_M_S)
    if certainty is not None:
        log_odds *= certainty
    if still is not None:
        log_odds = _with_network(log_odds, still, figure)
    return _probability(np.minimum(log_odds, _geometry(points_world, figure)))


def log_odds_of(probability: Array) -> Array:
    """ln p / (1 - p), within what can be believed."""
    most = _probability(np.array(_MOST_LOGIT))
    p = np.clip(probability, 1.0 - most, most)
    return np.log(p / (1.0 - p))


def _probability(log_odds: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -_MOST_LOGIT, _MOST_LOGIT)))


def _with_network(log_odds: Array, still: Array, figure: Figure) -> Array:
    out = log_odds.copy()
    for column, name in enumerate(figure.point_names):
        told_by = _TOLD_BY.get(name, name)
        if told_by in STILL_POINTS:
            out[:, column] = log_odds_of(still[:, STILL_POINTS.index(told_by)]) + 0.3 * log_odds[:, column]
    return out


def _geometry(points_world: Array, figure: Figure) -> Array:
    """The most log-odds [T, P] that heights allow: nobody rests on knees that are far above the floor."""
    most = np.full(points_world.shape[:2], np.inf)
    for column, name in enumerate(figure.point_names):
        if name in _MUST_BE_LOW:
            most[:, column] = (_LOW_M - points_world[:, column, 2]) / _LOW_WIDTH_M
        elif name.startswith("seat"):
            most[:, column] = (_SEAT_LOW - _seat_share(points_world, figure, column)) / _SEAT_LOW_WIDTH
    return most


def _seat_share(points_world: Array, figure: Figure, column: int) -> Array:
    """[T] the seat's height over the lowest sole, of that when standing."""
    soles = [p for p, name in enumerate(figure.point_names) if name.endswith(("heel", "ball"))]
    standing = figure.points_rest[column, 1] - figure.points_rest[soles, 1].min()
    return (points_world[:, column, 2] - points_world[:, soles, 2].min(axis=1)) / standing


def _speeds(points_world: Array, rate: float) -> Array:
    """[T, P] m/s, as if the motion went on beyond both ends, else whoever moves there would seem to stop."""
    frames = len(points_world)
    if frames < 2:
        return np.zeros(points_world.shape[:2])
    reach = min(int(np.ceil(3.0 * _SMOOTHED_S * rate)), frames - 1)
    longer = np.pad(points_world, [(reach, reach), (0, 0), (0, 0)], mode="reflect", reflect_type="odd")
    smooth = gaussian_smoothed(longer, rate, _SMOOTHED_S)
    return np.linalg.norm(np.gradient(smooth, axis=0), axis=-1)[reach : reach + frames] * rate
