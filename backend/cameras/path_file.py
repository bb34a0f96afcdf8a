"""A camera that was solved elsewhere, as a JSON file:

    {"times_s": [0.0, 0.0333, ...],              seconds since the first picture of the take, rising
     "R_world_from_camera": [[w, x, y, z], ...], or rows of matrices [[[r, r, r], [r, r, r], [r, r, r]], ...]
     "places": [[x, y, z], ...],                 of the lens in the world; may be absent when it only turns
     "in_metres": true,                          absent or false: the places are known up to one factor
     "up": [0, 0, 1],                            in the world; absent when nobody knows
     "focal_px": 1450.0}                         in pixels of the upright footage; may be absent

Cameras look along +z with y down, as in OpenCV; the world is any right-handed one. In Blender, with a camera object
`camera` and its scene's frame set: R = camera.matrix_world.to_3x3() @ Matrix.Diagonal((1, -1, -1)), the place is
camera.matrix_world.translation, and up is (0, 0, 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.cameras.focal import CameraSettings, equivalent_mm
from backend.strict_json import BadJson, Node, read_json
from backend.video.clip import Clip
from motion.arrays import Array
from motion.refusal import Refusal
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations, matrix_from_quaternion

MOST_BYTES = 200_000_000
MOST_TIMES = 1_000_000
SKEWED = 1e-3            # by which a matrix may miss a rotation
MISSING_S = 0.1          # of the take that the file may lack at either end
STILL_SHARE = 1e-6       # of the unit: places that differ by less are one


@dataclass(frozen=True, eq=False)
class SolvedCamera:
    """What such a file says of T times."""

    times_s: Array                # [T] rising
    R_world_from_camera: Array    # [T, 3, 3]
    places_world: Array           # [T, 3]
    in_metres: bool
    up_world: Array               # [0 or 1, 3] unit
    focal_px: float | None

    def path(self, times_s: Array) -> CameraPath:
        """The path over the pictures of one shot, [N] s."""
        R = interpolate_rotations(self.R_world_from_camera, self.times_s, times_s)
        places = interpolate_linear(self.places_world, self.times_s, times_s)
        R_first_from_camera, places_first = R[0].T @ R, (places - places[0]) @ R[0]
        moves = np.ptp(places_first, axis=0).max() > STILL_SHARE
        turns = np.abs(R_first_from_camera - np.eye(3)).max() > STILL_SHARE
        return CameraPath(times_s, R_first_from_camera, places_first if moves else np.zeros_like(places_first),
                          "travelling" if moves else "turning" if turns else "static", 1.0, "file",
                          in_metres=self.in_metres, up_first=self.up_world @ R[0])  # fmt: skip


def read_solved_camera(path: Path) -> SolvedCamera:
    """Raises Refusal for a file that is not there or not of this kind."""
    try:
        return _camera(read_json(path, MOST_BYTES))
    except FileNotFoundError as error:
        raise Refusal("no-camera-file", f"There is no camera file {path}.", "Choose one that exists.") from error
    except OSError as error:
        raise Refusal("no-camera-file", f"The camera file {path.name} cannot be read.",
                      "Choose the file of the solved camera again.") from error  # fmt: skip
    except BadJson as error:
        raise Refusal("bad-camera-file", f"{path.name} is no camera: {error}.",
                      "Export the solved camera again, or let the pictures tell how it moved.") from error  # fmt: skip


def solved_camera_of(settings: CameraSettings, clip: Clip) -> SolvedCamera:
    """The camera of settings.path_file. Raises Refusal for a bad file, and for one that does not cover the clip."""
    path = Path(settings.path_file)
    solved = read_solved_camera(path)
    first_s, last_s = float(solved.times_s[0]), float(solved.times_s[-1])
    if first_s > MISSING_S or last_s < float(clip.times_s[-1]) - MISSING_S:
        raise Refusal("short-camera-file", f"{path.name} has the camera from {first_s:.2f} to {last_s:.2f} s, and "
                      f"the take ends at {float(clip.times_s[-1]):.2f} s.",
                      "Solve the camera for the whole take; its times count from the take's start.")  # fmt: skip
    return solved


def with_lens_of_file(settings: CameraSettings, clip: Clip) -> CameraSettings:
    """The settings with the focal length that the file of the solved camera says, unless the user gives one."""
    if not settings.path_file or settings.focal_mm is not None or settings.fov_deg is not None:
        return settings
    focal_px = solved_camera_of(settings, clip).focal_px
    if focal_px is None:
        return settings
    return replace(settings, focal_mm=equivalent_mm(focal_px, clip))


def _camera(node: Node) -> SolvedCamera:
    times_s = _finite(node.field("times_s", "its times_s"))
    if len(times_s) == 0 or len(times_s) > MOST_TIMES or np.any(np.diff(times_s) <= 0):
        raise BadJson("its times_s do not rise")
    R = _rotations(node.field("R_world_from_camera", "its R_world_from_camera"), len(times_s))
    places = np.zeros((len(times_s), 3))
    if node.has("places"):
        places = _rows(node.field("places", "its places"), len(times_s), (3,))
    up = _up(node.field("up", "its up")) if node.has("up") else np.zeros((0, 3))
    focal_px = _focal(node.field("focal_px", "its focal_px")) if node.has("focal_px") else None
    return SolvedCamera(times_s, R, places, _is_true(node, "in_metres"), up, focal_px)


def _rotations(node: Node, count: int) -> Array:
    items = node.items(MOST_TIMES)
    if items and isinstance(items[0].value, list) and len(items[0].value) == 4:
        wxyz = _rows(node, count, (4,))
        if np.any(np.abs(np.linalg.norm(wxyz, axis=-1) - 1.0) > SKEWED):
            raise node.bad("has a quaternion that is not of unit length")
        return matrix_from_quaternion(wxyz)
    _check_count(node, len(items), count)
    if not all(isinstance(item.value, list) and all(isinstance(row, list) for row in item.value) for item in items):
        raise node.bad("has something that is neither a quaternion nor a matrix")
    R = np.stack([_rows(item, 3, (3,)) for item in items])
    if np.any(np.abs(R @ np.swapaxes(R, -1, -2) - np.eye(3)) > SKEWED) or np.any(np.linalg.det(R) < 0):
        raise node.bad("has a matrix that is no rotation")
    return R


def _rows(node: Node, count: int, shape: tuple[int]) -> Array:
    rows = [_finite(item) for item in node.items(MOST_TIMES)]
    _check_count(node, len(rows), count)
    if any(row.shape != shape for row in rows):
        raise node.bad(f"has a row that is not of {shape[0]} numbers")
    return np.stack(rows)


def _check_count(node: Node, found: int, wanted: int) -> None:
    if found != wanted:
        raise node.bad(f"has {found} rows where {wanted} belong")


def _finite(node: Node) -> Array:
    numbers = node.numbers()
    if not np.isfinite(numbers).all():
        raise node.bad("has a gap")
    return numbers


def _up(node: Node) -> Array:
    up = _finite(node)
    length = float(np.linalg.norm(up))
    if up.shape != (3,) or length < SKEWED:
        raise node.bad("is not a direction of 3 numbers")
    return (up / length)[None]


def _focal(node: Node) -> float:
    focal_px = node.value
    if type(focal_px) not in (int, float) or not 1.0 <= focal_px <= 1e6:
        raise node.bad("is not a focal length in pixels")
    return float(focal_px)


def _is_true(node: Node, name: str) -> bool:
    value = node.field(name).value if node.has(name) else False
    if not isinstance(value, bool):
        raise BadJson(f"its {name} is neither true nor false")
    return value
