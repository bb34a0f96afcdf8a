"""One camera as a calibration says it, and the checks that all kinds of files share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.strict_json import Node
from motion.arrays import Array
from motion.rotations import matrix_from_quaternion, nearest_rotation

MOST_CAMERAS = 256
MOST_COEFFICIENTS = 14       # OpenCV's longest model: radial, tangential, rational, thin prism, tilted
FISHEYE_COEFFICIENTS = 4
SKEWED = 1e-3                # by which a matrix may miss a rotation, a lens a pinhole, a quaternion unit length
LARGEST_SIDE_PX = 100_000
FOCAL_OVER_LONG_SIDE = (0.05, 100.0)   # from a fisheye to a telescope
FARTHEST = 1e6
STRONGEST_COEFFICIENT = 1e4
CORNER_FROM_CENTRE_PX = 0.5  # OpenCV counts from the middle of the first pixel, this program from its outer corner


class BadCalibration(ValueError):
    """Why a file is no calibration, in words that follow its name and a colon."""


@dataclass(frozen=True, eq=False)
class CalibratedCamera:
    """OpenCV axes, pixels from the outer corner of the first one. Raises BadCalibration for what cannot be."""

    name: str
    size_px: tuple[int, int]      # width, height
    K: Array                      # [3, 3]
    distortion: Array             # [n <= 14] as OpenCV orders them, or [n <= 4] of its fisheye model
    fisheye: bool
    R_camera_from_world: Array    # [3, 3]
    t_camera_from_world: Array    # [3]

    def __post_init__(self) -> None:
        _check_size(self)
        _check_lens(self)
        most = FISHEYE_COEFFICIENTS if self.fisheye else MOST_COEFFICIENTS
        if np.any(self.distortion[most:]) or not _all_within(self.distortion, STRONGEST_COEFFICIENT):
            raise BadCalibration(f"{self.name} has distortions that are not OpenCV's")
        if not _all_within(self.t_camera_from_world, FARTHEST):
            raise BadCalibration(f"{self.name} stands nowhere")
        if not is_rotation(self.R_camera_from_world):
            raise BadCalibration(f"{self.name} has a matrix that is no rotation")


def _check_size(camera: CalibratedCamera) -> None:
    if not all(1 <= side <= LARGEST_SIDE_PX for side in camera.size_px):
        width, height = camera.size_px
        raise BadCalibration(f"{camera.name} has pictures of {width} x {height} pixels")


def _check_lens(camera: CalibratedCamera) -> None:
    K, long_side = camera.K, max(camera.size_px)
    least, most = (share * long_side for share in FOCAL_OVER_LONG_SIDE)
    focal_x, focal_y = K[0, 0], K[1, 1]
    if not (least <= focal_x <= most and least <= focal_y <= most and 0.5 < focal_x / focal_y < 2.0):
        raise BadCalibration(f"{camera.name} has a focal length that no lens for its pictures has")
    pinhole = np.array([[focal_x, 0.0, K[0, 2]], [0.0, focal_y, K[1, 2]], [0.0, 0.0, 1.0]])
    if not np.abs(K - pinhole).max() <= SKEWED:
        raise BadCalibration(f"{camera.name} has a matrix that is no pinhole camera's")
    if not np.abs(K[:2, 2]).max() <= 2 * long_side:
        raise BadCalibration(f"{camera.name} has its middle far outside of its pictures")


def is_rotation(R: Array) -> bool:
    return _all_within(R, 2.0) and bool(np.abs(R @ R.T - np.eye(3)).max() <= SKEWED and np.linalg.det(R) > 0)


def rotation_of_quaternion(name: str, wxyz: Array) -> Array:
    """Raises BadCalibration for a quaternion [4] that is not of unit length."""
    if not abs(np.linalg.norm(wxyz) - 1.0) <= SKEWED:
        raise BadCalibration(f"{name} has a quaternion that is not of unit length")
    return nearest_rotation(matrix_from_quaternion(wxyz))


def _all_within(numbers: Array, most: float) -> bool:
    return bool(np.all(np.abs(numbers) <= most))     # NaN is not


def finite(node: Node, *shape: int) -> Array:
    """The numbers of a list, or of a list of lists, of this shape. Raises BadJson."""
    if len(shape) == 2:
        rows = node.items(MOST_CAMERAS)
        if len(rows) != shape[0]:
            raise node.bad(f"has {len(rows)} rows where {shape[0]} belong")
        return np.array([finite(row, shape[1]) for row in rows])
    numbers = node.numbers()
    if not np.isfinite(numbers).all():
        raise node.bad("has a gap")
    if len(numbers) != shape[0]:
        raise node.bad(f"has {len(numbers)} numbers where {shape[0]} belong")
    return numbers


def size_of(node: Node) -> tuple[int, int]:
    """Width and height. Raises BadJson."""
    sides = node.items(MOST_CAMERAS)
    if len(sides) != 2:
        raise node.bad(f"has {len(sides)} numbers where 2 belong")
    return sides[0].whole(), sides[1].whole()


def name_of(value: object) -> str:
    """A name that fits into a sentence."""
    return "".join(letter for letter in str(value)[:60] if letter.isprintable()) or "a camera without a name"
