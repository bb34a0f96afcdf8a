"""All figures of one motion in a world beside the true one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench import metrics
from bench.steadiness import swim_mm
from bench.world_measures import (
    aligned_on_the_floor,
    camera_tilt_deg,
    camera_yaw_deg,
    contact_times,
    planted_position_mm,
    sole_deg,
)
from bench.world_motion import WorldMotion
from motion.arrays import Array
from motion.skeleton import JOINT

COLUMNS = ("wa_mpjpe100_mm", "w_mpjpe100_mm", "rte_percent", "rte_no_height_percent", "jitter_10m_s3",
           "foot_sliding_mm", "sliding_beyond_truth_mm", "penetration_mm", "floating_mm", "mpjpe_mm", "camera_yaw_deg",
           "camera_tilt_deg", "swim_mm", "planted_position_mm", "sole_deg", "onset_frames", "contacts_missed_share",
           "contacts_extra_share", "frames")  # fmt: skip
SPREAD = ("camera_tilt_median_deg", "camera_tilt_p90_deg")     # over clips
Figures = dict[str, Any]
NOTHING: Figures = dict.fromkeys(COLUMNS)
LEAST_FRAMES = 4
_ENDS = [JOINT[name] for name in ("pelvis", "head", "left_wrist", "right_wrist", "left_foot", "right_foot")]
_LIMB_ENDS = [4, 5, 10, 11]         # wrists and ankles among the limbs
_SOLES_OF_FEET = [0, 3, 2, 5]       # of SOLES, what lies under FEET


def figures_of(estimate: WorldMotion, truth: WorldMotion, path: bool = True) -> Figures:
    """COLUMNS but for what needs another estimate. Both at metrics.RATE and of the same times, at least LEAST_FRAMES.

    `path`: whether the truth's place over time may judge.
    """
    estimate = estimate.of_the_kind(truth)
    figures = {
        **NOTHING,
        "jitter_10m_s3": metrics.jitter_10m_s3(estimate.all_joints),
        "mpjpe_mm": metrics.mpjpe_mm(estimate.limbs_camera, truth.limbs_camera),
        "camera_yaw_deg": float(camera_yaw_deg(estimate.R_world_from_camera, truth.R_world_from_camera).mean()),
        "camera_tilt_deg": float(camera_tilt_deg(estimate.R_world_from_camera, truth.R_world_from_camera).mean()),
        "penetration_mm": None if estimate.soles is None else metrics.penetration_mm(estimate.soles),
        "swim_mm": swim_mm(_ends(estimate), _ends(truth), metrics.RATE),
        "frames": len(truth.times_s),
    }
    if path:
        figures["wa_mpjpe100_mm"] = metrics.wa_mpjpe100_mm(estimate.all_joints, truth.all_joints)
        figures["w_mpjpe100_mm"] = metrics.w_mpjpe100_mm(estimate.all_joints, truth.all_joints)
        figures["rte_percent"] = metrics.rte_percent(estimate.root, truth.root)
    return {**figures, **(_of_feet(estimate, truth) if truth.feet is not None else {})}


def own_figures(truth: WorldMotion) -> Figures:
    """What the truth itself has of jitter, sliding, depth under the floor and swim; no errors."""
    figures = figures_of(truth, truth)
    own = ("jitter_10m_s3", "foot_sliding_mm", "penetration_mm", "floating_mm", "swim_mm", "frames")
    return {**NOTHING, **{name: figures[name] for name in own}}


def mean_of(rows: Sequence[Figures]) -> Figures:
    """Over clips, each counting by its frames where it has the figure; frames are added up. And SPREAD."""
    def mean(name: str) -> float | None:
        known = [row for row in rows if row[name] is not None and row["frames"]]
        frames = [row["frames"] for row in known]
        return float(np.average([row[name] for row in known], weights=frames)) if known else None

    tilts_deg = [row["camera_tilt_deg"] for row in rows if row["camera_tilt_deg"] is not None]
    spread = np.percentile(tilts_deg, [50, 90]).tolist() if tilts_deg else (None, None)
    return {**{name: mean(name) for name in COLUMNS}, "frames": sum(row["frames"] for row in rows),
            **dict(zip(SPREAD, spread, strict=True))}  # fmt: skip


def _of_feet(estimate: WorldMotion, truth: WorldMotion) -> Figures:
    planted = metrics.planted(truth.feet)
    aligned = aligned_on_the_floor(estimate.all_joints, truth.all_joints, estimate.feet)
    figures = {
        "foot_sliding_mm": metrics.foot_sliding_mm(estimate.feet, truth.feet),
        "sliding_beyond_truth_mm": metrics.sliding_beyond_truth_mm(estimate.feet, truth.feet),
        "planted_position_mm": planted_position_mm(aligned, truth.feet, planted),
    }
    if estimate.soles is not None:
        soles = estimate.soles[:, _SOLES_OF_FEET]
        true_m = 0.0 if truth.soles is None else truth.soles[:, _SOLES_OF_FEET, 2]
        figures["floating_mm"] = metrics.floating_mm(_above(soles, true_m), planted)
    if truth.held is not None:
        figures |= contact_times(estimate.held, truth.held)
        feet = [motion.soles.reshape(-1, 2, 3, 3) for motion in (estimate, truth)]
        figures["sole_deg"] = sole_deg(feet[0], estimate.feet_left, feet[1], truth.feet_left,
                                       truth.held.reshape(-1, 2, 2).any(axis=-1))  # fmt: skip
    return figures


def _above(soles: Array, true_m: Array | float) -> Array:
    """Soles whose height is what they float above true ones [T, S] m, which may stand on a step; none if lower."""
    floating = np.maximum(0.0, soles[..., 2] - np.maximum(0.0, true_m))
    return np.concatenate([soles[..., :2], floating[..., None]], axis=-1)


def _ends(motion: WorldMotion) -> Array:
    """What is seen to swim: pelvis, head, hands and feet [T, 6, 3], of limbs alone the middle of the hips and ends."""
    if motion.joints is not None:
        return motion.joints[:, _ENDS]
    return np.concatenate([motion.root[:, None], motion.limbs[:, _LIMB_ENDS]], axis=1)
