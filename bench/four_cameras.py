"""Real footage of one man by four calibrated cameras, with a triangulated reference."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.data import data_folder
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle

CAMERAS = ("cam01", "cam02", "cam03", "cam04")
LIMBS = slice(0, 12)      # shoulders, elbows, wrists, hips, knees, ankles
FEET = slice(12, 16)      # left heel, right heel, left toe, right toe


@dataclass(frozen=True, eq=False)
class View:
    """One camera's film and the reference in its frame."""

    name: str
    film: Path
    times_s: Array             # [T]
    truth_camera: Array        # [T, 17, 3] m
    truth_world: Array         # [T, 17, 3] m, Z up
    R_camera_from_world: Array    # [3, 3]
    t_camera_from_world: Array    # [3] m
    K: Array                   # [3, 3] px


def views() -> list[View]:
    """The four cameras, each to be captured alone. Raises Refusal when the footage is not there."""
    folder = data_folder() / "footage" / "four_cameras"
    with open(folder / "calibration.toml", "rb") as stream:
        calibration = tomllib.load(stream)
    with np.load(folder / "reference.npz", allow_pickle=False) as reference:
        joints, times_s = reference["joints"].astype(np.float64), reference["time"].astype(np.float64)
    return [_view(folder, name, calibration[name], joints, times_s) for name in CAMERAS]


def _view(folder: Path, name: str, camera: dict, joints_world: Array, times_s: Array) -> View:
    R_camera_from_world = matrix_from_axis_angle(np.array(camera["rotation"], dtype=np.float64))
    t_camera_from_world = np.array(camera["translation"], dtype=np.float64)
    joints_camera = joints_world @ R_camera_from_world.T + t_camera_from_world
    K = np.array(camera["matrix"], dtype=np.float64)
    return View(name, folder / f"{name}.mp4", times_s, joints_camera, joints_world, R_camera_from_world,
                t_camera_from_world, K)  # fmt: skip
