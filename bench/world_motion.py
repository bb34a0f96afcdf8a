"""What the world's measures look at: one person's motion in a world, true or estimated, from whatever it is known."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from bench import four_cameras, metrics
from bench.rendered import RenderedClip
from motion.arrays import Array, Indices, Mask
from motion.body import Body
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_NAMES, LIMB_LANDMARKS
from motion.motion import Motion
from motion.rotations import interpolate_rotations
from motion.skeleton import BODY_JOINT_COUNT, JOINT

FEET = ("left_heel", "right_heel", "left_foot_index", "right_foot_index")
SOLES = tuple(f"{side}_{part}_sole" for side in ("left", "right") for part in ("heel", "ball", "toe"))
HELD = ("left_heel", "left_ball", "right_heel", "right_ball")
_POINTS = ("limbs", "joints", "feet", "soles", "feet_left")
_FEET = [LANDMARK_NAMES.index(name) for name in FEET]
_ANKLES = [JOINT["left_ankle"], JOINT["right_ankle"]]
_HELD_SOLES = (0, 1, 3, 4)          # HELD among SOLES, and among STILL_POINTS
_LOW_M = 0.1                        # a foot that rests higher rests on no floor


@dataclass(frozen=True, eq=False)
class WorldMotion:
    """Over T times; Z up, the floor at z = 0, m. What is not known of a motion is None."""

    times_s: Array                  # [T]
    limbs: Array                    # [T, 12, 3] LIMB_LANDMARKS
    R_world_from_camera: Array      # [T, 3, 3]
    joints: Array | None = None     # [T, 22, 3] of the body
    feet: Array | None = None       # [T, 4, 3] FEET
    soles: Array | None = None      # [T, 6, 3] SOLES
    feet_left: Array | None = None  # [T, 2, 3] unit vectors: what is left of each foot
    held: Mask | None = None        # [T, 4] HELD

    @property
    def all_joints(self) -> Array:
        """[T, J, 3]: the 22 of the body, or the limbs' where only those are known."""
        return self.limbs if self.joints is None else self.joints

    @property
    def root(self) -> Array:
        """[T, 3] the pelvis joint, or the middle of the hips."""
        return self.limbs[:, metrics.HIPS].mean(axis=1) if self.joints is None else self.joints[:, 0]

    @property
    def limbs_camera(self) -> Array:
        """[T, 12, 3] in the axes of each frame's camera, from wherever."""
        return np.einsum("tji,tpj->tpi", self.R_world_from_camera, self.limbs)

    def during(self, frames: Indices) -> WorldMotion:
        """Some of the frames."""
        known = {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) is not None}
        return WorldMotion(**{name: value[frames] for name, value in known.items()})

    def at_rate(self) -> WorldMotion:
        """At metrics.RATE, linearly; contacts of the nearest frame."""
        wanted_s = np.arange(self.times_s[0], self.times_s[-1] + 1e-9, 1.0 / metrics.RATE)
        middles_s = 0.5 * (self.times_s[1:] + self.times_s[:-1])
        points = {name: metrics.at_rate(values, self.times_s) for name in _POINTS
                  if (values := getattr(self, name)) is not None}  # fmt: skip
        held = None if self.held is None else self.held[np.searchsorted(middles_s, wanted_s)]
        R = interpolate_rotations(self.R_world_from_camera, self.times_s, wanted_s)
        return WorldMotion(wanted_s, R_world_from_camera=R, held=held, **points)

    def of_the_kind(self, other: WorldMotion) -> WorldMotion:
        """Without joints where those of `other` are not known, so that the same points are compared."""
        return self if other.joints is not None else replace(self, joints=None)


def of_pose(
    body: Body, times_s: Array, R_parent_from_joint: Array, root_world: Array, R_world_from_camera: Array,
    held: Mask | None,
) -> WorldMotion:  # fmt: skip
    """Of a body posed by R_parent_from_joint [T, 55, 3, 3] (entry 0 R_world_from_pelvis) and root [T, 3] m."""
    R_world, joints = forward_kinematics(body.skeleton, R_parent_from_joint, root_world)
    points = attached_points(R_world, joints, body.skeleton, body.points, body.model.point_joints)
    soles = points[:, [body.model.point_names.index(name) for name in SOLES]]
    return WorldMotion(times_s, points[:, LIMB_LANDMARKS], R_world_from_camera, joints[:, :BODY_JOINT_COUNT],
                       points[:, _FEET], soles, R_world[:, _ANKLES][..., 0], held)  # fmt: skip


def of_motion(motion: Motion, body: Body) -> WorldMotion:
    """Of what a capture made, by its own contacts."""
    held = motion.contacts[:, [motion.contact_names.index(name) for name in HELD]] > 0.5
    R_world_from_camera = np.swapaxes(motion.cameras[0].R_camera_from_world, -1, -2)
    return of_pose(body, motion.times_s, motion.R_parent_from_joint, motion.root_world, R_world_from_camera, held)


def of_rendered(clip: RenderedClip) -> WorldMotion:
    """The truth of a rendered clip; nothing about feet where they cannot judge."""
    R_world_from_camera = np.swapaxes(clip.R_camera_from_world, -1, -2)
    full = of_pose(clip.body, clip.times_s, clip.R_parent_from_joint, clip.root_world, R_world_from_camera, None)
    if not clip.teaches.contacts:
        return replace(full, feet=None, soles=None, feet_left=None)
    return replace(full, held=clip.still[:, _HELD_SOLES] & (full.soles[:, _HELD_SOLES, 2] < _LOW_M))


def of_view(view: four_cameras.View) -> WorldMotion:
    """The reference of the four cameras, of which only joints of limbs and the skin of heels and toes are known."""
    R_world_from_camera = np.broadcast_to(view.R_camera_from_world.T, (len(view.times_s), 3, 3))
    return WorldMotion(view.times_s, view.truth_world[:, four_cameras.LIMBS], R_world_from_camera,
                       feet=view.truth_world[:, four_cameras.FEET])  # fmt: skip
