"""How near motions come to references: MediaPipe's own world landmarks and our lifts, on the same frames."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from backend.cameras.projection import projected, root_by_reprojection
from backend.pipeline import Person
from bench import four_cameras, metrics
from bench.captures import Captured, captured
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_NAMES, LIMB_LANDMARKS

_FEET = [LANDMARK_NAMES.index(name) for name in ("left_heel", "right_heel", "left_foot_index", "right_foot_index")]
_SOLES = ("left_heel_sole", "right_heel_sole", "left_toe_sole", "right_toe_sole")
_COLUMNS = ("mpjpe_mm", "pa_mpjpe_mm", "centroid_mpjpe_mm", "accel_error_m_s2", "jitter_10m_s3", "swapped_share",
            "foot_sliding_mm", "penetration_mm", "floating_mm", "reprojection_px", "frames")  # fmt: skip

Figures = dict[str, Any]


def main(options: argparse.Namespace) -> int:
    """`build.py bench accuracy`."""
    with tempfile.TemporaryDirectory() as folder:
        per_camera = {view.name: _view_figures(view, Path(folder)) for view in four_cameras.views()}
    methods = {method: _mean([each[method] for each in per_camera.values()]) for method in ("mediapipe", "direct")}
    for method, figures in methods.items():
        figures["per_camera"] = {name: each[method] for name, each in per_camera.items()}
    rows = [(method, name, *(row[c] for c in _COLUMNS)) for method, figures in methods.items()
            for name, row in (*figures["per_camera"].items(), ("mean", figures))]  # fmt: skip
    print_table(("method", "camera", *_COLUMNS), rows)
    print(machine_line())
    write_figures(options.json, {"cases": {"four_cameras": methods}})
    return 0


def _view_figures(view: four_cameras.View, folder: Path) -> dict[str, Figures]:
    take = captured(view.film, folder)
    person = _nearest(take, view)
    frames = np.flatnonzero(person.motion.seen[: len(view.times_s)])
    return {"mediapipe": _mediapipe(person, view, frames), "direct": _ours(person, view, frames)}


def _nearest(take: Captured, view: four_cameras.View) -> Person:
    """The person whose landmarks lie nearest to the reference: onlookers stand in two of the pictures."""
    def distance(person: Person) -> float:
        camera, count = person.motion.cameras[0], len(view.times_s)
        truth_px = projected(view.truth_camera[:, four_cameras.LIMBS], camera.K[0])
        gap = np.linalg.norm(camera.landmarks_px[:count, LIMB_LANDMARKS] - truth_px, axis=-1)
        return float(np.nanmedian(gap)) if np.isfinite(gap).any() else np.inf

    return min(take.people, key=distance)


def _ours(person: Person, view: four_cameras.View, frames: Array) -> Figures:
    points_world = body_points_world(person)
    camera = person.motion.cameras[0]
    names = person.body.model.point_names
    points_camera = points_world @ camera.R_camera_from_world[0].T + camera.t_camera_from_world[0]
    figures = _shared_figures(points_camera[frames][:, LIMB_LANDMARKS], view, frames)
    soles = points_world[frames][:, [names.index(name) for name in _SOLES]]
    truth = view.truth_world[frames, four_cameras.FEET]
    soles_30, truth_30 = (metrics.at_rate(points, view.times_s[frames]) for points in (soles, truth))
    feet_30 = metrics.at_rate(points_world[frames][:, _FEET], view.times_s[frames])
    figures["foot_sliding_mm"] = metrics.foot_sliding_mm(feet_30, truth_30)
    figures["penetration_mm"] = metrics.penetration_mm(soles)
    figures["floating_mm"] = metrics.floating_mm(soles_30, metrics.planted(truth_30))
    figures["reprojection_px"] = _reprojection(points_camera[frames], person, frames)
    return figures


def _mediapipe(person: Person, view: four_cameras.View, frames: Array) -> Figures:
    """The detector's world landmarks, put by least squares where they fall onto their own 2D landmarks."""
    track = person.track
    camera = person.motion.cameras[0]
    landmarks = track.landmarks_camera[frames]
    placed = landmarks + root_by_reprojection(
        landmarks[:, LIMB_LANDMARKS], track.landmarks_px[frames][:, LIMB_LANDMARKS],
        np.ones((len(frames), len(LIMB_LANDMARKS))), camera.K[0],
    )[:, None]  # fmt: skip
    figures = _shared_figures(landmarks[:, LIMB_LANDMARKS], view, frames)
    figures |= {"foot_sliding_mm": None, "penetration_mm": None, "floating_mm": None}
    figures["reprojection_px"] = _reprojection(placed, person, frames)
    return figures


def _shared_figures(limbs_camera: Array, view: four_cameras.View, frames: Array) -> Figures:
    truth = view.truth_camera[frames, four_cameras.LIMBS]
    estimate_30, truth_30 = (metrics.at_rate(points, view.times_s[frames]) for points in (limbs_camera, truth))
    return {
        "mpjpe_mm": metrics.mpjpe_mm(limbs_camera, truth),
        "pa_mpjpe_mm": metrics.pa_mpjpe_mm(limbs_camera, truth),
        "centroid_mpjpe_mm": metrics.centroid_mpjpe_mm(limbs_camera, truth),
        "accel_error_m_s2": metrics.acceleration_error_m_s2(estimate_30, truth_30),
        "jitter_10m_s3": metrics.jitter_10m_s3(estimate_30),
        "swapped_share": metrics.swapped_share(limbs_camera, truth),
        "frames": len(frames),
    }


def _reprojection(points_camera: Array, person: Person, frames: Array) -> float:
    camera = person.motion.cameras[0]
    points_px = projected(points_camera[:, LIMB_LANDMARKS], camera.K[0])
    return float(np.linalg.norm(points_px - camera.landmarks_px[frames][:, LIMB_LANDMARKS], axis=-1).mean())


def body_points_world(person: Person) -> Array:
    """The body's named points, [T, P, 3] m in the world."""
    motion, body = person.motion, person.body
    R_world_from_joint, joints = forward_kinematics(body.skeleton, motion.R_parent_from_joint, motion.root_world)
    return attached_points(R_world_from_joint, joints, body.skeleton, body.points, body.model.point_joints)


def _mean(rows: list[Figures]) -> Figures:
    def mean(name: str) -> float | None:
        known = [row[name] for row in rows if row[name] is not None]
        return float(np.mean(known)) if known else None

    return {name: mean(name) for name in _COLUMNS}
