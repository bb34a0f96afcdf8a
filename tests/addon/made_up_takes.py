"""People, cameras and films made up for the tests of Blender's side."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np
from mambocap.motion.arrays import Array
from mambocap.motion.body import BodyModel
from mambocap.motion.motion import Camera, Motion
from mambocap.motion.rotations import matrix_from_axis_angle, normalised
from mambocap.motion.skeleton import JOINT_NAMES, Skeleton

from tests.box_body import box_body_model, rest_joints

WIDTH_PX, HEIGHT_PX = 640, 360


def soft_body_model() -> BodyModel:
    """The box person with every vertex drawn by three joints."""
    model, rng = box_body_model(), np.random.default_rng(3)
    others = rng.integers(0, 55, size=(len(model.vertices), 2))
    return replace(
        model, weight_joints=np.concatenate([model.weight_joints, others], axis=1),
        weights=rng.dirichlet([4.0, 1.0, 1.0], size=len(model.vertices)),
    )  # fmt: skip


def wild_motion(frames: int, rate: Fraction = Fraction(30), seed: int = 0) -> Motion:
    """Every joint turns by its own tune, up to all ways round, while the body wanders."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(frames)[:, None, None] / float(rate)
    tune = rng.uniform(0.2, 2.0, (1, 55, 3)) * times_s + rng.uniform(0, 6, (1, 55, 3))
    turns = rng.normal(size=(1, 55, 3)) * 2.0 * np.sin(tune)
    root = np.array([0.3, -0.2, 1.0]) + np.cumsum(rng.normal(size=(frames, 3)) * 0.01, axis=0)
    return Motion(Skeleton(rest_joints()), rate, matrix_from_axis_angle(turns), root)


def camera(
    frames: int, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX, video_path: str = "", moving: bool = False
) -> Camera:
    """A camera that looks at the origin from 5 m away, off its picture's centre; moving, it swings and zooms."""
    swing = np.linspace(0.0, 0.6, frames) if moving else np.full(frames, 0.2)
    places = np.stack([5 * np.sin(swing), -5 * np.cos(swing), np.full(frames, 1.4)], axis=-1)
    K = np.zeros((frames, 3, 3))
    K[:, 0, 0] = K[:, 1, 1] = np.linspace(500, 800, frames) if moving else 500
    K[:, 0, 2], K[:, 1, 2], K[:, 2, 2] = 0.53 * width_px, 0.46 * height_px, 1
    R = looking_at_origin(places)
    t = -np.einsum("tij,tj->ti", R, places)
    return Camera(K, R, t, width_px, height_px, np.full((frames, 33, 2), np.nan), np.zeros((frames, 33)),
                  video_path=video_path)  # fmt: skip


def looking_at_origin(places: Array) -> Array:
    """R_camera_from_world [T, 3, 3] of cameras at `places` [T, 3], upright."""
    ahead = normalised(-places)
    right = normalised(np.cross(ahead, [0.0, 0.0, 1.0]))
    return np.stack([right, np.cross(ahead, right), ahead], axis=1)


def write_film(path: Path, pictures: int, rate: Fraction = Fraction(30), width: int = 64, height: int = 36) -> Path:
    """An uncompressed film whose picture n is a grey of 2 n."""
    head = f"YUV4MPEG2 W{width} H{height} F{rate.numerator}:{rate.denominator} Ip A1:1 C420jpeg\n".encode()
    chroma = bytes([128]) * (width * height // 2)
    path.write_bytes(head + b"".join(b"FRAME\n" + bytes([2 * n]) * (width * height) + chroma for n in range(pictures)))
    return path


def empty_scene() -> bpy.types.Scene:
    """A new file without anything in it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def evaluated_joints(armature: bpy.types.Object, frame: float) -> Array:
    """Where Blender has the 55 joints at a scene frame, [55, 3] m in the world."""
    bpy.context.scene.frame_set(int(np.floor(frame)), subframe=float(frame % 1))
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([(posed.matrix_world @ posed.pose.bones[name].matrix).translation for name in JOINT_NAMES])
