"""The camera path of one shot, and how sure it is.

The focal length is taken as given and constant: a lens that zooms looks like a camera that comes nearer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from backend.cameras.camera_path import CameraKind, CameraPath, standing_camera
from backend.cameras.from_footage.explain import Explanation, by_travel, by_turns, lasting
from backend.cameras.from_footage.trails import Trails
from motion.arrays import Array
from motion.resample import interpolate_linear
from motion.rotations import axis_angle_from_matrix, interpolate_rotations

Said = Literal["auto", "static", "turning", "travelling"]

LEAST_TIED = 2                     # pictures
STATIC_RAD = np.radians(0.25)      # nine of ten pictures turned by less show a camera that stands
SOME_PARALLAX_PX = 0.6             # half of the sights farther off show that turns may not be enough
MUCH_PARALLAX_PX = 1.2             # and that they are not, even where no places are found
EXPLAINED = 0.6                    # of the loss that turns leave, at most, may remain when places are known
LEAST_TRAVEL = 0.06                # of the distance to the background; hands that shake came to 0.02, tracking to 0.25
NEAR_PX = 1.5                      # sights so far off still agree
ENOUGH_POINTS = 40                 # in a picture, to be sure of how it turned
ENOUGH_STILL_POINTS = 15           # and that it did not: only what stands still agrees on that
STEP_NOISE = 0.4                   # of the median error, on top of the points' noise: what neighbours do not share


def path_of_shot(trails: Trails, times_s: Array, said: Said, rng: np.random.Generator) -> CameraPath:
    """Over the pictures of the shot, times_s [T]; of the kind that the user says, unless that is "auto"."""
    if trails.tied.sum() < LEAST_TIED or not lasting(trails).any() or (turning := by_turns(trails)) is None:
        return _standing(times_s)
    kind = _kind(trails, turning) if said == "auto" else said
    path = _path("turning", turning, trails, times_s)
    if kind == "static":
        path = replace(_standing(times_s), confidence=_support(trails, turning, ENOUGH_STILL_POINTS))
    if kind == "travelling":
        path = _travelling(path, turning, by_travel(trails, turning, rng), trails, said)
    return path if said == "auto" else replace(path, source="stated")


def _kind(trails: Trails, turning: Explanation) -> CameraKind:
    """What the turns alone suggest."""
    if np.median(turning.error_px) > SOME_PARALLAX_PX:
        return "travelling"
    angles = np.linalg.norm(axis_angle_from_matrix(turning.scene.R_first_from_camera[trails.tied]), axis=-1)
    return "static" if np.quantile(angles, 0.9) < STATIC_RAD else "turning"


def _travelling(path: CameraPath, turning: Explanation, travelling: Explanation | None, trails: Trails,
                said: Said) -> CameraPath:  # fmt: skip
    """The path with places, if they explain much more than turns alone, which `path` has."""
    if travelling is None or travelling.loss > EXPLAINED * turning.loss:
        travels = said == "travelling" or np.median(turning.error_px) > MUCH_PARALLAX_PX
        return replace(path, kind="travelling", places_known=False) if travels else path
    if said == "auto" and travel_share(travelling) < LEAST_TRAVEL:
        return path
    return _path("travelling", travelling, trails, path.times_s)


def travel_share(travelling: Explanation) -> float:
    """How far the lens comes from its first place, over the distance to the middle point of the background."""
    points = travelling.scene.points[np.unique(travelling.sights.point)]
    nearness = np.median(points[:, 3] / np.maximum(np.linalg.norm(points[:, :3], axis=-1), 1e-9))
    return float(abs(nearness) * np.linalg.norm(travelling.scene.places_first, axis=-1).max())


def _support(trails: Trails, explanation: Explanation, enough_points: int) -> float:
    """Confidence: pictures that are tied, points in them, and the share of the points that agree."""
    points = np.bincount(explanation.sights.camera, minlength=trails.picture_count)[trails.tied]
    agreeing = float(np.mean(explanation.error_px < NEAR_PX)) if len(explanation.error_px) else 0.0
    return float(trails.tied.mean() * min(1.0, np.median(points) / enough_points) * agreeing)


def _standing(times_s: Array) -> CameraPath:
    """What is taken when nothing is seen of the background."""
    return replace(standing_camera(times_s, "footage"), confidence=0.0)


def _path(kind: CameraKind, explanation: Explanation, trails: Trails, times_s: Array) -> CameraPath:
    tied = trails.tied
    at_s = times_s[tied]
    R = interpolate_rotations(explanation.scene.R_first_from_camera[tied], at_s, times_s)
    places = interpolate_linear(explanation.scene.places_first[tied], at_s, times_s)
    confidence, sigma_rad = _support(trails, explanation, ENOUGH_POINTS), _step_sigmas(explanation, trails, R)
    return CameraPath(times_s, R[0].T @ R, (places - places[0]) @ R[0], kind, confidence, turn_sigma_rad=sigma_rad)


def _step_sigmas(explanation: Explanation, trails: Trails, R: Array) -> Array:
    """[T] rad; where a picture is not tied, the whole turn between its neighbours may be wrong."""
    of_points = explanation.turn_sigma_rad**2
    shared = STEP_NOISE * float(np.median(explanation.error_px)) / float(trails.K[0, 0])
    steps = np.linalg.norm(axis_angle_from_matrix(np.swapaxes(R[1:], -1, -2) @ R[:-1]), axis=-1)
    guessed = ~(trails.tied[1:] & trails.tied[:-1])
    typical = float(np.median(steps)) if len(steps) else 0.0
    sigma = np.sqrt(of_points[1:] + of_points[:-1] + shared**2)
    return np.concatenate([[0.0], np.where(guessed, np.maximum(steps, typical) + shared, sigma)])
