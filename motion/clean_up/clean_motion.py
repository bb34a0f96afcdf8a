"""Clean-up of a motion, whole: what is held is decided anew from the raw motion, which stays beside the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..arrays import Array, handed_over
from ..contacts.believe import contact_probabilities
from ..contacts.contacts import ContactEdit, Contacts
from ..contacts.decide import decide
from ..figure import Figure
from ..motion import Motion
from ..smoothing import smoothed_motion
from .plant import plant
from .settings import CleanUpSettings
from .sight import certainty_of, sight_of


def clean_motion(
    motion: Motion, figure: Figure, settings: CleanUpSettings, edits: Sequence[ContactEdit] = ()
) -> Motion:  # fmt: skip
    """`motion.raw`, else `motion` itself, cleaned up; what it was made from is `raw` of the result.

    `figure` is of the motion's skeleton. The result's contacts [T, P] are 1 where a point of the figure is held to the
    world and else 0, as decided from what was believed of the raw motion and from the artist's `edits`.
    """
    raw = motion.raw or motion
    rate = float(raw.rate)
    contacts = _contacts(raw, figure, settings, edits)
    R, root = smoothed_motion(raw.R_parent_from_joint, raw.root_world, rate, settings.smoothing)
    R, root = plant(figure, R, root, contacts, rate, settings, sight_of(raw), certainty_of(raw, figure))
    held = contacts.held[:, : len(figure.point_names)].astype(float)
    cleaned = replace(raw, R_parent_from_joint=handed_over(R), root_world=root, contact_names=figure.point_names,
                      contacts=held)  # fmt: skip
    return raw.with_raw(cleaned)


def _contacts(raw: Motion, figure: Figure, settings: CleanUpSettings, edits: Sequence[ContactEdit]) -> Contacts:
    R_world_from_joint, joints_world = figure.kinematics(raw.R_parent_from_joint, raw.root_world)
    believed = _believed(raw, figure, R_world_from_joint, joints_world)
    return decide(
        believed, figure, R_world_from_joint, joints_world, float(raw.rate), settings, edits, raw.times_s
    )  # fmt: skip


def _believed(raw: Motion, figure: Figure, R_world_from_joint: Array, joints_world: Array) -> Array:
    """[T, P] as the raw motion has it; points of which it says nothing are judged by speed and height."""
    points_world = figure.points(R_world_from_joint, joints_world)
    believed = contact_probabilities(points_world, figure, float(raw.rate))
    for column, name in enumerate(raw.contact_names):
        if name in figure.point_names:
            believed[:, figure.point(name)] = raw.contacts[:, column]
    return believed
