"""From a body in front of a static camera to a motion on the floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.video.clip import Clip
from backend.world.common_floor import sized_by_floor
from backend.world.floor import Floor, find_floor, path_on_floor
from backend.world.gravity import up_from_bodies
from motion.arrays import Array, Indices
from motion.kinematics import attached_points, forward_kinematics
from motion.motion import Camera, Motion
from motion.resting import CONTACT_NAMES, SOLE_POINTS, ContactSettings, contact_probability
from motion.rotations import normalised
from motion.soles import level_soles

_PASSES = 2   # a flat foot stands at another height than a tilted one, so that the path is found again


@dataclass(frozen=True)
class WorldSettings:
    """How people are placed in the world."""

    contacts: ContactSettings = field(default_factory=ContactSettings)


@dataclass(frozen=True, eq=False)
class Placed:
    """One person in the world, and the lift that it became: its body may have been sized by the floor."""

    motion: Motion
    lift: Lift


def place(
    lifts: list[Lift], clip: Clip, camera: CameraPath, settings: WorldSettings, first_is_known: bool = False
) -> list[Placed]:
    """One world for all people of a static camera: Z up, floor at z = 0, y the way the camera looks.

    The first person starts above the origin. `first_is_known`: their body's size is the user's word.
    """
    if not lifts:
        return []
    up = up_from_bodies(lifts)
    # People of wrong sizes on one plane would tilt it, so that the first one's floor measures the others.
    lifts = sized_by_floor(lifts, find_floor(lifts[:1], up).up, first_is_known)
    floor = find_floor(lifts, up)
    for _ in range(_PASSES):
        lifts = [replace(lift, root_camera=path_on_floor(lift, floor, settings.contacts)) for lift in lifts]
        lifts = [_with_level_soles(lift, floor, float(clip.rate)) for lift in lifts]
    R_world_from_camera, t_world_from_camera = _world(floor, lifts[0])
    return [Placed(_motion(lift, clip, R_world_from_camera, t_world_from_camera, settings), lift) for lift in lifts]


def place_shots(
    lifts: list[Lift], clip: Clip, cameras: Mapping[int, CameraPath], settings: WorldSettings,
    first_is_known: bool = False,
) -> list[Placed]:  # fmt: skip
    """Everybody in the world of their own shot, in the order of `lifts`. `first_is_known` is said of the first of all.

    What another camera saw says nothing of where this one stands; each world starts under the first of its people.
    """
    placed: dict[int, Placed] = {}
    for shot in {lift.track.shot for lift in lifts}:
        members = [index for index, lift in enumerate(lifts) if lift.track.shot == shot]
        own = [lifts[index] for index in members]
        world = place(own, clip, cameras[shot], settings, first_is_known and 0 in members)
        placed.update(zip(members, world, strict=True))
    return [placed[index] for index in range(len(lifts))]


def _with_level_soles(lift: Lift, floor: Floor, rate: float) -> Lift:
    """The lift with resting feet flat on the floor."""
    R, t = _world(floor, lift)
    R_parent_from_joint = np.array(lift.R_parent_from_joint)
    R_parent_from_joint[:, 0] = R @ R_parent_from_joint[:, 0]
    soles, joints = _sole_points(lift)
    level = level_soles(R_parent_from_joint, lift.root_camera @ R.T + t, lift.body.skeleton, soles, joints, rate)
    level[:, 0] = lift.R_parent_from_joint[:, 0]
    return replace(lift, R_parent_from_joint=level)


def _sole_points(lift: Lift) -> tuple[Array, Indices]:
    """SOLE_POINTS at rest [4, 3] m and the joints that carry them [4]."""
    model = lift.body.model
    chosen = [model.point_names.index(name) for name in SOLE_POINTS]
    return lift.body.points[chosen], model.point_joints[chosen]


def _world(floor: Floor, first: Lift) -> tuple[Array, Array]:
    """R_world_from_camera [3, 3] and t_world_from_camera [3] m."""
    up = floor.up
    looking = np.array([0.0, 0.0, 1.0])
    # A camera that looks straight down has no horizon: then the picture's upper edge is the way ahead.
    ahead = looking if abs(up[2]) < 0.95 else np.array([0.0, -1.0, 0.0])
    forward = normalised(ahead - (ahead @ up) * up)
    R = np.stack([np.cross(forward, up), forward, up])
    start = R @ first.root_camera[int(np.argmax(first.track.seen))]
    return R, np.array([-start[0], -start[1], -floor.offset])


def _motion(lift: Lift, clip: Clip, R: Array, t: Array, settings: WorldSettings) -> Motion:
    """The lift in the world; R_world_from_camera [3, 3], t_world_from_camera [3] m."""
    R_parent_from_joint = np.array(lift.R_parent_from_joint)
    R_parent_from_joint[:, 0] = R @ R_parent_from_joint[:, 0]
    root_world = lift.root_camera @ R.T + t
    frames = len(root_world)
    soles_world = _soles(lift, R_parent_from_joint, root_world)
    camera = Camera(
        K=np.broadcast_to(lift.K, (frames, 3, 3)),
        R_camera_from_world=np.broadcast_to(R.T, (frames, 3, 3)),
        t_camera_from_world=np.broadcast_to(-R.T @ t, (frames, 3)),
        width_px=clip.width_px,
        height_px=clip.height_px,
        landmarks_px=lift.track.landmarks_px,
        scores=lift.track.scores,
        video_path=str(clip.path),
        video_sha256=clip.sha256,
        video_bytes=clip.byte_count,
        source_times_s=clip.times_s,
    )
    return Motion(
        skeleton=lift.body.skeleton,
        rate=clip.rate,
        start_s=float(lift.track.times_s[0]),
        R_parent_from_joint=R_parent_from_joint,
        root_world=root_world,
        seen=lift.track.seen,
        confidence=lift.confidence,
        contact_names=CONTACT_NAMES,
        contacts=contact_probability(soles_world, float(clip.rate), settings.contacts),
        body_shape=lift.body.shape if lift.body.model.name == "open" else np.zeros(0),
        betas=lift.body.shape if lift.body.model.name == "smplx" else np.zeros(10),
        cameras=(camera,),
    )


def _soles(lift: Lift, R_parent_from_joint: Array, root_world: Array) -> Array:
    """Sole points [T, 4, 3] m in the world."""
    skeleton = lift.body.skeleton
    R_world_from_joint, joints = forward_kinematics(skeleton, R_parent_from_joint, root_world)
    return attached_points(R_world_from_joint, joints, skeleton, *_sole_points(lift))
