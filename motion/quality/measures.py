"""What can be told of how good a motion is without knowing the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..body import Body
from ..kinematics import attached_points, forward_kinematics
from ..landmarks import LANDMARK_COUNT
from ..motion import Camera, Motion
from ..resample import interpolate_linear
from ..runs import in_turn
from ..skeleton import BODY_JOINT_COUNT, JOINT_COUNT, PARENTS

VISIBLE_SCORE = 0.5    # a landmark that the detector only guesses says nothing of the body's place
_NEAREST_M = 0.05
_HAND_M = 0.12         # soles that rest higher above the floor rest on a step or a thing
RATE_HZ = 30.0         # at which the field gives jitter and sliding
SOLES = {f"{side}_{part}": f"{side}_{part}_sole" for side in ("left", "right") for part in ("heel", "ball", "toe")}


@dataclass(frozen=True, eq=False)
class Posed:
    """A motion's body over T frames."""

    joints_world: Array      # [T, 55, 3] m
    points_world: Array      # [T, P, 3] m, the body's named points
    point_names: tuple[str, ...]

    def soles(self) -> Array:
        """[T, 6, 3] in the order of SOLES."""
        return self.points_world[:, [self.point_names.index(name) for name in SOLES.values()]]


def posed(motion: Motion, body: Body) -> Posed:
    joints, points = np.empty((motion.frame_count, JOINT_COUNT, 3)), np.empty((motion.frame_count, len(body.points), 3))
    for some in in_turn(motion.frame_count):
        R_world_from_joint, joints[some] = forward_kinematics(motion.skeleton, motion.R_parent_from_joint[some],
                                                              motion.root_world[some])  # fmt: skip
        points[some] = attached_points(R_world_from_joint, joints[some], motion.skeleton, body.points,
                                       body.model.point_joints)  # fmt: skip
    return Posed(joints, points, body.model.point_names)


def reprojection_by_frame(motion: Motion, body: Posed) -> Array:
    """[T] the same as reprojection_px frame by frame, as a share of how tall the person stands in the picture; NaN
    where nothing visible was seen.
    """
    if not motion.cameras:
        return np.full(motion.frame_count, np.nan)
    shares, counts = zip(*(_share_off(camera, motion, body) for camera in motion.cameras))
    count = np.sum(counts, axis=0)
    mean = sum(share * (own / np.maximum(count, 1)) for share, own in zip(shares, counts, strict=True))
    return np.where(count > 0, mean, np.nan)


def reprojection_px(motion: Motion, body: Posed) -> float | None:
    """Mean distance in the cameras' pictures between the body's landmarks and the visible detected ones."""
    off = [distance_px[visible] for distance_px, visible in
           (_distance_px(camera, motion.seen, body) for camera in motion.cameras)]  # fmt: skip
    visible_px = np.concatenate(off) if off else np.zeros(0)
    return float(visible_px.mean()) if len(visible_px) else None


def _share_off(camera: Camera, motion: Motion, body: Posed) -> tuple[Array, Array]:
    """[T] the mean of what is visible to one camera, and of how many landmarks."""
    distance_px, visible = _distance_px(camera, motion.seen, body)
    count = visible.sum(axis=1)
    mean_px = np.where(visible, distance_px, 0.0).sum(axis=1) / np.maximum(count, 1)
    return mean_px / _tall_px(camera, motion), count


def _tall_px(camera: Camera, motion: Motion) -> Array:
    """[T] how tall the person would stand in the picture."""
    depth = np.sum(camera.R_camera_from_world[:, 2] * motion.root_world, axis=1) + camera.t_camera_from_world[:, 2]
    return camera.K[:, 1, 1] * np.ptp(motion.skeleton.rest_joints[:, 1]) / np.maximum(depth, _NEAREST_M)


def _distance_px(camera: Camera, seen: Mask, body: Posed) -> tuple[Array, Mask]:
    """[T, 33] from landmark to landmark, and which of them are visible."""
    points = body.points_world[:, :LANDMARK_COUNT] @ np.swapaxes(camera.R_camera_from_world, 1, 2)
    points_px = (points + camera.t_camera_from_world[:, None]) @ np.swapaxes(camera.K, 1, 2)
    flat_px = points_px[..., :2] / np.maximum(points_px[..., 2:], _NEAREST_M)
    distance_px = np.linalg.norm(flat_px - camera.landmarks_px, axis=-1)
    return distance_px, seen[:, None] & (camera.scores >= VISIBLE_SCORE) & np.isfinite(distance_px)


def sliding_mm(motion: Motion, body: Posed) -> float | None:
    """Mean step at 30 frames a second of sole points that rest; None when none does."""
    soles, resting = _resting_soles(motion, body)
    if soles is None:
        return None
    steps = np.linalg.norm(np.diff(soles, axis=0), axis=-1)
    both = resting[1:] & resting[:-1]
    return 1000.0 * float(steps[both].mean()) if both.any() else None


def floating_mm(motion: Motion, body: Posed) -> float | None:
    """Mean height of sole points that rest at most a hand above the floor; None when none does."""
    soles, resting = _resting_soles(motion, body)
    if soles is None:
        return None
    low = resting & (soles[..., 2] < _HAND_M)
    return 1000.0 * float(np.maximum(soles[..., 2], 0.0)[low].mean()) if low.any() else None


def penetration_mm(body: Posed) -> float:
    """Mean depth of sole points under the floor over all frames; those above count as zero."""
    return 1000.0 * float(np.maximum(-body.soles()[..., 2], 0.0).mean())


def jitter_m_s3(motion: Motion, body: Posed) -> float | None:
    """Mean third difference of the 22 body joints at 30 frames a second."""
    joints = _at_30_hz(motion, body.joints_world[:, :BODY_JOINT_COUNT])
    if len(joints) < 4:
        return None
    return float(np.linalg.norm(np.diff(joints, 3, axis=0), axis=-1).mean() * RATE_HZ**3)


def bone_drift_mm(body: Posed) -> float:
    """The most by which any bone's length changes over the motion."""
    parents = np.array(PARENTS[1:])
    lengths = np.linalg.norm(body.joints_world[:, 1:] - body.joints_world[:, parents], axis=-1)
    return 1000.0 * float(np.ptp(lengths, axis=0).max())


def _resting_soles(motion: Motion, body: Posed) -> tuple[Array | None, Array | None]:
    """Sole points [T', N, 3] that have a contact, at 30 frames a second, and whether they rest [T', N]."""
    named = [name for name in SOLES if name in motion.contact_names]
    if not named or motion.frame_count < 2:
        return None, None
    resting = motion.contacts[:, [motion.contact_names.index(name) for name in named]]
    soles = body.soles()[:, [list(SOLES).index(name) for name in named]]
    return _at_30_hz(motion, soles), _at_30_hz(motion, resting) > 0.99 * max(float(resting.max()), 0.5)


def _at_30_hz(motion: Motion, values: Array) -> Array:
    times_s = motion.times_s
    return interpolate_linear(values, times_s, np.arange(times_s[0], times_s[-1] + 1e-9, 1.0 / RATE_HZ))
