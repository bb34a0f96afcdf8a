"""What the backend reads of a scene's camera shows points where Blender itself shows them."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from bpy_extras.object_utils import world_to_camera_view
from mambocap.addon.multiview.blender_cameras import write_blender_cameras
from mambocap.motion.arrays import Array
from mambocap.motion.refusal import Refusal
from mathutils import Euler, Vector

from backend.multiview.known.known_cameras import KnownCameras
from backend.multiview.known.read_known import read_known_cameras

POINTS = [Vector(point) for point in ((0.2, 0.1, 0.9), (-0.4, 0.3, 1.6), (0.5, -0.6, 0.1), (0.0, 0.0, 0.0))]


@pytest.fixture
def scene() -> bpy.types.Scene:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    return bpy.context.scene


def hung_camera(name: str, scale: tuple[float, float, float] = (2.0, 2.0, 2.0)) -> bpy.types.Object:
    """A camera that looks at the points, rolled, under an empty that is turned, shifted and scaled."""
    rig, lens = bpy.data.objects.new(f"Rig of {name}", None), bpy.data.cameras.new(name)
    thing = bpy.data.objects.new(name, lens)
    for each in (rig, thing):
        bpy.context.scene.collection.objects.link(each)
    thing.parent = rig
    rig.location, rig.rotation_euler, rig.scale = (0.3, -0.2, 0.1), Euler((0.05, -0.1, 0.7)), scale
    thing.location, thing.rotation_euler = (0.1, -2.4, 0.6), Euler((1.5, 0.12, 0.05))
    bpy.context.view_layer.update()
    return thing


def read_back(things: list[bpy.types.Object], sizes: list[tuple[int, int]], folder: Path, **names) -> KnownCameras:
    write_blender_cameras(things, sizes, folder / "cameras.json", **names)
    return read_known_cameras(folder / "cameras.json")


def seen_by_backend(known: KnownCameras, view: int) -> Array:
    in_camera = np.array(POINTS) @ known.R_camera_from_world[view].T + known.t_camera_from_world[view]
    px = in_camera @ known.K[view].T
    assert (in_camera[:, 2] > 0.5).all()
    return px[:, :2] / px[:, 2:]


def seen_by_blender(scene: bpy.types.Scene, thing: bpy.types.Object, size: tuple[int, int]) -> Array:
    scene.render.resolution_x, scene.render.resolution_y = size
    shares = np.array([world_to_camera_view(scene, thing, point)[:2] for point in POINTS])
    return np.array(size) * (shares * [1, -1] + [0, 1])


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (900, 900)])
@pytest.mark.parametrize("fit", ["AUTO", "HORIZONTAL", "VERTICAL"])
def test_points_fall_where_blender_shows_them(scene, tmp_path, fit, size) -> None:
    thing = hung_camera("Left")
    lens = thing.data
    lens.sensor_fit, lens.lens, lens.sensor_width, lens.sensor_height = fit, 31.0, 32.0, 21.0
    lens.shift_x, lens.shift_y = 0.08, -0.05
    known = read_back([thing], [size], tmp_path)
    assert np.allclose(seen_by_backend(known, 0), seen_by_blender(scene, thing, size), atol=0.1)


def test_the_matrix_that_blender_renders_with_agrees(scene, tmp_path) -> None:
    """world_to_camera_view is Python of Blender's; this is its renderer's own matrix."""
    thing, size = hung_camera("Left"), (640, 360)
    thing.data.shift_x, thing.data.sensor_fit = 0.1, "VERTICAL"
    known = read_back([thing], [size], tmp_path)
    window = np.array(thing.calc_matrix_camera(bpy.context.evaluated_depsgraph_get(), x=size[0], y=size[1]))
    in_camera = np.array([thing.matrix_world.normalized().inverted() @ point for point in POINTS])
    clip = np.column_stack([in_camera, np.ones(len(POINTS))]) @ window.T
    device = clip[:, :2] / clip[:, 3:]
    assert np.allclose(seen_by_backend(known, 0), (device * [1, -1] + 1) / 2 * size, atol=0.1)


def test_cameras_keep_their_order_sizes_and_names(scene, tmp_path) -> None:
    things, sizes = [hung_camera("Left"), hung_camera("Right")], [(1920, 1080), (1080, 1920)]
    known = read_back(things, sizes, tmp_path)
    assert known.names == ("Left", "Right") and known.sizes_px.tolist() == [list(size) for size in sizes]
    assert known.in_metres and known.up_world.tolist() == [[0.0, 0.0, 1.0]]
    assert read_back(things, sizes, tmp_path, names=["a.mp4", "b.mp4"]).names == ("a.mp4", "b.mp4")


def test_a_constraint_counts(scene, tmp_path) -> None:
    thing, target = hung_camera("Left"), bpy.data.objects.new("Target", None)
    scene.collection.objects.link(target)
    target.location = (0.0, 0.0, 1.0)
    tracking = thing.constraints.new("TRACK_TO")
    tracking.target, tracking.track_axis, tracking.up_axis = target, "TRACK_NEGATIVE_Z", "UP_Y"
    known = read_back([thing], [(1920, 1080)], tmp_path)
    middle = known.R_camera_from_world[0] @ [0.0, 0.0, 1.0] + known.t_camera_from_world[0]
    assert np.allclose(middle[:2], 0.0, atol=1e-4) and middle[2] > 1.0


@pytest.mark.parametrize("scale", [(2.0, 1.0, 1.0), (-1.0, 1.0, 1.0)])
def test_a_skewed_or_mirrored_camera_is_refused(scene, tmp_path, scale) -> None:
    with pytest.raises(Refusal) as refused:
        read_back([hung_camera("Left", scale)], [(1920, 1080)], tmp_path)
    assert refused.value.sentence == "Left is skewed or mirrored by the scale of what it hangs under."
    assert not (tmp_path / "cameras.json").exists()


def test_what_is_no_perspective_camera_is_refused(scene, tmp_path) -> None:
    thing = hung_camera("Left")
    for each in (thing, thing.parent):
        thing.data.type = "ORTHO"
        with pytest.raises(Refusal, match=f"{each.name} is no perspective camera"):
            write_blender_cameras([each], [(1920, 1080)], tmp_path / "cameras.json")
