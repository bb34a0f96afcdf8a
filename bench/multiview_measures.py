"""How near one body of several cameras, and the cameras themselves, come to the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.multiview.rig import Rig
from bench import metrics
from motion.arrays import Array, Mask
from motion.resample import interpolate_linear

POSE = ("mpjpe_mm", "mpjpe_camera_mm", "pa_mpjpe_mm")
CAMERAS = ("rotation_deg", "position_percent", "offset_frames")
THIGH_AND_SHANK = ((6, 8, 10), (7, 9, 11))      # hip, knee, ankle among the 12 limb joints

Figures = dict[str, float]


def pose_figures(limbs: Array, truth: Array, joints: Sequence[int] = ()) -> Figures:
    """POSE of limbs [T, 12, 3] m before the first camera, over the frames on which both are known.

    Of some of the 12 `joints` the first of these alone is said too, by "joints_mm".
    """
    known = known_frames(limbs, truth)
    if not known.any():
        return {}
    limbs, truth = limbs[known], truth[known]
    turned = turned_as_one(limbs, truth)
    figures = {
        "mpjpe_mm": metrics.mpjpe_mm(turned, truth),
        "mpjpe_camera_mm": metrics.mpjpe_mm(limbs, truth),
        "pa_mpjpe_mm": metrics.pa_mpjpe_mm(limbs, truth),
    }
    if joints:
        each_mm = metrics.per_joint_mm(turned, truth)
        figures["joints_mm"] = float(np.mean([each_mm[metrics.LIMB_NAMES[joint]] for joint in joints]))
    return figures


def known_frames(limbs: Array, truth: Array) -> Mask:
    """[T] of [T, 12, 3]."""
    return np.isfinite(limbs).all(axis=(1, 2)) & np.isfinite(truth).all(axis=(1, 2))


def turned_as_one(limbs: Array, truth: Array) -> Array:
    """Limbs [T, 12, 3] about the hips, turned by the one rotation of all frames that brings them onto the truth."""
    about, true = (points - points[:, list(metrics.HIPS)].mean(axis=1, keepdims=True) for points in (limbs, truth))
    U, _, Vt = np.linalg.svd(np.einsum("tji,tjk->ik", about, true))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(U @ Vt))])
    return about @ (U * sign @ Vt)


def camera_figures(rig: Rig, true: Rig, moment_s: float, first_rate_hz: float) -> Figures:
    """CAMERAS, the median over all but the first; offsets at a moment of the first camera's clock."""
    others = range(1, rig.count)
    turns = rig.R_first_from_camera[1:] @ np.swapaxes(true.R_first_from_camera[1:], 1, 2)
    apart_m = np.linalg.norm(true.places_first[1:], axis=-1)
    astray_m = np.linalg.norm(rig.places_first[1:] - true.places_first[1:], axis=-1)
    off_s = [offset_error_s(rig, true, view, moment_s) for view in others]
    return {
        "rotation_deg": float(np.median(np.degrees(turn_rad(turns)))),
        "position_percent": float(np.median(100.0 * astray_m / apart_m)),
        "offset_frames": float(np.median(np.abs(off_s))) * first_rate_hz,
    }


def offset_error_s(rig: Rig, true: Rig, view: int, moment_s: float) -> float:
    """By how much the first camera's clock is wrong when another shows what it truly shows at that moment."""
    own_s = true.own_times_s(view, np.array([moment_s]))
    return float(rig.first_times_s(view, own_s)[0]) - moment_s


def turn_rad(R: Array) -> Array:
    """By how much rotations [..., 3, 3] turn."""
    cosine = 0.5 * (np.trace(R, axis1=-2, axis2=-1) - 1.0)
    return np.arccos(np.clip(cosine, -1.0, 1.0))


def leg_m(limbs: Array) -> float:
    """Thigh plus shank, the mean of both legs and the median over T frames of limbs [T, 12, 3] m."""
    lengths = [np.linalg.norm(np.diff(limbs[:, list(leg)], axis=1), axis=-1).sum(axis=1) for leg in THIGH_AND_SHANK]
    return float(np.nanmedian(np.mean(lengths, axis=0)))


def bridged(points: Array, times_s: Array) -> Array:
    """Points [T, J, 3], each over its own gaps (NaN) in a straight line; NaN where it is never known."""
    filled = np.full_like(points, np.nan)
    for joint in range(points.shape[1]):
        known = np.isfinite(points[:, joint]).all(axis=-1)
        if known.any():
            filled[:, joint] = interpolate_linear(points[known, joint], times_s[known], times_s)
    return filled
