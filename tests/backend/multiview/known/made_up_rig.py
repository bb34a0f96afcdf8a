"""One rig, written as each of the programs writes it."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

from backend.multiview.known.calibrated_camera import CalibratedCamera
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix, quaternion_from_matrix

NAMES = ("left", "right", "door")
SIZES_PX = ((1920, 1080), (1080, 1920), (1280, 720))
DISTORTIONS = (np.array([0.11, -0.07, 0.002, -0.003]), np.array([-0.05, 0.02, 0.001, 0.004]), np.zeros(4))


def looking_at_middle(place: Array, height: float = 1.0) -> Array:
    """R_camera_from_world of a level camera that sees (0, 0, height) in its middle, in a world with z up."""
    forward = np.array([0.0, 0.0, height]) - place
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def made_up_cameras(distorted: bool = True) -> list[CalibratedCamera]:
    cameras = []
    for view, place in enumerate(np.array([[3.0, 0.5, 1.7], [-0.4, 3.6, 1.2], [-2.5, -2.9, 2.3]])):
        R, (width, height) = looking_at_middle(place), SIZES_PX[view]
        focal_px = 1400.0 + 70.0 * view
        K = np.array([[focal_px, 0.0, width / 2 + 7.0], [0.0, focal_px, height / 2 - 4.0], [0.0, 0.0, 1.0]])
        cameras.append(CalibratedCamera(NAMES[view], SIZES_PX[view], K, DISTORTIONS[view] if distorted else np.zeros(0),
                                        False, R, -R @ place))  # fmt: skip
    return cameras


def toml_text(cameras: list[CalibratedCamera]) -> str:
    """As Anipose writes it; it counts pixels from the middle of the first one."""
    tables = []
    for number, camera in enumerate(cameras):
        K = camera.K - np.array([[0.0, 0.0, 0.5], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]])
        rotation = axis_angle_from_matrix(camera.R_camera_from_world)
        tables.append(
            f'[cam_{number}]\nname = "{camera.name}"\nsize = {list(camera.size_px)}\nmatrix = {K.tolist()}\n'
            f"distortions = {camera.distortion.tolist()}\nrotation = {rotation.tolist()}\n"
            f"translation = {camera.t_camera_from_world.tolist()}\n")
    return "\n".join([*tables, "[metadata]\nadjusted = false\nerror = 0.3\n"])


def write_toml(path: Path, cameras: list[CalibratedCamera]) -> Path:
    path.write_text(toml_text(cameras))
    return path


def write_colmap_text(folder: Path, cameras: list[CalibratedCamera]) -> Path:
    lenses, images = ["# Camera list"], ["# Image list", "#   POINTS2D[] as (X, Y, POINT3D_ID)"]
    for number, camera in enumerate(cameras, start=1):
        pose = [*quaternion_from_matrix(camera.R_camera_from_world), *camera.t_camera_from_world]
        width, height = camera.size_px
        lenses.append(f"{number} OPENCV {width} {height} {' '.join(map(repr, map(float, _parameters(camera))))}")
        points = "" if number == 1 else "11.5 22.5 -1 33.0 44.0 7"
        images += [f"{10 * number} {' '.join(map(repr, map(float, pose)))} {number} {camera.name}.png", points]
    folder.mkdir(exist_ok=True)
    (folder / "cameras.txt").write_text("\n".join(lenses) + "\n")
    (folder / "images.txt").write_text("\n".join(images) + "\n")
    return folder


def write_colmap_binary(folder: Path, cameras: list[CalibratedCamera]) -> Path:
    lenses, images = [struct.pack("<Q", len(cameras))], [struct.pack("<Q", len(cameras))]
    for number, camera in enumerate(cameras, start=1):
        pose = [*quaternion_from_matrix(camera.R_camera_from_world), *camera.t_camera_from_world]
        lenses.append(struct.pack("<IiQQ8d", number, 4, *camera.size_px, *_parameters(camera)))
        images.append(struct.pack("<I7dI", 10 * number, *pose, number) + f"{camera.name}.png\0".encode()
                      + struct.pack("<Q", 2) + struct.pack("<ddq", 11.5, 22.5, -1) * 2)  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / "cameras.bin").write_bytes(b"".join(lenses))
    (folder / "images.bin").write_bytes(b"".join(images))
    return folder


def blender_document(cameras: list[CalibratedCamera]) -> dict:
    """Of cameras without distortion, each hanging under something that scales it by 1.7."""
    return {"blender_cameras": [
        {"name": camera.name, "size_px": list(camera.size_px), "focal_px": camera.K[0, 0],
         "principal_px": camera.K[:2, 2].tolist(), "matrix_world": _matrix_world(camera).tolist()}
        for camera in cameras]}  # fmt: skip


def write_blender(path: Path, cameras: list[CalibratedCamera]) -> Path:
    path.write_text(json.dumps(blender_document(cameras)))
    return path


def _matrix_world(camera: CalibratedCamera) -> Array:
    matrix = np.eye(4)
    matrix[:3, :3] = 1.7 * camera.R_camera_from_world.T @ np.diag([1.0, -1.0, -1.0])
    matrix[:3, 3] = -camera.R_camera_from_world.T @ camera.t_camera_from_world
    return matrix


def _parameters(camera: CalibratedCamera) -> list[float]:
    K, distortion = camera.K, np.zeros(4)
    distortion[: len(camera.distortion)] = camera.distortion
    return [K[0, 0], K[1, 1], K[0, 2], K[1, 2], *distortion]
