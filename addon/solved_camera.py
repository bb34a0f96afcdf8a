"""A camera that the artist tracked in Blender, as the file that the backend reads (backend/cameras/path_file.py)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..motion.arrays import Array
from ..motion.places import home
from ..motion.refusal import Refusal
from ..motion.rotations import nearest_rotation, quaternion_from_matrix, same_half_sphere
from ..motion.whole_files import unwritable, written_whole
from .capture_settings import MambocapSettings, true_fps

_BLENDER_FROM_OPENCV = np.diag([1.0, -1.0, -1.0])   # a camera's axes
_FOLDER = "cameras"


@dataclass(frozen=True, eq=False)
class Solved:
    """Over the pictures of a take, as they stand in the footage."""

    times_s: Array                # [T] since In
    R_world_from_camera: Array    # [T, 3, 3] OpenCV axes
    places_world: Array           # [T, 3]
    focal_px: float
    in_metres: bool
    up_is_known: bool

    def to_dict(self) -> dict[str, Any]:
        wxyz = same_half_sphere(quaternion_from_matrix(self.R_world_from_camera))
        fields: dict[str, Any] = {
            "times_s": self.times_s.tolist(), "R_world_from_camera": wxyz.tolist(),
            "places": self.places_world.tolist(), "in_metres": self.in_metres, "focal_px": self.focal_px,
        }  # fmt: skip
        return {**fields, "up": [0.0, 0.0, 1.0]} if self.up_is_known else fields


def of_object(
    camera: bpy.types.Object, scene: bpy.types.Scene, settings: MambocapSettings, footage_starts: int, in_metres: bool
) -> Solved:
    """A camera object in its scene, whose frame `footage_starts` shows the first picture of the footage.

    Raises Refusal where In lies behind Out.
    """
    pictures = _pictures(settings)
    matrices = _evaluated(camera, scene, footage_starts + pictures - 1)
    return _solved(pictures, matrices, _focal_px(camera.data, settings), settings, in_metres, up_is_known=True)


def of_clip(clip: bpy.types.MovieClip, settings: MambocapSettings) -> Solved:
    """The reconstruction of a movie clip, in a world of its own. Raises Refusal where it lacks pictures."""
    cameras = {each.frame + clip.frame_offset: np.array(each.matrix) for each in clip.tracking.reconstruction.cameras}
    pictures = _pictures(settings)
    found = np.array([picture for picture in pictures if picture in cameras], dtype=int)
    if not len(found) or found[0] != pictures[0] or found[-1] != pictures[-1]:
        raise Refusal("short-solve", f"{clip.name} is solved for {len(found)} of the {len(pictures)} pictures "
                      "from In to Out.", "Solve its camera motion for all of them, or set In and Out.")  # fmt: skip
    focal_px = clip.tracking.camera.focal_length_pixels
    matrices = np.array([cameras[picture] for picture in found])
    return _solved(found, matrices, focal_px, settings, in_metres=False, up_is_known=False)


def write(solved: Solved) -> Path:
    """Keep a camera in the user's data folder, by a name of its own. Raises Refusal when the disk does not take it."""
    text = json.dumps(solved.to_dict())
    path = home() / _FOLDER / f"camera-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from error
    with written_whole(path, "w") as stream:
        stream.write(text)
    return path


def footage_start(camera: bpy.types.Object, scene: bpy.types.Scene) -> int:
    """The scene frame that shows the first picture of the footage, as the footage of the camera or the scene says."""
    backgrounds = camera.data.background_images
    shown = [background.clip for background in backgrounds if background.clip]
    shown += [background.image_user for background in backgrounds if _is_film(background.image)]
    shown += [constraint.clip for constraint in camera.constraints if getattr(constraint, "clip", None)]
    shown += [scene.active_clip] if scene.active_clip else []
    return shown[0].frame_start - shown[0].frame_offset if shown else scene.frame_start


def _is_film(image: bpy.types.Image | None) -> bool:
    return image is not None and image.source in {"MOVIE", "SEQUENCE"}


def _pictures(settings: MambocapSettings) -> Array:
    """[T] the numbers, from 1, of the pictures from In to Out. Raises Refusal where there are none."""
    last = settings.last_frame if 0 < settings.last_frame <= settings.frame_count else settings.frame_count
    if settings.first_frame > last:
        raise Refusal("in-behind-out", "In lies behind Out, so that no picture is left.", "Set In before Out.")
    return np.arange(settings.first_frame, last + 1)


def _evaluated(camera: bpy.types.Object, scene: bpy.types.Scene, frames: Array) -> Array:
    """[T, 4, 4] where constraints, parents and drivers have the camera."""
    shown = scene.frame_current, scene.frame_subframe
    matrices = []
    for frame in frames:
        scene.frame_set(int(frame))
        evaluated = camera.evaluated_get(bpy.context.evaluated_depsgraph_get())
        matrices.append(np.array(evaluated.matrix_world))
    scene.frame_set(shown[0], subframe=shown[1])
    return np.array(matrices)


def _focal_px(lens: bpy.types.Camera, settings: MambocapSettings) -> float:
    """In pixels of the footage, which fills the camera's frame."""
    width_px, height_px = settings.width_px, settings.height_px
    if lens.sensor_fit == "VERTICAL":
        return lens.lens * height_px / lens.sensor_height
    along_px = width_px if lens.sensor_fit == "HORIZONTAL" else max(width_px, height_px)
    return lens.lens * along_px / lens.sensor_width


def _solved(
    pictures: Array, matrices: Array, focal_px: float, settings: MambocapSettings, in_metres: bool, up_is_known: bool
) -> Solved:
    """From Blender's matrices of a camera behind pictures as they are in the file."""
    R_world_from_file = nearest_rotation(matrices[:, :3, :3]) @ _BLENDER_FROM_OPENCV
    turn_rad = np.deg2rad(float(settings.turn))
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    R_upright_from_file = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])   # clockwise: y is down
    times_s = (pictures - settings.first_frame) / true_fps(settings)
    return Solved(times_s, R_world_from_file @ R_upright_from_file.T, matrices[:, :3, 3], float(focal_px), in_metres,
                  up_is_known)  # fmt: skip
