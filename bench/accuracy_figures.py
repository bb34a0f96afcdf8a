"""How near a capture of one film comes to its reference, for each method."""

from __future__ import annotations

from typing import Any

import numpy as np

from backend.cameras.projection import projected, root_by_reprojection
from backend.pipeline import Person
from bench import metrics
from bench.captures import Captured
from bench.mediapipe_mapped import Mapping
from bench.reference import Reference
from motion.arrays import Array, Indices
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_NAMES, LIMB_LANDMARKS

COLUMNS = ("mpjpe_mm", "pa_mpjpe_mm", "centroid_mpjpe_mm", "accel_error_m_s2", "jitter_10m_s3", "swapped_share",
           "foot_sliding_mm", "penetration_mm", "floating_mm", "reprojection_px", "frames")  # fmt: skip
_FEET = [LANDMARK_NAMES.index(name) for name in ("left_heel", "right_heel", "left_foot_index", "right_foot_index")]
_SOLES = ("left_heel_sole", "right_heel_sole", "left_toe_sole", "right_toe_sole")

Figures = dict[str, Any]


def figures_of(take: Captured, reference: Reference, mapping: Mapping | None) -> dict[str, Figures]:
    """By method; nothing but `frames` 0 where the person was not found."""
    person = nearest(take, reference)
    frames = np.flatnonzero(person.motion.seen[: len(reference.times_s)]) if person else np.zeros(0, np.int64)
    methods = ("mediapipe", *(("mediapipe_mapped",) if mapping else ()), "direct")
    if person is None or len(frames) < 4:
        return {method: {**dict.fromkeys(COLUMNS), "frames": 0} for method in methods}
    figures = {"mediapipe": _mediapipe(person, reference, frames)}
    if mapping:
        limbs = mapping.limbs(person.track.landmarks_camera[frames])
        mapped = shared_figures(limbs, reference.limbs_camera[frames], reference.times_s[frames])
        figures["mediapipe_mapped"] = {**dict.fromkeys(COLUMNS), **mapped}
    return {**figures, "direct": _ours(person, reference, frames)}


def nearest(take: Captured, reference: Reference) -> Person | None:
    """The person whose landmarks lie nearest to the reference: onlookers stand in some of the pictures."""
    def distance(person: Person) -> float:
        camera, count = person.motion.cameras[0], len(reference.times_s)
        seen_px = camera.landmarks_px[:count, LIMB_LANDMARKS]
        truth = reference.limbs_camera[: len(seen_px)]
        gap = np.linalg.norm(seen_px - projected(truth, camera.K[0]), axis=-1)
        return float(np.nanmedian(gap)) if np.isfinite(gap).any() else np.inf

    return min(take.people, key=distance, default=None)


def _ours(person: Person, reference: Reference, frames: Indices) -> Figures:
    points_world = body_points_world(person)
    camera = person.motion.cameras[0]
    points_camera = points_world @ camera.R_camera_from_world[0].T + camera.t_camera_from_world[0]
    figures = shared_figures(
        points_camera[frames][:, LIMB_LANDMARKS], reference.limbs_camera[frames], reference.times_s[frames])
    figures["reprojection_px"] = _reprojection(points_camera[frames], person, frames)
    soles = points_world[frames][:, [person.body.model.point_names.index(name) for name in _SOLES]]
    figures["penetration_mm"] = metrics.penetration_mm(soles)
    if reference.feet_world is None:
        return {**dict.fromkeys(COLUMNS), **figures}
    times_s, truth = reference.times_s[frames], reference.feet_world[frames]
    soles_30, truth_30, feet_30 = (metrics.at_rate(points, times_s) for points in (
        soles, truth, points_world[frames][:, _FEET]))  # fmt: skip
    figures["foot_sliding_mm"] = metrics.foot_sliding_mm(feet_30, truth_30)
    figures["floating_mm"] = metrics.floating_mm(soles_30, metrics.planted(truth_30))
    return figures


def _mediapipe(person: Person, reference: Reference, frames: Indices) -> Figures:
    """The detector's world landmarks, put by least squares where they fall onto their own 2D landmarks."""
    track = person.track
    camera = person.motion.cameras[0]
    landmarks = track.landmarks_camera[frames]
    placed = landmarks + root_by_reprojection(
        landmarks[:, LIMB_LANDMARKS], track.landmarks_px[frames][:, LIMB_LANDMARKS],
        np.ones((len(frames), len(LIMB_LANDMARKS))), camera.K[0],
    )[:, None]  # fmt: skip
    figures = shared_figures(
        landmarks[:, LIMB_LANDMARKS], reference.limbs_camera[frames], reference.times_s[frames])
    return {**dict.fromkeys(COLUMNS), **figures, "reprojection_px": _reprojection(placed, person, frames)}


def shared_figures(limbs_camera: Array, truth: Array, times_s: Array) -> Figures:
    """What needs no more than 12 joints of the limbs [T, 12, 3] m in the camera's frame and the true ones."""
    estimate_30, truth_30 = (metrics.at_rate(points, times_s) for points in (limbs_camera, truth))
    return {
        "mpjpe_mm": metrics.mpjpe_mm(limbs_camera, truth),
        "pa_mpjpe_mm": metrics.pa_mpjpe_mm(limbs_camera, truth),
        "centroid_mpjpe_mm": metrics.centroid_mpjpe_mm(limbs_camera, truth),
        "accel_error_m_s2": metrics.acceleration_error_m_s2(estimate_30, truth_30),
        "jitter_10m_s3": metrics.jitter_10m_s3(estimate_30),
        "swapped_share": metrics.swapped_share(limbs_camera, truth),
        "frames": len(truth),
    }


def _reprojection(points_camera: Array, person: Person, frames: Indices) -> float:
    camera = person.motion.cameras[0]
    points_px = projected(points_camera[:, LIMB_LANDMARKS], camera.K[0])
    return float(np.linalg.norm(points_px - camera.landmarks_px[frames][:, LIMB_LANDMARKS], axis=-1).mean())


def body_points_world(person: Person) -> Array:
    """The body's named points, [T, P, 3] m in the world."""
    motion, body = person.motion, person.body
    R_world_from_joint, joints = forward_kinematics(body.skeleton, motion.R_parent_from_joint, motion.root_world)
    return attached_points(R_world_from_joint, joints, body.skeleton, body.points, body.model.point_joints)


def mean_of(rows: list[Figures]) -> Figures:
    """Over clips, each counting by its frames; frames themselves are added up."""
    def mean(name: str) -> float | None:
        known = [row for row in rows if row[name] is not None]
        frames = [row["frames"] for row in known]
        return float(np.average([row[name] for row in known], weights=frames)) if sum(frames) else None

    return {**{name: mean(name) for name in COLUMNS}, "frames": sum(row["frames"] for row in rows)}
