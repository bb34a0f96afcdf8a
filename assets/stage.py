"""Blender's Workbench as a film studio, and a small room in it with one clothed body before a fixed camera."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Colour = tuple[float, ...]  # sRGB, 0..255

TILE_M = 0.5
ROOM_M = 9.0
WALL_HEIGHT_M = 5.0
FLOOR_SHADES = ((168, 150, 128), (150, 132, 110))
WALL_COLOUR, SKIRTING_COLOUR = (196, 200, 200), (238, 238, 234)
# On the wall, in metres: x and z of the middle, width, height; colour.
PICTURES = ((-2.1, 1.75, 0.9, 0.65, (92, 120, 128)), (1.6, 1.7, 0.7, 0.95, (164, 128, 84)))
EXPOSURE_STOPS = 0.9
LIGHT_DIRECTION = (-0.35, 0.45, 0.82)  # towards the light, in the view: x right, y up, z to the camera


class Stage:
    """The scene of one clip; the body's vertices change from frame to frame."""

    def __init__(self, faces: NDArray[np.int64], colours: NDArray, wall_azimuth_rad: float, seed: int) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        set_up_look(self.scene)
        turn = Matrix.Rotation(wall_azimuth_rad, 4, "Z")
        for name, (vertices, quads, shades) in _room(np.random.default_rng(seed)).items():
            _mesh(name, vertices, quads, shades).matrix_world = turn
        self.body = _mesh("body", np.zeros((int(faces.max()) + 1, 3)), faces, colours)
        self.body.data.shade_smooth()

    def set_camera(self, K: Floats, size_px: tuple[int, int], R_camera_from_world: Floats, t_camera: Floats) -> None:
        """A pinhole with square pixels; camera frame as OpenCV's (x right, y down, z ahead)."""
        place_camera(new_camera(self.scene, K, size_px), R_camera_from_world, t_camera)

    def film(self, frames_m: Iterable[Floats], rate_hz: int, path: Path) -> None:
        """Renders one frame for each [V, 3] m of body vertices into an H.264 film."""
        frames = list(frames_m)
        film(self.scene, lambda frame: self._pose(frames[frame]), len(frames), rate_hz, path)

    def _pose(self, vertices: Floats) -> None:
        self.body.data.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
        self.body.data.update()


def set_up_look(scene: bpy.types.Scene, colours: str = "VERTEX") -> None:
    """Workbench's studio light with shadows; colours from the vertices, or from pictures ("TEXTURE")."""
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.display.render_aa = "FXAA"
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.exposure = EXPOSURE_STOPS
    scene.display.light_direction = LIGHT_DIRECTION
    scene.display.shadow_shift = 0.15
    look = scene.display.shading
    look.light, look.color_type = "STUDIO", colours
    look.show_shadows, look.shadow_intensity = True, 0.35
    look.show_cavity, look.cavity_type = True, "WORLD"
    look.show_specular_highlight = False
    look.background_type = "VIEWPORT"
    look.background_color = (0.55, 0.57, 0.58)


def new_camera(scene: bpy.types.Scene, K: Floats, size_px: tuple[int, int]) -> bpy.types.Object:
    """The scene's camera, a pinhole with square pixels."""
    width, height = size_px
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit, lens.sensor_width = "HORIZONTAL", 36.0
    lens.lens = K[0, 0] * lens.sensor_width / width
    lens.shift_x, lens.shift_y = (width / 2 - K[0, 2]) / width, (K[1, 2] - height / 2) / width
    camera = bpy.data.objects.new("camera", lens)
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = size_px
    scene.render.resolution_percentage = 100
    return camera


def place_camera(camera: bpy.types.Object, R_camera_from_world: Floats, t_camera_from_world: Floats) -> None:
    """Camera frame as OpenCV's (x right, y down, z ahead)."""
    pose = np.eye(4)
    pose[:3, :3] = R_camera_from_world.T @ np.diag([1.0, -1.0, -1.0])
    pose[:3, 3] = -R_camera_from_world.T @ t_camera_from_world
    camera.matrix_world = Matrix(pose)


def film(
    scene: bpy.types.Scene, pose: Callable[[int], None], frame_count: int, rate_hz: int, path: Path,
    quality: str = "MEDIUM",
) -> None:  # fmt: skip
    """Renders an H.264 film; `pose` moves everything to where it is in a frame."""
    picture = scene.render.image_settings
    scene.render.fps, scene.frame_start, scene.frame_end = rate_hz, 0, frame_count - 1
    # A date in the file would make two renderings differ.
    scene.render.use_stamp_date = False
    if hasattr(picture, "media_type"):
        picture.media_type = "VIDEO"
    picture.file_format = "FFMPEG"
    encoding = scene.render.ffmpeg
    encoding.format, encoding.codec, encoding.constant_rate_factor, encoding.gopsize = "MPEG4", "H264", quality, 60
    encoding.audio_codec = "NONE"
    scene.render.filepath, scene.render.use_file_extension = str(path), False

    def before_frame(scene, *_) -> None:
        pose(scene.frame_current)

    bpy.app.handlers.frame_change_pre.append(before_frame)
    bpy.ops.render.render(animation=True)
    bpy.app.handlers.frame_change_pre.remove(before_frame)


def _mesh(name: str, vertices: Floats, faces: NDArray[np.int64], colours: NDArray) -> bpy.types.Object:
    """An object with a colour per vertex (sRGB, 0..255)."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], np.asarray(faces).tolist())
    attribute = mesh.color_attributes.new("colour", "BYTE_COLOR", "POINT")
    rgba = np.concatenate([np.asarray(colours) / 255.0, np.ones((len(colours), 1))], axis=1)
    attribute.data.foreach_set("color_srgb", rgba.astype(np.float32).ravel())
    mesh.color_attributes.active_color = attribute
    mesh_object = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(mesh_object)
    return mesh_object


def _room(random: np.random.Generator) -> dict[str, tuple[Floats, NDArray[np.int64], NDArray]]:
    """Tiled floor, and a wall at y = +3 m with skirting and pictures: vertices, quads, colours by name."""
    quads = [_tile(column, row, random) for column in range(-10, 10) for row in range(-14, 6)]
    half = ROOM_M / 2
    wall = [_upright(0.0, WALL_HEIGHT_M / 2, 2 * half, WALL_HEIGHT_M, 0.0, WALL_COLOUR),
            _upright(0.0, 0.05, 2 * half, 0.1, 0.02, SKIRTING_COLOUR)]  # fmt: skip
    for x, z, width, height, colour in PICTURES:
        wall.append(_upright(x, z, width + 0.08, height + 0.08, 0.02, (70, 62, 56)))
        wall.append(_upright(x, z, width, height, 0.03, colour))
    return {"floor": _joined(quads), "wall": _joined(wall)}


def _tile(column: int, row: int, random: np.random.Generator) -> tuple[Floats, Colour]:
    corners = TILE_M * (np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) + [column, row])
    shade = np.array(FLOOR_SHADES[(column + row) % 2]) + random.normal(0.0, 4.0)
    return np.column_stack([corners, np.zeros(4)]), tuple(np.clip(shade, 0, 255))


def _upright(
    x: float, z: float, width: float, height: float, off_wall_m: float, colour: Colour
) -> tuple[Floats, Colour]:
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * [width, height] + [x, z]
    return np.column_stack([corners[:, 0], np.full(4, 3.0 - off_wall_m), corners[:, 1]]), colour


def _joined(patches: list[tuple[Floats, Colour]]) -> tuple[Floats, NDArray[np.int64], NDArray]:
    vertices = np.concatenate([corners for corners, _ in patches])
    colours = np.repeat([colour for _, colour in patches], 4, axis=0)
    return vertices, np.arange(len(vertices)).reshape(-1, 4), colours
