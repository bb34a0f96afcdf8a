"""Which points of a body are held, and where: decided from beliefs, without flicker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array, Mask
from ..clean_up.figure import Figure
from ..clean_up.settings import CleanUpSettings
from .believe import contact_probabilities, log_odds_of
from .contacts import ContactEdit, Contacts
from .on_body import on_body
from .supports import support_heights
from .two_states import likeliest_states

_EVIDENCE_S = 1.0 / 30.0     # what neighbouring frames say is one word within that time
_CHANGE_NATS = 2.0           # what a change must be worth
_LEAST_HELD_S, _LEAST_FREE_S = 0.06, 0.06    # a sprinter's stance takes a tenth of a second
_LOW_M = 0.10
_FEET = ("heel", "ball", "toe")
_HANDS = ("palm", "elbow")


def decide(
    probability: Array, figure: Figure, R_world_from_joint: Array, joints_world: Array, rate: float,
    settings: CleanUpSettings, edits: Sequence[ContactEdit] = (), times_s: Array | None = None,
) -> Contacts:  # fmt: skip
    """What of a figure is held where, over T frames in a world whose floor is at z = 0.

    probability [T, P] that its points rest, R_world_from_joint [T, J, 3, 3], joints_world [T, J, 3] m; times_s [T] of
    the footage, in which `edits` speak, from 0 if None. First come the figure's points, in its order, held to the
    world; then those that are held to the body itself (see on_body.py), named by the point that holds.
    """
    points_world = figure.points(R_world_from_joint, joints_world)
    body_names, holds_to, body_probability = on_body(figure, R_world_from_joint, joints_world, points_world, rate)
    names = (*figure.point_names, *body_names)
    believed = np.concatenate([_as_wanted(probability, points_world, figure, rate, settings), body_probability], axis=1)
    held = _decided(believed, rate) & _wanted(names, settings)
    held[:, : len(figure.point_names)] &= _not_over_another(held, points_world, figure)
    world = np.array([-1] * len(figure.point_names) + list(holds_to), dtype=np.int64)
    times_s = np.arange(len(held)) / rate if times_s is None else times_s
    held = _edited(held, names, world, edits, times_s)
    heights = np.zeros_like(believed)
    heights[:, : len(figure.point_names)] = support_heights(points_world, held[:, : len(figure.point_names)])
    return Contacts(names, held, believed, heights, world)


def _decided(probability: Array, rate: float) -> Mask:
    gain = log_odds_of(probability) / (rate * _EVIDENCE_S)
    least_held, least_free = (int(np.ceil(seconds * rate - 1e-6)) for seconds in (_LEAST_HELD_S, _LEAST_FREE_S))
    return likeliest_states(gain, _CHANGE_NATS, least_held, least_free)


def _as_wanted(
    probability: Array, points_world: Array, figure: Figure, rate: float, settings: CleanUpSettings
) -> Array:  # fmt: skip
    """The probability [T, P]; where all low, slow feet shall be planted, at least that of speed and height alone."""
    if settings.feet != "always":
        return probability
    slow = contact_probabilities(points_world, figure, rate) * (points_world[..., 2] < _LOW_M)
    return np.where(_are(figure.point_names, _FEET), np.maximum(probability, slow), probability)


def _wanted(names: Sequence[str], settings: CleanUpSettings) -> Mask:
    """[C] which channels may be held at all."""
    if settings.feet in ("never", "ground"):
        return np.zeros(len(names), dtype=bool)
    return ~_are(names, _HANDS) | settings.hands


def _are(names: Sequence[str], parts: Sequence[str]) -> Mask:
    return np.array([name.endswith(tuple(parts)) for name in names], dtype=bool)


def _not_over_another(held: Mask, points_world: Array, figure: Figure) -> Mask:
    return np.ones((len(held), len(figure.point_names)), dtype=bool)


def _edited(held: Mask, names: Sequence[str], holds_to: Array, edits: Sequence[ContactEdit], times_s: Array) -> Mask:
    """Edits are about the world; a point that is said to rest there, or not to rest, lets go of the body, too."""
    held = held.copy()
    for edit in edits:
        during = (times_s >= edit.from_s - 1e-9) & (times_s <= edit.to_s + 1e-9)
        for channel, name in enumerate(names):
            if name == edit.name:
                held[during, channel] = edit.held and holds_to[channel] < 0
    return held
