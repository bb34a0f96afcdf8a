"""The camera of a take, with its footage behind the body."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np

from ..motion.arrays import Array, Indices
from ..motion.motion import Camera
from ..motion.rotations import quaternion_from_matrix, same_half_sphere
from .curves import Keys
from .footage import Footage
from .scene_clock import LAST_FRAME, SceneClock

# An OpenCV camera looks along +Z with Y down, Blender's along -Z with Y up.
_OPENCV_FROM_BLENDER = np.diag([1.0, -1.0, -1.0])

_STILL_M_RAD = 1e-7   # a camera that moves less than this between any two frames stands
_STILL_PX = 1e-4


def can_project(camera: Camera) -> bool:
    """Whether a file's camera has a picture and focal lengths at all."""
    return min(camera.width_px, camera.height_px) > 0 and bool(np.all(camera.K[:, [0, 1], [0, 1]] > 0))


def build_camera(name: str, camera: Camera, frames: Array, scene: bpy.types.Scene) -> bpy.types.Object:
    """A new camera object in no collection yet that projects as K, R and t do, keyed at scene frames [T] if it moves.

    The whole picture lies inside the scene's frame, whatever the scene's resolution.
    """
    lens = bpy.data.cameras.new(name)
    thing = bpy.data.objects.new(name, lens)
    thing.rotation_mode = "QUATERNION"
    _place(thing, camera, frames)
    _set_lens(lens, camera, frames, _fit(camera, scene))
    return thing


def show_footage(thing: bpy.types.Object, footage: Footage, take_rate: Fraction, clock: SceneClock) -> list[str]:
    """Put footage behind the body such that each scene frame shows the picture nearest to it in time.

    `take_rate` is the rate at which the take was captured, that of a proxy's pictures. Returns what the user
    should know, a sentence each.
    """
    clip = bpy.data.movieclips.load(_stored_path(footage.path), check_existing=False)
    if not clip.frame_duration or not clip.size[0]:
        bpy.data.movieclips.remove(clip)
        return [f"Blender cannot read the footage {footage.path.name}, so the camera has no picture behind the body."]
    background = _new_background(thing.data, footage)
    first_picture = 0 if clip.source == "SEQUENCE" else _first_picture(footage.first_s, clip.fps)
    times_s = footage.times_s
    if times_s is None:
        times_s = np.arange(clip.frame_duration) / float(take_rate)
    scene_frames = np.arange(clock.first_frame, min(int(clock.frames(times_s[-1]) + 0.5), LAST_FRAME) + 1)
    pictures = first_picture + _nearest(times_s, clock.seconds(scene_frames))
    if np.all(np.diff(pictures) == 1):
        background.source, background.clip = "MOVIE_CLIP", clip
        clip.frame_start, clip.frame_offset = clock.first_frame, int(pictures[0])
    else:
        _show_by_keys(thing.data, background, clip, pictures, scene_frames)
    return []


def _first_picture(first_s: float, rate: float) -> int:
    """The first picture at or after a second, one that lies a thousandth before it included."""
    return max(0, int(np.ceil((first_s - 1e-3) * rate)))


def _new_background(lens: bpy.types.Camera, footage: Footage) -> bpy.types.CameraBackgroundImage:
    lens.show_background_images = True
    background = lens.background_images.new()
    background.frame_method = "FIT"
    background.display_depth = "BACK"
    background.alpha = 1.0
    background.use_flip_x = footage.mirrored
    return background


def _show_by_keys(
    lens: bpy.types.Camera, background: bpy.types.CameraBackgroundImage, clip: bpy.types.MovieClip,
    pictures: Indices, scene_frames: Indices,
) -> None:  # fmt: skip
    """Show footage whose pictures do not come one a scene frame; a movie clip can only do that, so an image does it."""
    image = bpy.data.images.load(clip.filepath, check_existing=False)
    image.source = clip.source
    bpy.data.movieclips.remove(clip)
    background.source, background.image = "IMAGE", image
    user = background.image_user
    user.use_auto_refresh = True
    user.frame_start, user.frame_duration = int(scene_frames[0]), len(scene_frames)
    leads = pictures - (scene_frames - scene_frames[0])
    changes = np.flatnonzero(np.diff(leads, prepend=leads[0] - 1))
    number = len(lens.background_images) - 1
    keys = Keys(lens, lens.name)
    keys.add(f"background_images[{number}].image_user.frame_offset", 0, "Footage",
             scene_frames[changes].astype(float), leads[changes].astype(float), steps=True)  # fmt: skip


def _nearest(times_s: Array, wanted_s: Array) -> Indices:
    """Index of the time nearest to each wanted one; times rise."""
    after = np.clip(np.searchsorted(times_s, wanted_s), 1, max(len(times_s) - 1, 1))
    after = np.minimum(after, len(times_s) - 1)
    before = np.maximum(after - 1, 0)
    return np.where(wanted_s - times_s[before] < times_s[after] - wanted_s, before, after)


def _stored_path(path: Path) -> str:
    """Relative to the saved blend file, so that both can move together; whole where that cannot be."""
    if not bpy.data.filepath:
        return str(path)
    try:
        return bpy.path.relpath(str(path))
    except ValueError:   # another drive of Windows
        return str(path)


def _place(thing: bpy.types.Object, camera: Camera, frames: Array) -> None:
    R_world_from_camera = np.swapaxes(camera.R_camera_from_world, -1, -2)
    places = -np.einsum("tij,tj->ti", R_world_from_camera, camera.t_camera_from_world)
    turns_wxyz = same_half_sphere(quaternion_from_matrix(R_world_from_camera @ _OPENCV_FROM_BLENDER))
    thing.location, thing.rotation_quaternion = places[0], turns_wxyz[0]
    if np.ptp(places, axis=0).max() < _STILL_M_RAD and np.ptp(turns_wxyz, axis=0).max() < _STILL_M_RAD:
        return
    keys = Keys(thing, thing.name)
    for axis in range(3):
        keys.add("location", axis, "Camera", frames, places[:, axis])
    for part in range(4):
        keys.add("rotation_quaternion", part, "Camera", frames, turns_wxyz[:, part])


def _fit(camera: Camera, scene: bpy.types.Scene) -> str:
    render = scene.render
    scene_aspect = render.resolution_x * render.pixel_aspect_x / (render.resolution_y * render.pixel_aspect_y)
    return "VERTICAL" if scene_aspect > camera.width_px / camera.height_px * (1 + 1e-6) else "HORIZONTAL"


def _set_lens(lens: bpy.types.Camera, camera: Camera, frames: Array, fit: str) -> None:
    K = camera.K
    along, size_px = (0, camera.width_px) if fit == "HORIZONTAL" else (1, camera.height_px)
    lens.sensor_fit, lens.sensor_height = fit, lens.sensor_width
    values = {
        "lens": K[:, along, along] * lens.sensor_width / size_px,
        "shift_x": (camera.width_px / 2 - K[:, 0, 2]) / size_px,
        "shift_y": (K[:, 1, 2] - camera.height_px / 2) / size_px,
    }
    for name, numbers in values.items():
        setattr(lens, name, numbers[0])
    if np.ptp(K, axis=0).max() < _STILL_PX:
        return
    keys = Keys(lens, lens.name)
    for name, numbers in values.items():
        keys.add(name, 0, "Lens", frames, numbers)
