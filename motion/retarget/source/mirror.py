"""A motion left for right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...arrays import Indices
from ...clean_up.figure import Figure
from ...contacts.contacts import Contacts
from ...limb_ik import Limb
from ...skeleton import JOINT, JOINT_NAMES
from .source_pose import SourcePose

_MIRROR = np.diag([-1.0, 1.0, 1.0])   # left for right, in the rest frame and in the world


def mirrored(source: SourcePose) -> SourcePose:
    """The source as a mirror shows it that stands in the world's YZ plane through the first place of its pelvis.

    Figure, contacts and what they hold to change sides with it. Mirroring twice gives the source again.
    """
    plane = np.array([source.joints_world[0, 0, 0], 0.0, 0.0]) if source.frame_count else np.zeros(3)
    return replace(
        source, figure=_mirrored_figure(source.figure), contacts=_mirrored_contacts(source.contacts),
        R_world_from_joint=_MIRROR @ source.R_world_from_joint[:, _PARTNERS] @ _MIRROR,
        joints_world=(source.joints_world[:, _PARTNERS] - plane) @ _MIRROR + plane,
    )  # fmt: skip


def other_side(name: str) -> str:
    """right_heel of left_heel, seat_left of seat_right; names without a side stay."""
    sides = {"left": "right", "right": "left"}
    return "_".join(sides.get(word, word) for word in name.split("_"))


_PARTNERS: Indices = np.array([JOINT[other_side(name)] for name in JOINT_NAMES])   # the joint on the other side


def _mirrored_figure(figure: Figure) -> Figure:
    return replace(
        figure, rest_joints=figure.rest_joints[_PARTNERS] @ _MIRROR,
        limbs={other_side(name): _mirrored_limb(limb) for name, limb in figure.limbs.items()},
        toe_joints={other_side(leg): int(_PARTNERS[joint]) for leg, joint in figure.toe_joints.items()},
        point_names=tuple(map(other_side, figure.point_names)),
        point_joints=_PARTNERS[figure.point_joints], points_rest=figure.points_rest @ _MIRROR,
    )  # fmt: skip


def _mirrored_limb(limb: Limb) -> Limb:
    # An axis of turning shows the other way in a mirror than a direction does.
    x, y, z = limb.hinge_rest
    upper, lower, end = (int(_PARTNERS[joint]) for joint in (limb.upper, limb.lower, limb.end))
    return Limb(upper, lower, end, (x, 0.0 - y, 0.0 - z))


def _mirrored_contacts(contacts: Contacts) -> Contacts:
    holds_to = np.where(contacts.holds_to < 0, -1, _PARTNERS[contacts.holds_to])
    return replace(contacts, names=tuple(map(other_side, contacts.names)), holds_to=holds_to)
