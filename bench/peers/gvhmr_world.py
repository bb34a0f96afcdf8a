"""GVHMR's way into the world (Shen et al. 2024) for our lifter's outputs: gravity view, roll-out, post-processing.

Formulas and constants are those of the paper and its released code, with the one mend that its roll-out needs: the
turn of the heading from frame 0 to t is the product of the steps 0 to t - 1 (the code takes 1 to t). Constants count
frames, at whatever rate there is, as there. Work is done with Z up: the published y is -z here, their z is our y.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from bench.peers.gvhmr_ik import HELD, held_by_ik, running_targets
from motion.arrays import Array
from motion.contacts.believe import STILL_POINTS
from motion.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle, normalised
from motion.skeleton import BODY_JOINT_COUNT

# Its joints in the place of our points: ankles for heels, feet for balls, wrists for palms.
_STILL = [STILL_POINTS.index(name) for name in (
    "left_heel", "left_ball", "right_heel", "right_ball", "left_palm", "right_palm")]  # fmt: skip
_HEADING_SIGMA, _PATH_SIGMA, _CAMERA_SIGMA = 3.0, 3.0, 5.0    # frames
_LEAST_STEP_RAD = 1e-5
_LEVEL_VIEW = 1e-5
_FAR_M, _NUDGE_M = 0.25, 0.02           # of the static camera's correction
_SURELY_STILL = 0.8
_Z_UP_FROM_VIEW = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])


@dataclass(frozen=True, eq=False)
class GvhmrWorld:
    """One person over T frames; Z up, lowest joint of all at z = 0."""

    R_parent_from_joint: Array      # [T, 55, 3, 3]; entry 0 R_world_from_pelvis
    root_world: Array               # [T, 3] m
    R_world_from_camera: Array      # [T, 3, 3]
    still: Array                    # [T, 6] probability that HELD_JOINTS rest


def gvhmr_world(lift: Lift, camera: CameraPath) -> GvhmrWorld:
    """The lift, whose beliefs must be there, placed as GVHMR does behind a camera that stands or moves."""
    beliefs, R_camera_from_pelvis = lift.beliefs, lift.R_parent_from_joint[:, 0]
    R_view_from_camera = gravity_view(beliefs.down_camera)
    R_world_from_view = headings(R_view_from_camera, camera.at(lift.track.times_s).turns())
    R = np.array(lift.R_parent_from_joint)
    R[:, 0] = R_world_from_view @ R_view_from_camera @ R_camera_from_pelvis
    root, still = rolled_out(R[:, 0], beliefs.root_velocity / lift.track.rate), beliefs.still[:, _STILL]
    skeleton = lift.body.skeleton
    joints = forward_kinematics(skeleton, R, root)[1][:, :BODY_JOINT_COUNT]
    if camera.kind == "static":
        R_world_from_camera = R[0, 0] @ R_camera_from_pelvis[0].T
        root = path_before_static_camera(joints, still, lift.root_camera @ R_world_from_camera.T)
    else:
        root = path_of_still_joints(joints, still)
    held = (joints + (root - joints[:, 0])[:, None])[:, HELD]
    R_held = held_by_ik(skeleton, R, root, running_targets(held, still))
    return GvhmrWorld(R_held, root, R_world_from_view @ R_view_from_camera, still)


def gravity_view(down_camera: Array) -> Array:
    """R_view_from_camera [T, 3, 3]: y along gravity [T, 3], z the horizontal part of the viewing direction."""
    y = normalised(down_camera)
    x = np.cross(y, [0.0, 0.0, 1.0])
    level = np.linalg.norm(x, axis=-1, keepdims=True) > _LEVEL_VIEW
    x = normalised(np.where(level, x, [1.0, 0.0, 0.0]))
    return np.stack([x, y, np.cross(x, y)], axis=-2)


def headings(R_view_from_camera: Array, turns: Array) -> Array:
    """R_world_from_view [T, 3, 3], Z up, from R_camera_from_previous [T, 3, 3]: yaw steps smoothed and multiplied."""
    R, R_previous_from_camera = R_view_from_camera[:-1], np.swapaxes(turns[1:], -1, -2)
    now, after = R[..., 2], (R @ R_previous_from_camera)[..., 2]
    steps_rad = np.arctan2(now[:, 2] * after[:, 0] - now[:, 0] * after[:, 2],
                           now[:, 0] * after[:, 0] + now[:, 2] * after[:, 2])  # fmt: skip
    steps_rad = smoothed(steps_rad, _HEADING_SIGMA) if len(steps_rad) else steps_rad
    steps_rad[np.abs(steps_rad) < _LEAST_STEP_RAD] = 0.0
    yaw_rad = np.concatenate([[0.0], np.cumsum(steps_rad)])
    return _Z_UP_FROM_VIEW @ matrix_from_axis_angle(yaw_rad[:, None] * [0.0, 1.0, 0.0])


def rolled_out(R_world_from_pelvis: Array, steps_pelvis: Array) -> Array:
    """The root's path [T, 3] m from its steps [T, 3] m to the next frame in the pelvis' frame."""
    steps_world = np.einsum("tij,tj->ti", R_world_from_pelvis, steps_pelvis)[:-1]
    return np.concatenate([np.zeros((1, 3)), np.cumsum(steps_world, axis=0)])


def path_of_still_joints(joints: Array, still: Array) -> Array:
    """The root's path [T, 3] m behind a moving camera (`pp_static_joint`): still joints pull their motion out of it.

    `joints` [T, 22, 3] m of the roll-out, `still` [T, 6] probability that HELD_JOINTS rest.
    """
    label = still[:-1] > 0.5
    odds = np.where(label, still[:-1] / np.maximum(1.0 - still[:-1], 1e-6), 0.0)     # softmax of the logits
    slid = _weighted(np.diff(joints[:, HELD], axis=0), odds)
    root = _without(joints[:, 0], slid)
    root[:, :2] = smoothed(root[:, :2], _PATH_SIGMA)
    return _grounded(root, joints)


def path_before_static_camera(joints: Array, still: Array, root_by_camera: Array) -> Array:
    """The same before a static camera (`pp_static_joint_cam`): where the roll-out strays from what the camera saw,
    the root [T, 3] m in this world up to a shift, each axis is nudged back; surely still joints do not move sideways.
    """
    seen = smoothed(root_by_camera, _CAMERA_SIGMA)
    seen = seen + joints[0, 0] - seen[0]
    nudged, shift = joints[:, 0].copy(), np.zeros(3)
    for frame in range(1, len(nudged)):
        astray = nudged[frame] + shift - seen[frame]
        shift = shift - np.clip(np.where(np.abs(astray) > _FAR_M, astray, 0.0), -_NUDGE_M, _NUDGE_M)
        nudged[frame] += shift
    held = joints[:, HELD] + (nudged - joints[:, 0])[:, None]
    slid = _weighted(np.diff(held, axis=0), (still[:-1] > _SURELY_STILL).astype(float))
    slid[:, 2] = 0.0
    return _grounded(_without(nudged, slid), joints)


def smoothed(values: Array, sigma: float) -> Array:
    """Values [T, ...] smoothed by a Gaussian of so many frames, cut at four of them, ends held."""
    reach = int(4.0 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, [(reach, reach)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=0)
    return windows @ (kernel / kernel.sum())


def _weighted(displacements: Array, weights: Array) -> Array:
    """Weighted mean [T, 3] of [T, P, 3]; zero where no weight is."""
    total = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return np.einsum("tp,tpk->tk", shares, displacements)


def _without(root: Array, steps: Array) -> Array:
    return root - np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])


def _grounded(root: Array, joints: Array) -> Array:
    """The path [T, 3] m with the lowest of all joints of all frames at z = 0, without a sole under it."""
    lowest = (joints[..., 2] + (root - joints[:, 0])[:, 2:]).min()
    return root - [0.0, 0.0, lowest]
