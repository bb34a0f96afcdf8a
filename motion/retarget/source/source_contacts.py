"""What of a source rests on what, decided on the source itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ...arrays import Array, Mask
from ...clean_up.settings import CleanUpSettings
from ...contacts.believe import contact_probabilities
from ...contacts.contacts import Contacts
from ...contacts.decide import decide
from ...contacts.supports import support_heights
from ...figure import Figure


def contacts_of(
    figure: Figure, R_world_from_joint: Array, joints_world: Array, rate: float,
    believed: Mapping[str, Array] = {}, said: Mapping[str, Mask] = {},
) -> Contacts:  # fmt: skip
    """The contacts of a figure over T frames in a world whose floor is at z = 0, hands on the body among them.

    R_world_from_joint [T, J, 3, 3], joints_world [T, J, 3] m; believed: probabilities [T] of points by name, where
    something else than speed and height tells; said: by name whether points rest [T], which is not decided again.
    """
    points_world = figure.points(R_world_from_joint, joints_world)
    probability = contact_probabilities(points_world, figure, rate)
    for name, values in (*believed.items(), *said.items()):
        if name in figure.point_names:
            probability[:, figure.point(name)] = values
    contacts = decide(probability, figure, R_world_from_joint, joints_world, rate, CleanUpSettings())
    return _as_said(contacts, figure, points_world, said)


def as_large(figure: Figure, contacts: Contacts, size: float) -> tuple[Figure, Contacts]:
    """Both, `size` times as large: what rests is decided by speeds and heights of people, so at their size."""
    larger = replace(figure, rest_joints=size * figure.rest_joints, points_rest=size * figure.points_rest)
    return larger, replace(contacts, height_m=size * contacts.height_m)


def _as_said(contacts: Contacts, figure: Figure, points_world: Array, said: Mapping[str, Mask]) -> Contacts:
    known = [name for name in said if name in figure.point_names]
    if not known:
        return contacts
    held, height_m = np.array(contacts.held), np.array(contacts.height_m)
    for name in known:
        held[:, figure.point(name)] = said[name]
    count = len(figure.point_names)   # behind the points come palms that hold to the body
    height_m[:, :count] = support_heights(points_world, held[:, :count], figure.point_names)
    return replace(contacts, held=held, height_m=height_m)
