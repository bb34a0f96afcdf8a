"""Which points of a body are held, and where: decided from beliefs, without flicker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array, Indices, Mask
from ..clean_up.settings import CleanUpSettings
from ..figure import SOLE_PARTS, Figure
from ..runs import runs
from .believe import contact_probabilities, log_odds_of
from .contacts import ContactEdit, Contacts
from .hands import bearing_hands, on_one_thing
from .on_body import body_hold_probabilities, body_holds
from .supports import support_heights, without_raised_ends
from .two_states import likeliest_states

_EVIDENCE_S = 1.0 / 30.0     # neighbouring frames err together: what they say counts once in that time
# How much must speak for resting, since what is held while it moves looks worse than what slides; what each change must
# be worth; and how long each state lasts, at least: a sprinter's stance takes a tenth of a second. On soles of
# rendered_dev, after their path was fitted: precision 0.91, recall 0.94; of 308 changes 97 are missed and 37 invented,
# the median of the others is right to the frame. Of frames each for itself 93 and 51.
_DOUBT_NATS, _CHANGE_NATS, _LEAST_S = 0.2, 0.25, 0.1
_LOW_M = 0.10                # where "always" plants
_HANDS = ("palm", "elbow")


def decide(
    probability: Array, figure: Figure, R_world_from_joint: Array, joints_world: Array, rate: float,
    settings: CleanUpSettings, edits: Sequence[ContactEdit] = (), times_s: Array | None = None,
) -> Contacts:  # fmt: skip
    """What of a figure is held where, over T frames in a world whose floor is at z = 0.

    probability [T, P] that its points rest, R_world_from_joint [T, J, 3, 3], joints_world [T, J, 3] m; times_s [T] of
    the footage, of which `edits` speak, counted from 0 if None. The first P channels are the figure's points, held to
    the world; behind them come palms that hold to the body, again named by the point that holds.
    """
    points_world = figure.points(R_world_from_joint, joints_world)
    count, holds = len(figure.point_names), body_holds(figure)
    on_body = body_hold_probabilities(holds, figure, R_world_from_joint, joints_world, points_world, rate)
    wanted = _as_wanted(probability, points_world, figure, rate, settings)
    probability = np.concatenate([wanted, on_body], axis=1)
    names = (*figure.point_names, *(hold.palm for hold in holds))
    holds_to = np.array([-1] * count + [hold.joint for hold in holds], dtype=np.int64)
    held = _decided(probability, rate) & _may_be_held(names, settings)
    held = on_one_thing(held, probability, names, count)
    held[:, :count] = without_raised_ends(held[:, :count], points_world, figure)
    held[:, :count] = bearing_hands(held[:, :count], points_world, joints_world, figure)
    held = _without_short(held, _least(rate))
    held = _edited(held, names, holds_to, edits, np.arange(len(held)) / rate if times_s is None else times_s)
    height_m = np.zeros_like(probability)
    height_m[:, :count] = support_heights(points_world, held[:, :count], figure.point_names)
    return Contacts(names, held, probability, height_m, holds_to)


def _decided(probability: Array, rate: float) -> Mask:
    gain = (log_odds_of(probability) - _DOUBT_NATS) / (rate * _EVIDENCE_S)
    return likeliest_states(gain, _CHANGE_NATS, _least(rate))


def _least(rate: float) -> int:
    """Frames."""
    return int(np.ceil(_LEAST_S * rate - 1e-6))


def _without_short(held: Mask, least: int) -> Mask:
    """Less what is left of spans of which something else took the rest, and what the ends of the clip leave of one: too
    little to be told from a foot that turns round in the air.
    """
    held = held.copy()
    for channel in range(held.shape[1]):
        for start, end in runs(held[:, channel]):
            cut_off = start == 0 or end == len(held)
            held[start:end, channel] = end - start >= min(1.25 * least if cut_off else least, len(held))
    return held


def _as_wanted(
    probability: Array, points_world: Array, figure: Figure, rate: float, settings: CleanUpSettings
) -> Array:  # fmt: skip
    """The probability [T, P]; where all low, slow feet shall be planted, at least that of speed and height alone."""
    if settings.feet != "always":
        return probability
    slow = contact_probabilities(points_world, figure, rate) * (points_world[..., 2] < _LOW_M)
    return np.where(_are(figure.point_names, SOLE_PARTS), np.maximum(probability, slow), probability)


def _may_be_held(names: Sequence[str], settings: CleanUpSettings) -> Mask:
    """[C] which channels the artist lets be held."""
    if settings.feet == "ground":
        return np.zeros(len(names), dtype=bool)
    feet = settings.feet != "never"
    return (~_are(names, SOLE_PARTS) | feet) & (~_are(names, _HANDS) | settings.plant_hands)


def _are(names: Sequence[str], parts: Sequence[str]) -> Mask:
    return np.array([name.endswith(tuple(parts)) for name in names], dtype=bool)


def _edited(held: Mask, names: Sequence[str], holds_to: Indices, edits: Sequence[ContactEdit], times_s: Array) -> Mask:
    """Edits speak of the world: a point that is said to rest there, or not to rest at all, lets go of the body."""
    held = held.copy()
    for edit in edits:
        during = (times_s >= edit.from_s - 1e-9) & (times_s <= edit.to_s + 1e-9)
        for channel in (c for c, name in enumerate(names) if name == edit.name):
            held[during, channel] = edit.held and holds_to[channel] < 0
    return held
