"""From bodies before a camera to motions on one floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.video.clip import Clip
from backend.world.beside import Beside
from backend.world.camera_way import standing_before, with_way
from backend.world.cameras_in_world import cameras_of
from backend.world.common_floor import lone_sized, scaled, sizes_by_floor
from backend.world.floor import find_floor, said_floor
from backend.world.gravity import up_of_shot
from backend.world.gravity_view import gravity_view, world_from_camera
from backend.world.hints import WorldHints
from backend.world.in_world import InWorld, before_camera
from backend.world.levelled_path import levelled_path
from backend.world.path import root_path
from motion.arrays import Array, handed_over
from motion.clean_up.clean_motion import clean_motion
from motion.clean_up.settings import CleanUpSettings
from motion.motion import Camera, Motion
from motion.rotations import smallest_rotation

_LEAST_TILT_RAD = np.deg2rad(0.2)


@dataclass(frozen=True)
class WorldSettings:
    """How people are placed in the world."""

    hints: WorldHints = field(default_factory=WorldHints)
    clean_up: CleanUpSettings = field(default_factory=CleanUpSettings)


@dataclass(frozen=True, eq=False)
class Placed:
    """One person in the world, and the lift that it became: its body may have been sized by the floor."""

    motion: Motion
    lift: Lift


def place(
    lifts: list[Lift], clip: Clip, camera: CameraPath, settings: WorldSettings, first_is_known: bool = False,
    lens_known: bool = False, beside: Beside | None = None,
) -> list[Placed]:  # fmt: skip
    """One world for all people of a shot: Z up, floor at z = 0, y the way the first camera looks.

    The first person starts above the origin. `first_is_known`: their body's size is the user's word; `lens_known`: the
    focal length is no guess. With cameras `beside` the first one bodies have the sizes that these see; whom one of them
    alone sees is sized by the others' floor.
    """
    if not lifts:
        return []
    others = beside.cameras if beside else ()
    belief = up_of_shot(lifts, camera, settings.hints, lens_known=lens_known, beside=others)
    camera = levelled_path(camera, lifts, belief.up)
    # A levelled path has one up, so that the first gravity view is the world of all frames.
    (R_world_from_first,) = world_from_camera(gravity_view(-belief.up[None]), np.eye(3)[None])
    up_covariance = _in_floor_axes(belief.covariance, R_world_from_first)
    if others:
        lifts = lone_sized(lifts, [before_camera(lift, camera, R_world_from_first) for lift in lifts])
    elif camera.kind != "travelling":
        lifts = _sized(lifts, camera, R_world_from_first, up_covariance, first_is_known)
    camera = with_way(camera, [standing_before(lift, camera, R_world_from_first) for lift in lifts], R_world_from_first)
    people = [_on_path(before_camera(lift, camera, R_world_from_first), None) for lift in lifts]
    floor = said_floor(people[0], settings.hints) or find_floor(people, up_covariance)
    R_world_from_first = smallest_rotation(floor.up, np.array([0.0, 0.0, 1.0])) @ R_world_from_first
    people = [_on_path(before_camera(lift, camera, R_world_from_first), floor.offset) for lift in lifts]
    start = people[0].root_world[int(np.argmax(lifts[0].track.seen))]
    origin = np.array([start[0], start[1], floor.offset])
    zero_s = beside.zero_s if beside else 0.0
    raws = [_motion(person, clip.rate, zero_s, origin, cameras_of(person, clip, camera, origin, beside, number))
            for number, person in enumerate(people)]  # fmt: skip
    return [Placed(clean_motion(raw, person.figure, settings.clean_up), person.lift)
            for raw, person in zip(raws, people, strict=True)]  # fmt: skip


def place_shots(
    lifts: list[Lift], clip: Clip, cameras: Mapping[int, CameraPath], settings: WorldSettings,
    first_is_known: bool = False, lens_known: bool = False,
) -> list[Placed]:  # fmt: skip
    """Everybody in the world of their own shot, in the order of `lifts`. `first_is_known` is said of the first of all.

    What another camera saw says nothing of where this one stands; each world starts under the first of its people.
    """
    placed: dict[int, Placed] = {}
    for shot in {lift.track.shot for lift in lifts}:
        members = [index for index, lift in enumerate(lifts) if lift.track.shot == shot]
        own = [lifts[index] for index in members]
        world = place(own, clip, cameras[shot], settings, first_is_known and 0 in members, lens_known)
        placed.update(zip(members, world, strict=True))
    return [placed[index] for index in range(len(lifts))]


def _in_floor_axes(up_covariance: Array, R_world_from_first: Array) -> Array:
    """[2, 2] rad^2 of up along the world's x and y; what is surely known leaves room for the soles' word, too."""
    return (R_world_from_first @ up_covariance @ R_world_from_first.T)[:2, :2] + _LEAST_TILT_RAD**2 * np.eye(2)


def _sized(
    lifts: list[Lift], camera: CameraPath, R_world_from_first: Array, up_covariance: Array, first_is_known: bool
) -> list[Lift]:
    """Bodies sized by the floor they share. People of wrong sizes on one plane would tilt it: the first one's is it."""
    first = find_floor([before_camera(lifts[0], camera, R_world_from_first)], up_covariance)
    level = smallest_rotation(first.up, np.array([0.0, 0.0, 1.0])) @ R_world_from_first
    factors = sizes_by_floor([before_camera(lift, camera, level) for lift in lifts], first_is_known)
    return [scaled(lift, factor) for lift, factor in zip(lifts, factors, strict=True)]


def _on_path(person: InWorld, floor_m: float | None) -> InWorld:
    return person.with_root(root_path(person, floor_m))


def _motion(person: InWorld, rate: Fraction, zero_s: float, origin: Array, cameras: tuple[Camera, ...]) -> Motion:
    """The person with `origin` [3] moved to zero, by the clock that shows zero at zero_s of the first camera's."""
    lift = person.lift
    return Motion(
        skeleton=lift.body.skeleton,
        rate=rate,
        start_s=float(lift.track.times_s[0]) - zero_s,
        R_parent_from_joint=handed_over(person.R_parent_from_joint()),
        root_world=person.root_world - origin,
        seen=lift.track.seen,
        confidence=lift.confidence,
        contact_names=person.figure.point_names,
        contacts=person.resting(origin[2]),
        body_shape=lift.body.shape if lift.body.model.name == "open" else np.zeros(0),
        betas=lift.body.shape if lift.body.model.name == "smplx" else np.zeros(10),
        cameras=cameras,
    )
