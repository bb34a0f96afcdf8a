"""A motion left for right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...contacts.contacts import Contacts
from ...figure import Figure
from ...limb_ik import Limb
from ...skeleton import OTHER_SIDE, other_side
from .source_pose import SourcePose

_MIRROR = np.diag([-1.0, 1.0, 1.0])   # left for right, in the rest frame and in the world


def mirrored(source: SourcePose) -> SourcePose:
    """The source as a mirror shows it that stands in the world's YZ plane through the first place of its pelvis.

    Figure, contacts and what they hold to change sides with it. Mirroring twice gives the source again.
    """
    plane = np.array([source.joints_world[0, 0, 0], 0.0, 0.0]) if source.frame_count else np.zeros(3)
    return replace(
        source, figure=_mirrored_figure(source.figure), contacts=_mirrored_contacts(source.contacts),
        R_world_from_joint=_MIRROR @ source.R_world_from_joint[:, OTHER_SIDE] @ _MIRROR,
        joints_world=(source.joints_world[:, OTHER_SIDE] - plane) @ _MIRROR + plane,
    )  # fmt: skip


def _mirrored_figure(figure: Figure) -> Figure:
    return replace(
        figure, rest_joints=figure.rest_joints[OTHER_SIDE] @ _MIRROR,
        limbs={other_side(name): _mirrored_limb(limb) for name, limb in figure.limbs.items()},
        toe_joints={other_side(leg): int(OTHER_SIDE[joint]) for leg, joint in figure.toe_joints.items()},
        point_names=tuple(map(other_side, figure.point_names)),
        point_joints=OTHER_SIDE[figure.point_joints], points_rest=figure.points_rest @ _MIRROR,
    )  # fmt: skip


def _mirrored_limb(limb: Limb) -> Limb:
    # An axis of turning shows the other way in a mirror than a direction does.
    x, y, z = limb.hinge_rest
    upper, lower, end = (int(OTHER_SIDE[joint]) for joint in (limb.upper, limb.lower, limb.end))
    return Limb(upper, lower, end, (x, 0.0 - y, 0.0 - z))


def _mirrored_contacts(contacts: Contacts) -> Contacts:
    holds_to = np.where(contacts.holds_to < 0, -1, OTHER_SIDE[contacts.holds_to])
    return replace(contacts, names=tuple(map(other_side, contacts.names)), holds_to=holds_to)
