"""Cameras that film a scene beside the first one, and what each of them saw."""

from __future__ import annotations

from dataclasses import dataclass

from backend.cameras.camera_path import CameraPath
from backend.track.tracks import Track
from backend.video.clip import Clip
from motion.arrays import Array, freeze


@dataclass(frozen=True, eq=False)
class CameraBeside:
    """A standing camera in the frame and by the clock of the first. OpenCV axes."""

    clip: Clip
    path: CameraPath               # as its own footage tells it: of edges that may be upright
    K: Array                       # [3, 3] px
    R_first_from_camera: Array     # [3, 3]
    place_first: Array             # [3] m
    start_s: float                 # what the first camera's clock shows when its own shows zero
    clock_rate: float              # seconds of its clock in one second of the first's
    turn_sigma_rad: float          # of R_first_from_camera, about each axis
    lens_known: bool = False       # the focal length is no guess
    confidence: float = 1.0        # 0..1 that it stands where it is said to

    def __post_init__(self) -> None:
        freeze(self, {"K": "3 3", "R_first_from_camera": "3 3", "place_first": "3"})


@dataclass(frozen=True, eq=False)
class Beside:
    """All of a take's cameras but the first, and what every camera saw of each person."""

    cameras: tuple[CameraBeside, ...]
    zero_s: float                          # what the first camera's clock shows when the take's shows zero
    seen: tuple[tuple[Track, ...], ...]    # of each person by each camera, the first included, at the lift's frames
    trembling: tuple[Array, ...] = ()      # [T, 3, 3] of each camera, the first included: how it is turned at these
    # ^ frames against how it is said to stand; none of any if it is empty, and tracks are as if there were none
