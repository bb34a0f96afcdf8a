"""Blender's scene of one clip."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from assets.stage import film, new_camera, place_camera, set_up_look
from bench.render.camera_paths import CameraPath
from bench.render.performance import Performance
from bench.render.solids import Solid
from bench.render.wardrobe import Dressed
from motion.arrays import Array, Indices
from motion.kinematics import forward_kinematics

# Blender's own studio lights, and how much they have to be opened up to look equally bright.
LIGHTS_STOPS = {"Default": 2.1, "studio.sl": 2.2, "outdoor.sl": 1.6, "paint.sl": 1.8}
ROUND_FACES = 20   # a solid of more faces is meant round
QUALITY = "VERYLOW"   # x264's crf 29; both sets have to fit into 15 MB
EXPOSURE_SPREAD_STOPS = 0.35


def render(
    performance: Performance, person: Dressed, solids: list[Solid], camera: CameraPath, size_px: tuple[int, int],
    path: Path, seed: int,
) -> None:  # fmt: skip
    """Writes the film of a clip."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    _light(scene, np.random.default_rng([seed, 5]))
    for number, solid in enumerate(solids):
        thing = _mesh(f"solid {number}", solid.vertices, [(solid.faces, solid.uv, solid.picture)])
        thing.display.show_shadows = solid.casts_shadow
        if len(solid.faces) > ROUND_FACES:
            thing.data.shade_smooth()
    body = _mesh("person", person.vertices, person.groups)
    body.data.shade_smooth()
    lens = new_camera(scene, camera.K, size_px)
    R_world, joints = forward_kinematics(
        performance.body.skeleton, performance.R_parent_from_joint, performance.root_world
    )

    def pose(frame: int) -> None:
        vertices = person.posed(R_world[frame], joints[frame])
        body.data.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
        body.data.update()
        place_camera(lens, camera.R_camera_from_world[frame], camera.t_camera_from_world[frame])

    film(scene, pose, len(joints), round(performance.rate_hz), path, QUALITY)


def _light(scene: bpy.types.Scene, random: np.random.Generator) -> None:
    set_up_look(scene, "TEXTURE")
    look = scene.display.shading
    # Neither is to be seen after encoding, and both together take half of the time.
    scene.display.render_aa, look.show_cavity = "OFF", False
    look.studio_light = str(random.choice(list(LIGHTS_STOPS)))
    look.use_world_space_lighting = True
    look.studiolight_rotate_z = float(random.uniform(-np.pi, np.pi))
    look.shadow_intensity = float(random.uniform(0.25, 0.55))
    spread = random.uniform(-EXPOSURE_SPREAD_STOPS, EXPOSURE_SPREAD_STOPS)
    scene.view_settings.exposure = LIGHTS_STOPS[look.studio_light] + float(spread)
    sideways = random.uniform(-0.6, 0.6, 2)
    # Blender turns this direction so that its second number is the one that points up.
    scene.display.light_direction = (float(sideways[0]), 0.8, float(sideways[1]))


def _mesh(name: str, vertices: Array, groups: list[tuple[Indices, Array, Array]]) -> bpy.types.Object:
    """An object with one material for each group of faces [F, N], uv [F, N, 2] and picture."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], [face for faces, _, _ in groups for face in faces.tolist()])
    layer = mesh.uv_layers.new(name="uv")
    uv = np.concatenate([uv.reshape(-1, 2) for _, uv, _ in groups])
    layer.data.foreach_set("uv", uv.astype(np.float32).ravel())
    for number, (_, _, picture) in enumerate(groups):
        mesh.materials.append(_material(f"{name} {number}", picture))
    counts = [len(faces) for faces, _, _ in groups]
    mesh.polygons.foreach_set("material_index", np.repeat(np.arange(len(groups)), counts).astype(np.int32))
    mesh.update()
    mesh_object = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(mesh_object)
    return mesh_object


def _material(name: str, picture: Array) -> bpy.types.Material:
    height, width = picture.shape[:2]
    image = bpy.data.images.new(name, width, height)
    rgba = np.concatenate([picture, np.ones((height, width, 1))], axis=-1)
    image.pixels.foreach_set(rgba.astype(np.float32).ravel())
    image.pack()
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = image
    material.node_tree.nodes.active = node
    return material
