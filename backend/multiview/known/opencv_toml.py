"""Calibrations as OpenCV's users, Anipose and Pose2Sim write them: TOML with a table for each camera.

    [cam_0]
    name = "left"                                       absent: the table's own
    size = [1920, 1080]                                 width, height
    matrix = [[1450, 0, 959.5], [0, 1450, 539.5], [0, 0, 1]]
    distortions = [k1, k2, p1, p2, k3]                  absent: none
    rotation = [0.1, 0.2, 0.3]                          rotation vector, rad
    translation = [0.1, 0.2, 3.0]                       x_camera = R x_world + translation
    fisheye = false                                     true: OpenCV's fisheye model, distortions are its k1 to k4

Other tables, as Anipose's [metadata], are passed over. Pose2Sim, which unlike Anipose says of every camera whether it
is a fisheye, has z up.
"""

from __future__ import annotations

import tomllib

import numpy as np

from backend.multiview.known.calibrated_camera import (
    CORNER_FROM_CENTRE_PX,
    MOST_COEFFICIENTS,
    BadCalibration,
    CalibratedCamera,
    finite,
    name_of,
    size_of,
)
from backend.multiview.known.known_cameras import NO_UP, Z_UP, KnownCameras, together, up_axis
from backend.strict_json import Node
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle

_OF_CAMERAS = ("matrix", "rotation", "translation", "distortions")   # a table with one of these is a camera


def opencv_cameras(data: bytes) -> KnownCameras:
    """The cameras of a TOML file. Raises BadCalibration and BadJson."""
    tables = {name: table for name, table in _parsed(data).items()
              if isinstance(table, dict) and any(field in table for field in _OF_CAMERAS)}  # fmt: skip
    if not tables:
        raise BadCalibration("it has no table with the matrix, rotation and translation of a camera")
    cameras = [_camera(name, table) for name, table in tables.items()]
    usual_up = Z_UP if all("fisheye" in table for table in tables.values()) else NO_UP
    return together(cameras, None, up_axis(cameras, usual_up))


def _parsed(data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadCalibration("it is neither TOML, JSON nor COLMAP's") from error
    except RecursionError as error:
        raise BadCalibration("it is nested too deeply") from error
    except ValueError as error:     # also of numbers with thousands of digits
        raise BadCalibration("it is not TOML as calibrations are") from error


def _camera(table_name: str, table: dict[str, object]) -> CalibratedCamera:
    name = name_of(table.get("name", table_name))
    camera = Node(table, name)
    rotation = finite(camera.field("rotation", f"the rotation of {name}"), 3)
    return CalibratedCamera(
        name, size_of(camera.field("size", f"the size of {name}")),
        _lens_matrix(camera.field("matrix", f"the matrix of {name}")),
        _distortions(camera, name), _is_fisheye(camera), matrix_from_axis_angle(rotation),
        finite(camera.field("translation", f"the translation of {name}"), 3),
    )  # fmt: skip


def _lens_matrix(matrix: Node) -> Array:
    K = finite(matrix, 3, 3)
    K[:2, 2] += CORNER_FROM_CENTRE_PX
    return K


def _distortions(camera: Node, name: str) -> Array:
    if not camera.has("distortions"):
        return np.zeros(0)
    distortions = camera.field("distortions", f"the distortions of {name}")
    count = len(distortions.items(MOST_COEFFICIENTS))
    return finite(distortions, count)


def _is_fisheye(camera: Node) -> bool:
    value = camera.field("fisheye").value if camera.has("fisheye") else False
    if not isinstance(value, bool):
        raise camera.bad("has a fisheye that is neither true nor false")
    return value
