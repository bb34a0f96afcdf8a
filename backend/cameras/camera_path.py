"""How the camera of one shot moved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from motion.arrays import Array, check_shape, frozen
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations

CameraKind = Literal["static", "turning", "travelling"]


@dataclass(frozen=True, eq=False)
class CameraPath:
    """Over T times; camera axes as in OpenCV. The first camera is that of the first time."""

    times_s: Array                  # [T], rising
    R_first_from_camera: Array      # [T, 3, 3]
    places_first: Array             # [T, 3] of the lens in the first camera's axes; zero unless it travels
    kind: CameraKind
    confidence: float               # 0..1 that it moved so, and as this kind
    source: Literal["footage", "stated", "file"] = "footage"
    in_metres: bool = False         # else places are known up to one factor
    places_known: bool = True       # False where it travels and nobody can say where to; places are zero then
    turn_sigma_rad: Array = field(default_factory=lambda: np.zeros(0))   # [T] of each turn since the time before
    up_first: Array = field(default_factory=lambda: np.zeros((0, 3)))
    # ^ [0 or 1, 3] up in the first camera's axes, where a file says it
    verticals_camera: Array = field(default_factory=lambda: np.zeros((0, 3)))
    # ^ [V, 3] normals of planes through the first lens and edges of the background that may be upright; often none

    def __post_init__(self) -> None:
        if len(self.turn_sigma_rad) == 0:
            object.__setattr__(self, "turn_sigma_rad", np.zeros(len(self.times_s)))
        shapes = {"times_s": "T", "R_first_from_camera": "T 3 3", "places_first": "T 3", "turn_sigma_rad": "T",
                  "up_first": "U 3", "verticals_camera": "V 3"}  # fmt: skip
        for name, shape in shapes.items():
            array = frozen(getattr(self, name))
            check_shape(name, array, shape, T=len(self.times_s))
            object.__setattr__(self, name, array)
        object.__setattr__(self, "confidence", float(self.confidence))
        for name in ("in_metres", "places_known"):
            object.__setattr__(self, name, bool(getattr(self, name)))

    def at(self, times_s: Array) -> CameraPath:
        """The same at other times [N]; ends are held."""
        places = interpolate_linear(self.places_first, self.times_s, times_s)
        R = interpolate_rotations(self.R_first_from_camera, self.times_s, times_s)
        sigma = np.interp(times_s, self.times_s, self.turn_sigma_rad)
        return replace(self, times_s=times_s, R_first_from_camera=R, places_first=places, turn_sigma_rad=sigma)

    def drift_rad(self) -> Array:
        """[T] by how much the turn since the first time may err, about each axis."""
        return np.sqrt(np.cumsum(self.turn_sigma_rad**2))

    def turns(self) -> Array:
        """R_camera_from_previous [T, 3, 3]; the first is none."""
        R = self.R_first_from_camera
        return np.concatenate([np.eye(3)[None], np.swapaxes(R[1:], -1, -2) @ R[:-1]])


def standing_camera(times_s: Array, source: Literal["footage", "stated", "file"] = "stated") -> CameraPath:
    """A camera that does not move over times [T], as somebody said."""
    frames = len(times_s)
    return CameraPath(times_s, np.broadcast_to(np.eye(3), (frames, 3, 3)), np.zeros((frames, 3)), "static", 1.0, source)
