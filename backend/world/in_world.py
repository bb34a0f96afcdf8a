"""One lifted person in a level world, before a camera whose way through that world is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from motion.arrays import Array, freeze
from motion.contacts.believe import contact_probabilities
from motion.contacts.body_points import figure_of
from motion.figure import Figure
from motion.runs import in_turn
from motion.skeleton import JOINT

_UNSEEN_SCORE, _SEEN_SCORE = 0.3, 0.6


@dataclass(frozen=True, eq=False)
class InWorld:
    """T frames; Z up, m. The floor is where it is found: not yet at z = 0."""

    lift: Lift
    R_world_from_camera: Array   # [T, 3, 3]
    camera_world: Array          # [T, 3] the lens
    root_world: Array            # [T, 3]

    def __post_init__(self) -> None:
        freeze(self, {"R_world_from_camera": "T 3 3", "camera_world": "T 3", "root_world": "T 3"},
               T=len(self.lift.root_camera))  # fmt: skip

    @property
    def rate(self) -> float:
        return self.lift.track.rate

    @cached_property
    def figure(self) -> Figure:
        return figure_of(self.lift.body)

    def R_parent_from_joint(self, frames: slice = slice(None)) -> Array:  # noqa: N802 as in Motion and Lift
        """[T, 55, 3, 3] of some frames; entry 0 is R_world_from_pelvis."""
        R = np.array(self.lift.R_parent_from_joint[frames])
        R[:, 0] = self.R_world_from_camera[frames] @ R[:, 0]
        return R

    @cached_property
    def R_world_from_pelvis(self) -> Array:  # noqa: N802
        """[T, 3, 3]."""
        return self.R_world_from_camera @ self.lift.R_parent_from_joint[:, 0]

    @cached_property
    def points_from_root(self) -> Array:
        """The figure's points about the pelvis, [T, P, 3] m."""
        points = np.empty((len(self.root_world), len(self.figure.point_names), 3))
        for some in in_turn(len(points)):
            nowhere = np.zeros_like(self.root_world[some])
            points[some] = self.figure.points(*self.figure.kinematics(self.R_parent_from_joint(some), nowhere))
        return points

    @property
    def points_world(self) -> Array:
        return self.points_from_root + self.root_world[:, None]

    @property
    def root_seen_world(self) -> Array:
        """Where the footage alone puts the pelvis, [T, 3] m."""
        return self.camera_world + np.einsum("tij,tj->ti", self.R_world_from_camera, self.lift.root_camera)

    def with_root(self, root_world: Array) -> InWorld:
        """The same elsewhere. What does not hang on the place is taken along: it takes most of the time."""
        moved = replace(self, root_world=root_world)
        moved.__dict__["points_from_root"] = self.points_from_root
        return moved

    def resting(self, floor_m: float) -> Array:
        """[T, P] probability that the figure's points rest, with the floor at that height."""
        beliefs = self.lift.beliefs
        heights = self.points_world - np.array([0.0, 0.0, floor_m])
        return contact_probabilities(heights, self.figure, self.rate, None if beliefs is None else beliefs.still,
                                     self._confidence())  # fmt: skip

    def certainty(self) -> Array:
        """0..1 [T, P]: limbs that nobody saw pull nobody down; scores outside of the picture are 0.3 at most."""
        return np.clip((self._confidence() - _UNSEEN_SCORE) / (_SEEN_SCORE - _UNSEEN_SCORE), 0.0, 1.0)

    def _confidence(self) -> Array:
        """[T, P] of the joints that carry the figure's points."""
        return self.lift.confidence[:, np.minimum(self.figure.point_joints, JOINT["right_wrist"])]


def before_camera(lift: Lift, camera: CameraPath, R_world_from_first: Array, metres: float = 1.0) -> InWorld:
    """A lift where the footage alone puts it; the first lens is the origin, `metres` the unit of the lens' places."""
    path = camera.at(lift.track.times_s)
    R_world_from_camera = R_world_from_first @ path.R_first_from_camera
    camera_world = metres * path.places_first @ R_world_from_first.T
    root = camera_world + np.einsum("tij,tj->ti", R_world_from_camera, lift.root_camera)
    return InWorld(lift, R_world_from_camera, camera_world, root)
