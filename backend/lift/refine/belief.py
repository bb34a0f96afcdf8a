"""What refinement believes: where landmarks are seen, and how far off they and the lift may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.lift.lift import Lift
from motion.arrays import Array, check_shape
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.skeleton import BODY_JOINT_COUNT, JOINT


@dataclass(frozen=True, eq=False)
class Belief:
    """T frames of one person. Sigmas are those of single frames, each way; errors last (RefineSettings)."""

    landmarks_px: Array       # [T, 33, 2] where the body's points should fall, NaN where nothing is known
    sigma_px: Array           # [T, 33]
    sigma_turn_rad: Array     # [T, 22] of the lift's orientations of the body joints
    sigma_root_m: Array       # [T, 2] of the lift's pelvis: across its viewing ray, along it

    def __post_init__(self) -> None:
        shapes = {"landmarks_px": f"T {LANDMARK_COUNT} 2", "sigma_px": f"T {LANDMARK_COUNT}",
                  "sigma_turn_rad": f"T {BODY_JOINT_COUNT}", "sigma_root_m": "T 2"}  # fmt: skip
        for name, shape in shapes.items():
            check_shape(name, getattr(self, name), shape, T=len(self.landmarks_px))

    def during(self, frames: slice) -> Belief:
        return Belief(self.landmarks_px[frames], self.sigma_px[frames], self.sigma_turn_rad[frames],
                      self.sigma_root_m[frames])  # fmt: skip


def usual_belief(lift: Lift) -> Belief:
    """What to believe when nothing says it for this clip: the detector's and the direct lift's usual errors."""
    frames = len(lift.root_camera)
    focal_px = 0.5 * (lift.K[0, 0] + lift.K[1, 1])
    px_a_metre = focal_px / np.maximum(lift.root_camera[:, 2], 0.1)
    track = lift.track
    doubt = 1.0 + _DOUBT * np.maximum(0.0, _SURE_SCORE - np.clip(track.scores, 0.0, 1.0)) / _SURE_SCORE
    inside = ((track.landmarks_px >= 0.0) & (track.landmarks_px <= 2.0 * lift.K[:2, 2])).all(axis=-1)
    sigma_m = _SIGMA_M * doubt * np.where(inside, 1.0, _OUTSIDE)
    return Belief(track.landmarks_px, sigma_m * px_a_metre[:, None], np.tile(_SIGMA_TURN_RAD, (frames, 1)),
                  np.tile(_SIGMA_ROOT_M, (frames, 1)))  # fmt: skip


_SURE_SCORE = 0.7
_DOUBT = 3.0
_OUTSIDE = 3.0


def _sigma_m() -> Array:
    """Errors in the picture at the person's distance."""
    sigma = np.full(LANDMARK_COUNT, 0.025)
    sigma[:11] = 0.05     # eleven points of one face say little more than one
    sigma[17:23] = 0.05
    sigma[[LANDMARK[f"{side}_{name}"] for side in ("left", "right") for name in ("wrist", "knee", "ankle")]] = 0.03
    sigma[29:] = 0.04
    sigma[[LANDMARK[f"{side}_{name}"] for side in ("left", "right") for name in ("shoulder", "hip")]] = 0.02
    return sigma


def _sigma_turn_rad() -> Array:
    sigma = np.full(BODY_JOINT_COUNT, 0.2)
    sigma[[JOINT[name] for name in ("pelvis", "spine1", "spine2", "spine3")]] = 0.15
    return sigma


_SIGMA_M = _sigma_m()
_SIGMA_TURN_RAD = _sigma_turn_rad()
_SIGMA_ROOT_M = np.array([0.05, 0.15])
