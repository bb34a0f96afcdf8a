"""Cameras of a Blender scene, as the extension or a script of one's own writes them: JSON

    {"blender_cameras": [
        {"name": "Camera.001",
         "size_px": [1920, 1080],                       width, height of the upright clip
         "focal_px": 1450.0,                            or "lens_mm" and "sensor_mm", of the longer side
         "principal_px": [960.0, 540.0],                from the upper left corner; absent: the middle
         "matrix_world": [[x, x, x, x], ...]}]}         4 rows, as Blender's object.matrix_world

Lengths are metres, z is up, and a camera looks along its own -z with y up, as in Blender. A scale of the matrix has no
meaning.
"""

from __future__ import annotations

import numpy as np

from backend.multiview.known.calibrated_camera import (
    MOST_CAMERAS,
    BadCalibration,
    CalibratedCamera,
    finite,
    name_of,
    size_of,
)
from backend.multiview.known.known_cameras import Z_UP, KnownCameras, together
from backend.strict_json import Node
from motion.arrays import Array

_BLENDER_FROM_OPENCV = np.diag([1.0, -1.0, -1.0])   # a camera's axes


def blender_cameras(document: Node) -> KnownCameras:
    """The cameras of such a document. Raises BadCalibration and BadJson."""
    cameras = document.field("blender_cameras", "its blender_cameras").items(MOST_CAMERAS)
    return together([_camera(Node(each.value, "a camera")) for each in cameras], True, Z_UP)


def _camera(node: Node) -> CalibratedCamera:
    name = name_of(node.field("name").value)
    camera = Node(node.value, name)
    size_px = size_of(camera.field("size_px", f"the size_px of {name}"))
    world_from_camera = finite(camera.field("matrix_world", f"the matrix_world of {name}"), 4, 4)
    R_camera_from_world = _rotation(name, world_from_camera).T
    return CalibratedCamera(name, size_px, _lens_matrix(camera, size_px), np.zeros(0), False, R_camera_from_world,
                            -R_camera_from_world @ world_from_camera[:3, 3])  # fmt: skip


def _rotation(name: str, world_from_camera: Array) -> Array:
    lengths = np.linalg.norm(world_from_camera[:3, :3], axis=0)
    if lengths.min() <= 0.0 or np.abs(world_from_camera[3] - [0.0, 0.0, 0.0, 1.0]).max() > 0.0:
        raise BadCalibration(f"{name} has a matrix_world that is none of Blender's")
    return world_from_camera[:3, :3] / lengths @ _BLENDER_FROM_OPENCV


def _lens_matrix(camera: Node, size_px: tuple[int, int]) -> Array:
    focal_px, principal_px = _focal_px(camera, size_px), np.array(size_px) / 2.0
    if camera.has("principal_px"):
        principal_px = finite(camera.field("principal_px", f"the principal_px of {camera.where}"), 2)
    return np.array([[focal_px, 0.0, principal_px[0]], [0.0, focal_px, principal_px[1]], [0.0, 0.0, 1.0]])


def _focal_px(camera: Node, size_px: tuple[int, int]) -> float:
    if not camera.has("lens_mm"):
        return _positive(camera, "focal_px")
    return _positive(camera, "lens_mm") / _positive(camera, "sensor_mm") * max(size_px)


def _positive(camera: Node, name: str) -> float:
    value = camera.field(name).value
    if type(value) not in (int, float) or not 0.0 < value <= 1e6:
        raise camera.bad(f"has a {name} that is no length")
    return float(value)
