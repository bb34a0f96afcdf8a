"""The camera of a take, with its footage behind the body."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from ..motion.arrays import Array, Indices
from ..motion.motion import Camera
from ..motion.rotations import quaternion_from_matrix, same_half_sphere
from .curves import Keys, curves_of, multiply_keys
from .footage import Footage
from .scene_clock import LAST_FRAME, SceneClock

# An OpenCV camera looks along +Z with Y down, Blender's along -Z with Y up.
_OPENCV_FROM_BLENDER = np.diag([1.0, -1.0, -1.0])

PICTURE = "mambocap_picture_px"   # on a camera: width and height of what it films, upright
_SHIFTS = ("shift_x", "shift_y")
_FILM_MM = 36.0   # the longer side of a sensor, so that focal lengths read as those of 35 mm film

_STILL_M_RAD = 1e-7   # a camera that moves less than this between any two frames stands
_STILL_PX = 1e-4


def can_project(camera: Camera) -> bool:
    """Whether a file's camera has a picture and focal lengths at all."""
    return min(camera.width_px, camera.height_px) > 0 and bool(np.all(camera.K[:, [0, 1], [0, 1]] > 0))


def build_camera(name: str, camera: Camera, frames: Array, scene: bpy.types.Scene) -> bpy.types.Object:
    """A new camera object in no collection yet that projects as K, R and t do, keyed at scene frames [T] if it moves.

    The whole picture lies inside the scene's frame.
    """
    lens = bpy.data.cameras.new(name)
    thing = bpy.data.objects.new(name, lens)
    thing.rotation_mode = "QUATERNION"
    thing[PICTURE] = (camera.width_px, camera.height_px)
    _place(thing, camera, frames)
    _set_lens(lens, camera, frames, _fit(thing, scene))
    return thing


def fit_picture(thing: bpy.types.Object, scene: bpy.types.Scene) -> None:
    """Let the whole picture of a camera that was built lie inside the scene's frame, whose shape has changed."""
    lens, fit = thing.data, _fit(thing, scene)
    if PICTURE not in thing or lens.sensor_fit in ("AUTO", fit):   # an artist's own choice is none of ours
        return
    width_px, height_px = thing[PICTURE]
    factor = width_px / height_px if fit == "VERTICAL" else height_px / width_px   # shifts count in the fitted side
    lens.sensor_fit = fit
    for name in _SHIFTS:
        setattr(lens, name, factor * getattr(lens, name))
    for curve in curves_of(lens):
        if curve.data_path in _SHIFTS:
            multiply_keys(curve, factor)


def show_footage(thing: bpy.types.Object, footage: Footage, clock: SceneClock) -> list[str]:
    """Put footage behind the body such that each scene frame shows the picture nearest to it in time.

    Before and behind a film its first and last picture stay; of a sequence Blender shows none there. Returns what the
    user should know, a sentence each.
    """
    clip = bpy.data.movieclips.load(_stored_path(footage.path), check_existing=False)
    if not clip.frame_duration or not clip.size[0]:
        bpy.data.movieclips.remove(clip)
        return [f"Blender cannot read the footage {footage.path.name}, so the camera has no picture behind the body."]
    times_s = _times(footage, clip)
    scene_frames = _frames_during(times_s, clock)
    first_picture = 0 if clip.source == "SEQUENCE" else _first_picture(footage.first_s, clip.fps)
    pictures = first_picture + _nearest(times_s, clock.seconds(scene_frames))
    background = _new_background(thing.data, footage)
    background.source, background.image = "IMAGE", _image_of(clip)
    _set_pictures(thing.data, background.image_user, pictures, scene_frames)
    return []


def _times(footage: Footage, clip: bpy.types.MovieClip) -> Array:
    """[F] seconds of the take of the pictures of footage."""
    if footage.times_s is not None:
        return footage.times_s
    return footage.begins_s + np.arange(clip.frame_duration) / float(footage.rate or clip.fps)


def _frames_during(times_s: Array, clock: SceneClock) -> Indices:
    """The scene frames that show pictures taken at times_s [F], none before the take."""
    first, last = (int(min(frame + 0.5, LAST_FRAME)) for frame in clock.frames(times_s[[0, -1]]))
    first = max(first, clock.first_frame)
    return np.arange(first, max(first, last) + 1)


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


def _image_of(clip: bpy.types.MovieClip) -> bpy.types.Image:
    """The same film as an image, in place of the clip: a clip has no picture before and behind its film."""
    image = bpy.data.images.load(clip.filepath, check_existing=False)
    image.source = clip.source
    bpy.data.movieclips.remove(clip)
    return image


def _set_pictures(
    lens: bpy.types.Camera, user: bpy.types.ImageUser, pictures: Indices, scene_frames: Indices
) -> None:  # fmt: skip
    """Show pictures [F], counted from 0, at scene frames [F] in a row, by keys where they do not come one a frame.

    Blender shows picture `offset + held`, counted from 1, where `held` is `frame - frame_start + 1` held within 0 and
    frame_duration: frames before the first show that of 0, which is therefore made the first picture.
    """
    user.use_auto_refresh, user.use_cyclic = True, False
    user.frame_start, user.frame_duration = int(scene_frames[0]) + 1, max(1, len(scene_frames) - 1)
    offsets = 1 + pictures - (scene_frames - scene_frames[0])
    user.frame_offset = int(offsets[0])
    changes = np.flatnonzero(np.diff(offsets, prepend=offsets[0] - 1))
    if len(changes) > 1:
        number = len(lens.background_images) - 1
        keys = Keys(lens, lens.name)
        keys.add(f"background_images[{number}].image_user.frame_offset", 0, "Footage",
                 scene_frames[changes].astype(float), offsets[changes].astype(float), steps=True)  # fmt: skip


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


def _fit(thing: bpy.types.Object, scene: bpy.types.Scene) -> str:
    """The side of a camera's picture that fills the scene's frame."""
    render, (width_px, height_px) = scene.render, thing.get(PICTURE, (1, 1))
    scene_aspect = render.resolution_x * render.pixel_aspect_x / (render.resolution_y * render.pixel_aspect_y)
    return "VERTICAL" if scene_aspect > width_px / height_px * (1 + 1e-6) else "HORIZONTAL"


def _set_lens(lens: bpy.types.Camera, camera: Camera, frames: Array, fit: str) -> None:
    """The sensor has the shape of the picture, so that its focal length does not depend on the side that is fitted."""
    K, mm_per_px = camera.K, _FILM_MM / max(camera.width_px, camera.height_px)
    side_px = camera.width_px if fit == "HORIZONTAL" else camera.height_px
    lens.sensor_fit = fit
    lens.sensor_width, lens.sensor_height = mm_per_px * camera.width_px, mm_per_px * camera.height_px
    values = {
        "lens": K[:, [0, 1], [0, 1]].mean(axis=1) * mm_per_px,
        "shift_x": (camera.width_px / 2 - K[:, 0, 2]) / side_px,
        "shift_y": (K[:, 1, 2] - camera.height_px / 2) / side_px,
    }
    for name, numbers in values.items():
        setattr(lens, name, numbers[0])
    if np.ptp(K, axis=0).max() < _STILL_PX:
        return
    keys = Keys(lens, lens.name)
    for name, numbers in values.items():
        keys.add(name, 0, "Lens", frames, numbers)
