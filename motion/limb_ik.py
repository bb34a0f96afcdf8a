"""Analytic inverse kinematics of arms and legs: two bones, one hinge, an end that goes where it is wanted.

The triangle of the two bones and the way to the target gives the angles (law of cosines); the plane in which the limb
bends is its own before, carried along by the smallest turn that brings the limb's direction to the target.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Array
from .rotations import frame_from_axes, normalised, smallest_rotation
from .skeleton import JOINT, PARENTS

SOFT_SHARE = 0.01           # of the limb's length: how far before its full reach it starts to give way
FOLDED_DEG = 160.0          # a limb bends no further: calf on thigh, forearm on upper arm
# A limb bent less than the first has no plane of its own that could be trusted, one bent more than the second has:
OWN_PLANE_DEG = (2.0, 10.0)        # bent the way its hinge goes
AGAINST_HINGE_DEG = (30.0, 60.0)   # the other way: noise on a straight limb, unless it is far too much for that


@dataclass(frozen=True)
class Limb:
    """Two bones in a row and the axis, at rest and in the direction of bending, of the hinge between them."""

    upper: int      # the joint that turns the first bone: hip, shoulder
    lower: int      # knee, elbow
    end: int        # ankle, wrist
    hinge_rest: tuple[float, float, float]

    @property
    def joints(self) -> list[int]:
        return [self.upper, self.lower, self.end]


LIMBS: dict[str, Limb] = {
    f"{side}_{name}": Limb(*(JOINT[f"{side}_{joint}"] for joint in joints), hinge)
    for side, outward in (("left", 1.0), ("right", -1.0))
    for name, joints, hinge in (
        ("leg", ("hip", "knee", "ankle"), (1.0, 0.0, 0.0)),
        ("arm", ("shoulder", "elbow", "wrist"), (0.0, -outward, 0.0)),
    )
}


def limb_reaching(
    limb: Limb, rest_joints: Array, R_frame_from_joint: Array, joints: Array, target: Array,
    soft_share: float = SOFT_SHARE,
) -> tuple[Array, Array]:  # fmt: skip
    """Orientations [..., 3, 3] of the limb's upper and lower bone after its end went to `target` [..., 3] m.

    rest_joints [J, 3] m; R_frame_from_joint [..., J, 3, 3] and joints [..., J, 3] m say how the body is now, in the
    frame of the target; J is 22 or 55. Targets out of reach are approached as far as the limb goes, without a jerk at
    full stretch; those nearer than the last `soft_share` of the length are met. Twists of both bones are kept. The
    target must not lie on the limb's root.
    """
    upper_rest = rest_joints[limb.lower] - rest_joints[limb.upper]
    lower_rest = rest_joints[limb.end] - rest_joints[limb.lower]
    R_upper, R_lower = R_frame_from_joint[..., limb.upper, :, :], R_frame_from_joint[..., limb.lower, :, :]
    upper, lower = R_upper @ upper_rest, R_lower @ lower_rest
    plane = _bend_axis(upper, lower, R_upper @ np.array(limb.hinge_rest))
    root = joints[..., limb.upper, :]
    plane_after = (smallest_rotation(upper + lower, target - root) @ plane[..., None])[..., 0]
    upper_after, lower_after = bones_to(root, target, upper_rest, lower_rest, plane_after, soft_share)
    R_upper_after = _carried(R_upper, upper, plane, upper_after, plane_after)
    return R_upper_after, _carried(R_lower, lower, plane, lower_after, plane_after)


def limb_in_parents(limb: Limb, R_frame_from_joint: Array, R_upper: Array, R_lower: Array, R_end: Array) -> Array:
    """R_parent_from_joint [T, 3, 3, 3] of a limb's three joints of our skeleton, each oriented as given, [T, 3, 3].

    R_frame_from_joint [T, 55, 3, 3]: how the body is, of which what carries the limb counts.
    """
    carriers = (R_frame_from_joint[:, PARENTS[limb.upper]], R_upper, R_lower)
    return np.stack([np.swapaxes(carrier, -1, -2) @ R
                     for carrier, R in zip(carriers, (R_upper, R_lower, R_end), strict=True)], axis=1)  # fmt: skip


def limb_posed(
    limb: Limb, rest_joints: Array, root: Array, target: Array, towards: Array, soft_share: float = SOFT_SHARE
) -> tuple[Array, Array]:
    """Orientations [..., 3, 3] of both bones of a limb from its root to `target` [..., 3] m, bent towards a direction.

    `towards` [..., 3], any length, is where the knee or elbow points to; only its part square to the way from `root`
    to `target` counts, and there must be one. The lower bone is not twisted against the hinge.
    """
    upper_rest = rest_joints[limb.lower] - rest_joints[limb.upper]
    lower_rest = rest_joints[limb.end] - rest_joints[limb.lower]
    plane = np.cross(normalised(towards), normalised(target - root))
    upper, lower = bones_to(root, target, upper_rest, lower_rest, plane, soft_share)
    hinge = np.array(limb.hinge_rest)
    identity = np.eye(3)
    return _carried(identity, upper_rest, hinge, upper, plane), _carried(identity, lower_rest, hinge, lower, plane)


def bones_to(
    root: Array, target: Array, upper_rest: Array, lower_rest: Array, bend_axis: Array, soft_share: float = SOFT_SHARE
) -> tuple[Array, Array]:
    """Unit directions [..., 3] of both bones, bent about `bend_axis` [..., 3] so that the end meets `target`."""
    a, b = np.linalg.norm(upper_rest), np.linalg.norm(lower_rest)
    way = normalised(target - root)
    distance = reachable(np.linalg.norm(target - root, axis=-1), a, b, soft_share)
    cosine = (a * a + distance * distance - b * b) / (2.0 * a * distance)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))[..., None]
    aside = normalised(np.cross(bend_axis, way))
    upper = np.cos(angle) * way - np.sin(angle) * aside
    return upper, normalised(distance[..., None] * way - a * upper)


def reachable(distance: Array, a: float, b: float, soft_share: float = SOFT_SHARE) -> Array:
    """The distance [...] m that bones of lengths a and b can span instead of the one wanted, smooth at full stretch."""
    soft = soft_share * (a + b)
    over = np.maximum(distance - (a + b - soft), 0.0)
    stretched = np.where(over > 0.0, a + b - soft * np.exp(-over / max(soft, 1e-9)), distance)
    folded = np.sqrt(a * a + b * b + 2.0 * a * b * np.cos(np.deg2rad(FOLDED_DEG)))
    return np.maximum(stretched, folded)


def _bend_axis(upper: Array, lower: Array, hinge: Array) -> Array:
    """The unit normal [..., 3] of the plane in which a limb is bent; the hinge's where it is straight or bent back."""
    across = np.cross(normalised(upper), normalised(lower))
    sine = np.linalg.norm(across, axis=-1, keepdims=True)
    against = 0.5 - 0.5 * np.sum(normalised(across) * normalised(hinge), axis=-1, keepdims=True)
    low, high = (
        np.sin(np.deg2rad(own + against * (other - own)))
        for own, other in zip(OWN_PLANE_DEG, AGAINST_HINGE_DEG, strict=True)
    )
    share = np.clip((sine - low) / (high - low), 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    mixed = normalised(share * normalised(across) + (1.0 - share) * normalised(hinge))
    way = normalised(upper + lower)
    return normalised(mixed - np.sum(mixed * way, axis=-1, keepdims=True) * way)


def _carried(R: Array, bone: Array, plane: Array, bone_after: Array, plane_after: Array) -> Array:
    """R [..., 3, 3] turned so that its bone and the normal of its plane come to lie along those after."""
    before = frame_from_axes(bone, np.cross(plane, bone))
    after = frame_from_axes(bone_after, np.cross(plane_after, bone_after))
    return after @ np.swapaxes(before, -1, -2) @ R
