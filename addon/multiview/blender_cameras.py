"""The scene's cameras as the file that the backend reads (backend/multiview/known/blender_json.py)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.refusal import Refusal
from ...motion.whole_files import written_whole

_SKEWED = 1e-3    # by which the axes of a camera may miss being square to each other


def write_blender_cameras(
    objects: Sequence[bpy.types.Object], sizes_px: Sequence[tuple[int, int]], path: Path,
    names: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Write camera objects as they stand at the scene's frame; sizes_px are width and height of what each filmed.

    names: what the file calls them, such as their clips; else the objects' own. Raises Refusal for what is no
    perspective camera, for one that its parents shear or mirror, and when the disk does not take the file.
    """
    called = [thing.name for thing in objects] if names is None else names
    cameras = [_described(*each) for each in zip(objects, called, sizes_px)]
    with written_whole(path, "w") as stream:
        json.dump({"blender_cameras": cameras}, stream, indent=1)


def _described(thing: bpy.types.Object, name: str, size_px: tuple[int, int]) -> dict[str, Any]:
    if thing.type != "CAMERA" or thing.data.type != "PERSP":
        raise Refusal("no-perspective-camera", f"{thing.name} is no perspective camera.", "Choose one that is.")
    matrix = np.array(thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).matrix_world)
    _check_square(thing.name, matrix[:3, :3])
    fit_px = _fit_px(thing.data, size_px)
    return {
        "name": name, "size_px": list(map(int, size_px)), "focal_px": thing.data.lens / _sensor_mm(thing.data) * fit_px,
        "principal_px": [size_px[0] / 2 - thing.data.shift_x * fit_px, size_px[1] / 2 + thing.data.shift_y * fit_px],
        "matrix_world": matrix.tolist(),
    }  # fmt: skip


def _check_square(name: str, axes: Array) -> None:
    unit = axes / np.maximum(np.linalg.norm(axes, axis=0), 1e-12)
    if np.abs(unit.T @ unit - np.eye(3)).max() > _SKEWED or np.linalg.det(unit) < 0:
        raise Refusal("skewed-camera", f"{name} is skewed or mirrored by the scale of what it hangs under.",
                      "Apply that scale, or clear the camera's parent and keep its place.")  # fmt: skip


def _fit_px(lens: bpy.types.Camera, size_px: tuple[int, int]) -> int:
    """The side of the picture that the sensor is measured along; shifts are shares of it too."""
    if lens.sensor_fit == "AUTO":
        return max(size_px)
    return size_px[1] if lens.sensor_fit == "VERTICAL" else size_px[0]


def _sensor_mm(lens: bpy.types.Camera) -> float:
    return lens.sensor_height if lens.sensor_fit == "VERTICAL" else lens.sensor_width
