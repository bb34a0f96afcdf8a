"""The foot of a figure at rest: what of it is on the floor, and which way it points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..figure import Figure
from ..limb_ik import Limb
from ..rotations import frame_from_axes, normalised

_UPRIGHT_DEG = 15.0    # a figure whose legs are this near to an axis of the rest frame stands along it


@dataclass(frozen=True, eq=False)
class Foot:
    """One leg's foot; places [3] m at rest are from the ankle, directions [3] in the rest frame."""

    side: str
    limb: Limb
    toe_joint: int         # -1 where there is none
    heel: Array
    ball: Array
    toe: Array             # the sole under the tip of the toes
    hinge: Array           # the joint about which the toes bend, the ball itself where there is none
    up: Array

    @property
    def forward(self) -> Array:
        along = self.ball - self.heel
        return normalised(along - (along @ self.up) * self.up)

    def level(self, R_world_from_foot: Array) -> Array:
        """The orientations [..., 3, 3] of the same heading whose sole lies flat."""
        forward, up = R_world_from_foot @ self.forward, R_world_from_foot @ self.up
        # Where the foot points straight down, its heading is where the instep looks.
        down = np.maximum(-forward[..., 2:], 0.0) ** 2
        heading = (forward + down * up) * np.array([1.0, 1.0, 0.0])
        return self.laid(heading, self.forward)

    def laid(self, way: Array, way_rest: Array) -> Array:
        """Orientations [..., 3, 3] that take way_rest [3] along way [..., 3] and turn the sole down most."""
        world = frame_from_axes(way, np.broadcast_to([0.0, 0.0, 1.0], np.shape(way)))
        return world @ frame_from_axes(way_rest, self.up).T


def feet_of(figure: Figure) -> list[Foot]:
    """The feet of the legs that have a heel and a ball."""
    legs = {name: limb for name, limb in figure.limbs.items() if name.endswith("_leg")}
    feet = []
    for name, limb in legs.items():
        side = name.removesuffix("_leg")
        if {f"{side}_heel", f"{side}_ball"} <= set(figure.point_names):
            feet.append(_foot(figure, side, limb, figure.toe_joints.get(name, -1), _up(figure, list(legs.values()))))
    return feet


def _foot(figure: Figure, side: str, limb: Limb, toe_joint: int, up: Array) -> Foot:
    ankle = figure.rest_joints[limb.end]
    heel, ball = (figure.points_rest[figure.point(f"{side}_{part}")] - ankle for part in ("heel", "ball"))
    has_toe = f"{side}_toe" in figure.point_names
    return Foot(
        side=side, limb=limb, toe_joint=toe_joint, heel=heel, ball=ball, up=up,
        toe=figure.points_rest[figure.point(f"{side}_toe")] - ankle if has_toe else ball,
        hinge=figure.rest_joints[toe_joint] - ankle if toe_joint >= 0 else ball,
    )  # fmt: skip


def _up(figure: Figure, legs: list[Limb]) -> Array:
    """Where up is at rest: along the legs, both together."""
    up = normalised(sum(figure.rest_joints[leg.upper] - figure.rest_joints[leg.end] for leg in legs))
    axis = np.zeros(3)
    main = np.argmax(np.abs(up))
    axis[main] = np.sign(up[main])
    return axis if axis @ up > np.cos(np.deg2rad(_UPRIGHT_DEG)) else up
