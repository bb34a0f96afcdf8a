"""The light form of a body: a fifth of its vertices, for machines that play the whole one too slowly."""

from __future__ import annotations

import bpy
import numpy as np

from ..motion.arrays import Array, Indices
from ..motion.body import read_open_body

BODY = "mambocap_body"          # on a body's object: the name of its family
_FULL, _LIGHT = "mambocap_full_mesh", "mambocap_light_mesh"   # there too: its meshes, so that neither is lost on saving


def show_light(skin: bpy.types.Object) -> bool:
    """Show a body's light form; False where it has none (a user's own SMPL-X body, another mesh by now)."""
    if _FULL in skin:
        return True
    if skin.get(BODY) != "open" or skin.mode != "OBJECT" or skin.data.shape_keys is not None:
        return False
    full, light = skin.data, skin.get(_LIGHT) or _light_mesh(skin)
    if light is None:
        return False
    skin[_FULL], skin[_LIGHT] = full, light
    skin.data = light
    return True


def show_full(skin: bpy.types.Object) -> None:
    """Show the whole body again."""
    if (full := skin.get(_FULL)) is not None:
        skin.data = full
        del skin[_FULL]


def _light_mesh(skin: bpy.types.Object) -> bpy.types.Mesh | None:
    """A new mesh of the light vertices where the skin has them now, with its colours, groups and materials."""
    full, model = skin.data, read_open_body()
    chosen = model.preview_vertices
    if len(full.vertices) != len(model.vertices):
        return None
    mesh = bpy.data.meshes.new(f"{full.name} Light")
    mesh.from_pydata(_places(full)[chosen].tolist(), [], model.preview_faces.tolist())
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), dtype=bool))
    for material in full.materials:
        mesh.materials.append(material)
    _copy_colours(full, mesh, chosen)
    _copy_weights(skin, mesh, chosen)
    return mesh


def _places(mesh: bpy.types.Mesh) -> Array:   # [V, 3] m
    flat = np.empty(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def _copy_colours(full: bpy.types.Mesh, light: bpy.types.Mesh, chosen: Indices) -> None:
    for layer in full.color_attributes:
        if layer.domain != "POINT":
            continue
        flat = np.empty(4 * len(full.vertices), dtype=np.float32)
        layer.data.foreach_get("color", flat)
        copied = light.color_attributes.new(layer.name, layer.data_type, "POINT")
        copied.data.foreach_set("color", flat.reshape(-1, 4)[chosen].ravel())


def _copy_weights(skin: bpy.types.Object, light: bpy.types.Mesh, chosen: Indices) -> None:
    """Groups belong to meshes, and are made by an object that has the mesh."""
    holder = bpy.data.objects.new(light.name, light)
    groups = [holder.vertex_groups.new(name=group.name) for group in skin.vertex_groups]
    for index, vertex in enumerate(chosen.tolist()):
        for element in skin.data.vertices[vertex].groups:
            groups[element.group].add([index], element.weight, "REPLACE")
    bpy.data.objects.remove(holder)
