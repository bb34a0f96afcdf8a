"""How far the landmarks in the picture, and the lift itself, are to be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift, OtherView
from motion.arrays import Array, check_shape
from motion.landmarks import LANDMARK_COUNT, LANDMARK_NAMES
from motion.skeleton import BODY_JOINT_COUNT

# Errors in the picture at the person's distance, each way, of landmarks that the detector is sure of; rendered_dev.
# Those of face and hands move together, so that they say less than their number.
_SURE_MM = {"shoulder": 18, "elbow": 19, "wrist": 17, "hip": 28, "knee": 21, "ankle": 20, "heel": 24, "foot": 28,
            "pinky": 40, "index": 40, "thumb": 40}  # fmt: skip
_SURE_FACE_MM = 50
_SIGMA_M = 1e-3 * np.array([_SURE_MM.get(name.split("_")[1] if "_" in name else "", _SURE_FACE_MM)
                            for name in LANDMARK_NAMES])  # fmt: skip
# There a landmark with score 0.5 is off by four times as much as one with 0.9.
_SURE_SCORE = 0.75
_DOUBT = 6.0
_OUTSIDE = 3.0    # out of the picture: where the detector thinks that it might be
_USUAL_TURN_RAD = 0.2
_NEAREST_M = 0.3
_USUAL_PLACE_M = (0.05, 0.15)   # across the viewing ray, along it


@dataclass(frozen=True, eq=False)
class TrustInView:
    """What another camera shows of the same T frames."""

    landmarks_px: Array           # [T, 33, 2] as in Trust
    sigma_px: Array               # [T, 33]
    K: Array                      # [3, 3] px
    R_view_from_camera: Array     # [3, 3] from the axes of the lift's own camera
    t_view_from_camera: Array     # [3] m

    def in_view(self, points_camera: Array) -> Array:
        """Points [..., 3] m of the lift's own camera in the frame of this one."""
        return points_camera @ self.R_view_from_camera.T + self.t_view_from_camera


@dataclass(frozen=True, eq=False)
class Trust:
    """T frames of one person. Sigmas are each way and of single frames; how long errors last is in RefineSettings."""

    landmarks_px: Array       # [T, 33, 2] where the body's points should fall; NaN where nothing is known
    sigma_px: Array           # [T, 33]
    sigma_turn_rad: Array     # [T, 22] of the lift's orientations of the body joints
    sigma_place_m: Array      # [T, 2] of the lift's pelvis: across its viewing ray, along it
    others: tuple[TrustInView, ...] = ()   # in cameras beside the lift's own

    def __post_init__(self) -> None:
        shapes = {"landmarks_px": f"T {LANDMARK_COUNT} 2", "sigma_px": f"T {LANDMARK_COUNT}",
                  "sigma_turn_rad": f"T {BODY_JOINT_COUNT}", "sigma_place_m": "T 2"}  # fmt: skip
        for name, shape in shapes.items():
            check_shape(name, getattr(self, name), shape, T=len(self.landmarks_px))

    def during(self, frames: slice) -> Trust:
        others = tuple(replace(other, landmarks_px=other.landmarks_px[frames], sigma_px=other.sigma_px[frames])
                       for other in self.others)  # fmt: skip
        return Trust(self.landmarks_px[frames], self.sigma_px[frames], self.sigma_turn_rad[frames],
                     self.sigma_place_m[frames], others)  # fmt: skip


def trust_in(lift: Lift) -> Trust:
    """Landmarks without the bias that the network sees in them; orientations by its own doubts, else the usual ones."""
    usual = usual_trust(lift)
    return usual if lift.beliefs is None else _told(usual, lift.beliefs)


def usual_trust(lift: Lift) -> Trust:
    """What to go by when nothing is known of this clip in particular."""
    track, frames = lift.track, len(lift.root_camera)
    sigma_px = landmark_sigma_m(track.landmarks_px, track.scores, lift.K) * _px_a_metre(lift.root_camera, lift.K)
    if lift.others:   # whose own camera's landmarks may be made up
        sigma_px = np.where(track.scores > 0.0, sigma_px, np.inf)
    turn_rad = np.full((frames, BODY_JOINT_COUNT), _USUAL_TURN_RAD)
    return Trust(track.landmarks_px, sigma_px, turn_rad, np.tile(_USUAL_PLACE_M, (frames, 1)),
                 tuple(_in_view(other, lift.root_camera) for other in lift.others))  # fmt: skip


def landmark_sigma_m(landmarks_px: Array, scores: Array, K: Array) -> Array:
    """[..., 33] by how much landmarks [..., 33, 2] are off in the picture, each way, at the person's distance."""
    inside = ((landmarks_px >= 0.0) & (landmarks_px <= 2.0 * K[:2, 2])).all(axis=-1)
    unsure = np.maximum(0.0, _SURE_SCORE - np.clip(scores, 0.0, 1.0)) / _SURE_SCORE
    return _SIGMA_M * (1.0 + _DOUBT * unsure) * np.where(inside, 1.0, _OUTSIDE)


def _px_a_metre(root_camera: Array, K: Array) -> Array:
    """[T, 1] at the person's distance."""
    return 0.5 * (K[0, 0] + K[1, 1]) / np.maximum(root_camera[:, 2:], _NEAREST_M)


def _in_view(other: OtherView, root_camera: Array) -> TrustInView:
    """Its landmarks without their bias."""
    sigma_m = landmark_sigma_m(other.landmarks_px, other.scores, other.K)
    return TrustInView(other.landmarks_px - other.bias_px, sigma_m * _px_a_metre(other.in_view(root_camera), other.K),
                       other.K, other.R_view_from_camera, other.t_view_from_camera)  # fmt: skip


def _told(usual: Trust, beliefs: Beliefs) -> Trust:
    """The usual errors of landmarks stay: the network's own made 97.0 mm of 95.0 on rendered_dev."""
    return replace(usual, landmarks_px=usual.landmarks_px - beliefs.bias_px, sigma_turn_rad=beliefs.sigma_rotation_rad)
