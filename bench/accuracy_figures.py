"""How near a capture of one film comes to its reference, for each method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.cameras.projection import projected, root_by_reprojection
from backend.lift.beliefs import Beliefs
from backend.lift.network.lifter import Lifter
from backend.pipeline import Person
from bench import metrics
from bench.by_network import people_of, placed_by_network
from bench.captures import Captured
from bench.mediapipe_mapped import Mapping
from bench.pose_evidence import Pose, PoseEvidence, pose_evidence
from bench.reference import Reference
from motion.arrays import Array, Indices
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_NAMES, LIMB_LANDMARKS
from motion.motion import Camera
from motion.skeleton import BODY_JOINT_COUNT

COLUMNS = ("mpjpe_mm", "pa_mpjpe_mm", "centroid_mpjpe_mm", "accel_error_m_s2", "jitter_10m_s3", "swapped_share",
           "foot_sliding_mm", "penetration_mm", "floating_mm", "reprojection_px", "frames")  # fmt: skip
_FEET = [LANDMARK_NAMES.index(name) for name in ("left_heel", "right_heel", "left_foot_index", "right_foot_index")]
_SOLES = ("left_heel_sole", "right_heel_sole", "left_toe_sole", "right_toe_sole")

Figures = dict[str, Any]
NOTHING: Figures = dict.fromkeys((*COLUMNS, "per_joint_mm"))


@dataclass(frozen=True, eq=False)
class Measured:
    """One method on one clip."""

    figures: Figures            # COLUMNS, per_joint_mm
    evidence: PoseEvidence      # nothing, where no joints are turned


def figures_of(
    take: Captured, reference: Reference, mapping: Mapping | None, lifter: Lifter | None = None
) -> dict[str, Measured]:
    """By method; nothing but `frames` 0 where the person was not found. `take` is by the direct lift."""
    person = nearest(take, reference)
    frames = np.flatnonzero(person.motion.seen[: len(reference.times_s)]) if person else np.zeros(0, np.int64)
    methods = ("mediapipe", *(("mediapipe_mapped",) if mapping else ()), "direct", *(("network",) if lifter else ()))
    if person is None or len(frames) < 4:
        return {method: Measured({**NOTHING, "frames": 0}, PoseEvidence()) for method in methods}
    found = {"mediapipe": Measured(_mediapipe(person, reference, frames), PoseEvidence())}
    if mapping:
        limbs = mapping.limbs(person.track.landmarks_camera[frames])
        mapped = shared_figures(limbs, reference.limbs_camera[frames], reference.times_s[frames])
        found["mediapipe_mapped"] = Measured({**NOTHING, **mapped}, PoseEvidence())
    found["direct"] = _ours(person, None, reference, frames)
    if lifter:
        placed = placed_by_network(take, lifter)[take.people.index(person)]
        found["network"] = _ours(people_of([placed])[0], placed.lift.beliefs, reference, frames)
    return found


def nearest(take: Captured, reference: Reference) -> Person | None:
    """The person whose landmarks lie nearest to the reference: onlookers stand in some of the pictures."""
    def distance(person: Person) -> float:
        camera, count = person.motion.cameras[0], len(reference.times_s)
        seen_px = camera.landmarks_px[:count, LIMB_LANDMARKS]
        truth = reference.limbs_camera[: len(seen_px)]
        gap = np.linalg.norm(seen_px - projected(truth, camera.K[0]), axis=-1)
        return float(np.nanmedian(gap)) if np.isfinite(gap).any() else np.inf

    return min(take.people, key=distance, default=None)


def _ours(person: Person, beliefs: Beliefs | None, reference: Reference, frames: Indices) -> Measured:
    evidence = pose_evidence(pose_in_camera(person), reference.pose, beliefs, frames)
    return Measured(_motion_figures(person, reference, frames), evidence)


def pose_in_camera(person: Person) -> Pose:
    """The body before its camera."""
    motion, camera = person.motion, person.motion.cameras[0]
    R = np.array(motion.R_parent_from_joint[:, :BODY_JOINT_COUNT])
    R[:, 0] = camera.R_camera_from_world @ R[:, 0]
    return Pose(motion.skeleton, R, _before(camera, motion.world_joints()[:, :BODY_JOINT_COUNT]))


def _before(camera: Camera, points_world: Array) -> Array:
    """Points [T, P, 3] m of the world in the camera's axes."""
    turned = points_world @ np.swapaxes(camera.R_camera_from_world, 1, 2)
    return turned + camera.t_camera_from_world[:, None]


def _motion_figures(person: Person, reference: Reference, frames: Indices) -> Figures:
    points_world = body_points_world(person)
    camera = person.motion.cameras[0]
    points_camera = _before(camera, points_world)
    figures = shared_figures(
        points_camera[frames][:, LIMB_LANDMARKS], reference.limbs_camera[frames], reference.times_s[frames])
    figures["reprojection_px"] = _reprojection(points_camera[frames], person, frames)
    soles = points_world[frames][:, [person.body.model.point_names.index(name) for name in _SOLES]]
    figures["penetration_mm"] = metrics.penetration_mm(soles)
    if reference.feet_world is None:
        return {**NOTHING, **figures}
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
    return {**NOTHING, **figures, "reprojection_px": _reprojection(placed, person, frames)}


def shared_figures(limbs_camera: Array, truth: Array, times_s: Array) -> Figures:
    """What needs no more than 12 joints of the limbs [T, 12, 3] m in the camera's frame and the true ones."""
    estimate_30, truth_30 = (metrics.at_rate(points, times_s) for points in (limbs_camera, truth))
    return {
        "mpjpe_mm": metrics.mpjpe_mm(limbs_camera, truth),
        "per_joint_mm": metrics.per_joint_mm(limbs_camera, truth),
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


def together(clips: Sequence[Measured]) -> Figures:
    """All figures of one clip or many."""
    evidence = PoseEvidence()
    for clip in clips:
        evidence.add(clip.evidence)
    return {**mean_of([clip.figures for clip in clips]), **evidence.figures()}


def mean_of(rows: Sequence[Figures]) -> Figures:
    """Over clips, each counting by its frames; frames themselves are added up."""
    def mean(values: Sequence[float | None]) -> float | None:
        known = [(value, row["frames"]) for value, row in zip(values, rows, strict=True) if value is not None]
        frames = [each[1] for each in known]
        return float(np.average([each[0] for each in known], weights=frames)) if sum(frames) else None

    by_joint = [row.get("per_joint_mm") or dict.fromkeys(metrics.LIMB_NAMES) for row in rows]
    return {**{name: mean([row[name] for row in rows]) for name in COLUMNS},
            "per_joint_mm": {name: mean([row[name] for row in by_joint]) for name in metrics.LIMB_NAMES},
            "frames": sum(row["frames"] for row in rows)}  # fmt: skip
