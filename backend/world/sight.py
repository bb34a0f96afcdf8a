"""From where each camera of a take sees somebody, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.lift.lift import OtherView
from backend.world.in_world import InWorld
from motion.arrays import Array, Mask
from motion.rotations import normalised

_NEAREST_M = 0.1
_APART_DEG = 20.0    # lines of sight that cross at less tell depth hardly better than one


@dataclass(frozen=True, eq=False)
class Sight:
    """One camera's line of sight to the place of the root over T frames."""

    ray: Array          # [T, 3] unit, away from the lens
    distance_m: Array   # [T]
    seen: Mask          # [T]

    @property
    def outer(self) -> Array:
        """[T, 3, 3]."""
        return self.ray[:, :, None] * self.ray[:, None, :]


def sights_of(person: InWorld) -> list[Sight]:
    """Of all cameras, the first one first."""
    track, others = person.lift.track, person.lift.others
    # Where only other cameras see somebody, the track says where the first one would, with scores of zero.
    seen = track.seen & (track.scores > 0.0).any(axis=1) if others else track.seen
    return [_sight(person, person.camera_world, seen), *(_other_sight(person, other) for other in others)]


def depth_is_seen(sights: list[Sight]) -> Mask:
    """[T] whether two cameras whose lines of sight cross see the person."""
    crossed = np.zeros(len(sights[0].ray), dtype=bool)
    for index, one in enumerate(sights):
        for other in sights[index + 1 :]:
            along = np.abs(np.sum(one.ray * other.ray, axis=-1))
            crossed |= one.seen & other.seen & (along < np.cos(np.deg2rad(_APART_DEG)))
    return crossed


def nearest_ray(sights: list[Sight]) -> Array:
    """[T, 3] the line of sight of the first camera that sees the person; of the first of all where none does."""
    ray = np.array(sights[0].ray)
    open_frames = ~sights[0].seen
    for sight in sights[1:]:
        ray[open_frames & sight.seen] = sight.ray[open_frames & sight.seen]
        open_frames &= ~sight.seen
    return ray


def _other_sight(person: InWorld, other: OtherView) -> Sight:
    place_camera = -other.R_view_from_camera.T @ other.t_view_from_camera
    lens_world = person.camera_world + person.R_world_from_camera @ place_camera
    return _sight(person, lens_world, (other.scores > 0.0).any(axis=1))


def _sight(person: InWorld, lens_world: Array, seen: Mask) -> Sight:
    way = person.root_seen_world - lens_world
    return Sight(normalised(way), np.maximum(np.linalg.norm(way, axis=-1), _NEAREST_M), seen)
