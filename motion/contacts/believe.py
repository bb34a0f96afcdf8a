"""How likely each point of a body rests: what a network says of it, beside how fast and how high it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..figure import SOLE_PARTS, Figure
from ..filters import gaussian_smoothed

# Of which a network says whether they rest, in its order.
STILL_POINTS = ("left_heel", "left_ball", "left_palm", "right_heel", "right_ball", "right_palm")
_TOLD_BY = {"left_toe": "left_ball", "right_toe": "right_ball"}   # points that rest with another
_SOLES = ("left_heel", "left_ball", "right_heel", "right_ball")
_MUST_BE_LOW = ("left_knee", "right_knee", "left_elbow", "right_elbow", "back")

# The second spreads a speed over its neighbours, else a point would seem to rest where it turns back. On soles of
# rendered_dev: log loss 0.368 without the network and without spreading, 0.338 with it; 0.297 and 0.290 with the
# network. Twice as much tells no more and makes the contacts of a walk half a frame late.
_SMOOTHED_S, _SPREAD_S = 0.025, 0.035
_SPEED_M_S = 0.35           # whose logarithm counts as 0
_SLOWEST_M_S = 0.05         # slower is as good as still
_MOST_NATS = 7.0            # of log-odds: 1 in 1,100
_LOW_M, _LOW_WIDTH_M = 0.10, 0.025        # of a knee, an elbow, the back over the floor
_SEAT_LOW, _SEAT_LOW_WIDTH = 0.75, 0.05   # of the seat's height over the lowest sole when the body stands
_FALLING_M_S2, _FALLING_WIDTH_M_S2 = -6.0, 0.75   # of the pelvis, whose own acceleration in flight is -9.8
_FALL_SMOOTHED_S = 0.05
_RISEN_M, _RISEN_WIDTH_M = 0.06, 0.02


@dataclass(frozen=True)
class _Words:
    """Log-odds: of resting at all, for one of the network's, for each e times the speed, for that against the soles."""

    bias: float
    network: float
    speed: float
    against: float


# Logistic regression on rendered_dev, each clip one vote, of motions before and after their path was fitted to what
# rests (before with the true camera). Log loss on soles with the network 0.293 and 0.298, where a regression of each
# alone has 0.285 and 0.291; the network alone has 0.36.
_FOOT_TOLD = _Words(0.03, 0.61, -0.65, -0.72)
_FOOT = _Words(0.69, 0.0, -1.06, -1.04)
_PALM_TOLD = _Words(0.17, 0.73, -0.49, -1.65)
_OTHER = _Words(-0.62, 0.0, -0.79, -1.86)


def contact_probabilities(
    points_world: Array, figure: Figure, rate: float, still: Array | None = None, certainty: Array | None = None
) -> Array:
    """[T, P] how likely points [T, P, 3] m of a figure rest on something, in a world whose floor is at z = 0.

    still [T, 6]: what a network says of STILL_POINTS; without it speeds tell. certainty [T, P], 0..1: the confidence
    of the joints that carry the points; speeds of what nobody saw say nothing. Of knees, elbows and the back only low
    ones rest; a seat that is as high as when standing does not, nor does what is off the floor while the body falls
    freely, as it does all through a jump.
    """
    if not figure.point_names:
        return np.zeros(points_world.shape[:2])
    speed, against = _log_speeds(points_world, figure, rate)
    # The root: log loss on soles 0.291 with the network and 0.326 without it; by the confidence itself 0.295 and 0.343.
    seen = 1.0 if certainty is None else np.sqrt(certainty)
    words = [_words(name, still is not None) for name in figure.point_names]
    bias, network, by_speed, by_against = (np.array([getattr(each, part) for each in words])
                                           for part in ("bias", "network", "speed", "against"))  # fmt: skip
    said = network * _told(still, figure, len(points_world))
    compared = by_against * _comparable(still, figure, len(points_world))
    log_odds = bias + said + seen * (by_speed * speed + compared * against)
    return _probability(np.minimum(log_odds, _allowed(points_world, figure, rate)))


def log_odds_of(probability: Array) -> Array:
    """ln p / (1 - p), within what can be believed."""
    most = _probability(np.array(_MOST_NATS))
    p = np.clip(probability, 1.0 - most, most)
    return np.log(p / (1.0 - p))


def _probability(log_odds: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -_MOST_NATS, _MOST_NATS)))


def _words(name: str, with_network: bool) -> _Words:
    if name.endswith(SOLE_PARTS):
        return _FOOT_TOLD if with_network else _FOOT
    return _PALM_TOLD if with_network and name in STILL_POINTS else _OTHER


def _told(still: Array | None, figure: Figure, frames: int) -> Array:
    """The network's log-odds [T, P]; 0 for points of which it says nothing."""
    told = np.zeros((frames, len(figure.point_names)))
    for column, name in enumerate(figure.point_names):
        source = _TOLD_BY.get(name, name)
        if still is not None and source in STILL_POINTS:
            told[:, column] = log_odds_of(still[:, STILL_POINTS.index(source)])
    return told


def _comparable(still: Array | None, figure: Figure, frames: int) -> Array:
    """0..1 [T, P] how much the speed against the slowest sole tells: nothing of palms while no sole rests.

    Hands would never bear in a cartwheel. Log loss of palms on rendered_dev, where nobody stands on them, is 0.254
    with and without.
    """
    share = np.ones((frames, len(figure.point_names)))
    if still is not None:
        palms = [p for p, name in enumerate(figure.point_names) if name.endswith("palm")]
        share[:, palms] = still[:, [STILL_POINTS.index(name) for name in _SOLES]].max(axis=1, keepdims=True)
    return share


def _log_speeds(points_world: Array, figure: Figure, rate: float) -> tuple[Array, Array]:
    """[T, P] logarithms of speeds in the world, and against the slowest sole, which no error of the path can change."""
    velocity = _velocities(points_world, rate)
    speed = _spread_speed(velocity, rate)
    soles = [p for p, name in enumerate(figure.point_names) if name in _SOLES] or list(range(speed.shape[1]))
    slowest = np.array(soles)[speed[:, soles].argmin(axis=1)]
    against = _spread_speed(velocity - velocity[np.arange(len(velocity)), slowest][:, None], rate)
    return tuple(np.log(np.maximum(each, _SLOWEST_M_S) / _SPEED_M_S) for each in (speed, against))


def _velocities(points_world: Array, rate: float) -> Array:
    """[T, P, 3] m/s."""
    if len(points_world) < 2:
        return np.zeros(points_world.shape)
    return np.gradient(_smoothed(points_world, rate, _SMOOTHED_S, "odd"), axis=0) * rate


def _spread_speed(velocity: Array, rate: float) -> Array:
    return np.sqrt(_smoothed(np.sum(velocity**2, axis=-1), rate, _SPREAD_S, "even"))


def _smoothed(values: Array, rate: float, sigma_s: float, mirrored: str) -> Array:
    """Smoothed as if the motion went on beyond both ends, else whoever moves there would seem to stop."""
    reach = min(int(np.ceil(3.0 * sigma_s * rate)), len(values) - 1)
    beyond = [(reach, reach)] + [(0, 0)] * (values.ndim - 1)
    longer = np.pad(values, beyond, mode="reflect", reflect_type=mirrored)
    return gaussian_smoothed(longer, rate, sigma_s)[reach : len(longer) - reach]


def _allowed(points_world: Array, figure: Figure, rate: float) -> Array:
    """The most log-odds [T, P] that heights and gravity allow."""
    height = points_world[..., 2]
    most = np.maximum(_held_up(points_world, figure, rate), (_RISEN_M - height) / _RISEN_WIDTH_M)
    for column, name in enumerate(figure.point_names):
        if name in _MUST_BE_LOW:
            most[:, column] = np.minimum(most[:, column], (_LOW_M - height[:, column]) / _LOW_WIDTH_M)
        elif name.startswith("seat"):
            high = (_SEAT_LOW - _seat_share(height, figure, column)) / _SEAT_LOW_WIDTH
            most[:, column] = np.minimum(most[:, column], high)
    return most


def _seat_share(height: Array, figure: Figure, column: int) -> Array:
    """[T] the seat's height over the lowest sole, of that when standing."""
    soles = [p for p, name in enumerate(figure.point_names) if name in _SOLES]
    if not soles:
        return np.ones(len(height))
    standing = figure.points_rest[column, 1] - figure.points_rest[soles, 1].min()
    return (height[:, column] - height[:, soles].min(axis=1)) / standing


def _held_up(points_world: Array, figure: Figure, rate: float) -> Array:
    """Log-odds [T, 1] that something carries the body, by the vertical acceleration of its pelvis."""
    seats = [p for p, name in enumerate(figure.point_names) if name.startswith("seat")]
    if not seats or len(points_world) < 3:
        return np.full((len(points_world), 1), np.inf)
    height = _smoothed(points_world[:, seats, 2].mean(axis=1, keepdims=True), rate, _FALL_SMOOTHED_S, "odd")
    acceleration = np.diff(height, 2, axis=0, prepend=height[:1], append=height[-1:]) * rate**2
    return (acceleration - _FALLING_M_S2) / _FALLING_WIDTH_M_S2
