"""Three cameras of one take, each in its own shape, at its own rate, from its own beginning on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mambocap.motion.arrays import Array
from mambocap.motion.motion import Camera, Motion
from mathutils import Vector

from tests.addon.made_up_takes import camera, looking_at_origin, wild_motion, write_film

FRAMES, RATE = 124, Fraction(30)
SIZES_PX = [(640, 360), (360, 640), (480, 360)]
RATES = [Fraction(30), Fraction(60), Fraction(25)]
BEGINS_S = [0.0, 3.0, 0.52]
PICTURES = [120, 60, 90]
PLACES = [(0.0, -5.0, 1.4), (4.5, 1.0, 1.2), (-3.0, -3.0, 1.8)]


def filmed(folder: Path, index: int, frames: int = FRAMES) -> Camera:
    """A standing camera of three, which looks at the origin, with its film."""
    film = write_film(folder / f"cam{index + 1:02d}.y4m", PICTURES[index], RATES[index])
    place = np.tile(PLACES[index], (frames, 1))
    R = looking_at_origin(place)
    return replace(
        camera(frames, *SIZES_PX[index], video_path=str(film)), R_camera_from_world=R,
        t_camera_from_world=-np.einsum("tij,tj->ti", R, place), time_offset_s=-BEGINS_S[index],
        source_times_s=np.arange(PICTURES[index]) / float(RATES[index]), video_bytes=film.stat().st_size,
    )  # fmt: skip


def seen_by_three(folder: Path, seed: int = 0) -> Motion:
    return replace(wild_motion(FRAMES, RATE, seed), cameras=tuple(filmed(folder, index) for index in range(3)))


def pixels_by_matrices(view: Camera, points_world: Array) -> Array:
    rays = (points_world @ view.R_camera_from_world[0].T + view.t_camera_from_world[0]) @ view.K[0].T
    return rays[:, :2] / rays[:, 2:]


def pixels_in_blender(thing: bpy.types.Object, view: Camera, points_world: Array) -> Array:
    """Where the points lie in a camera's upright picture, which Blender fits into the scene's frame, [N, 2]."""
    scene = bpy.context.scene
    seen = np.array([world_to_camera_view(scene, thing, Vector(point))[:2] for point in points_world])
    frame = np.array([scene.render.resolution_x, scene.render.resolution_y], dtype=float)
    picture = np.array([view.width_px, view.height_px], dtype=float)
    return (seen - 0.5) * frame / (frame / picture).min() * [1, -1] + picture / 2
