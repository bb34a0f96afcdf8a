"""A body as a mesh that follows an armature."""

from __future__ import annotations

import bpy
import numpy as np

from ..motion.arrays import Array
from ..motion.body import Body, BodyModel
from ..motion.motion import Motion
from ..motion.skeleton import JOINT_NAMES
from ..motion.smplx_file import fitted_betas
from .armature import rest_to_blender
from .light_body import BODY

_COLOURS = "Colour"


def body_of(motion: Motion, model: BodyModel) -> Body:
    """The body of a motion's person: shape from the file, size and proportions from its rest joints."""
    shape = motion.body_shape if model.name == "open" else _betas(motion, model)
    return model.shaped(shape).grown_to(motion.skeleton)


def rest_origin_of(body: Body) -> Array:
    """The point of the rest frame [3] m on the floor right under the pelvis."""
    pelvis = body.skeleton.rest_joints[0]
    return np.array([pelvis[0], body.vertices[:, 1].min(), pelvis[2]])


def build_body(name: str, body: Body, armature: bpy.types.Object, rest_origin: Array) -> bpy.types.Object:
    """A new mesh object in no collection yet, skinned to `armature` and its child."""
    mesh = _mesh(name, body, rest_origin)
    skin = bpy.data.objects.new(name, mesh)
    skin[BODY] = body.model.name
    _add_weights(skin, body.model)
    modifier = skin.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature
    skin.parent = armature
    return skin


def _betas(motion: Motion, model: BodyModel) -> Array:
    return motion.betas if np.any(motion.betas) else fitted_betas(model, motion.skeleton.rest_joints)


def _mesh(name: str, body: Body, rest_origin: Array) -> bpy.types.Mesh:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(rest_to_blender(body.vertices, rest_origin).tolist(), [], body.model.faces.tolist())
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), dtype=bool))
    _add_colours(mesh, body.model.colours / 255.0)
    mesh.materials.append(_material(name))
    mesh.update()
    return mesh


def _add_colours(mesh: bpy.types.Mesh, srgb: Array) -> None:
    layer = mesh.color_attributes.new(_COLOURS, "BYTE_COLOR", "POINT")
    rgba = np.ones((len(srgb), 4), dtype=np.float32)
    rgba[:, :3] = srgb
    layer.data.foreach_set("color_srgb", rgba.ravel())
    mesh.color_attributes.active_color = layer


def _material(name: str) -> bpy.types.Material:
    material = bpy.data.materials.new(name)
    if not material.node_tree:
        material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    surface = next(node for node in nodes if node.bl_idname == "ShaderNodeBsdfPrincipled")
    colour = nodes.new("ShaderNodeVertexColor")
    colour.layer_name = _COLOURS
    colour.location = (surface.location[0] - 250, surface.location[1])
    links.new(colour.outputs["Color"], surface.inputs["Base Color"])
    surface.inputs["Roughness"].default_value = 0.6
    return material


def _add_weights(skin: bpy.types.Object, model: BodyModel) -> None:
    """A vertex group for each joint that moves something; vertices of one weight go in together."""
    vertices = np.broadcast_to(np.arange(len(model.weights))[:, None], model.weights.shape)
    for joint, joint_name in enumerate(JOINT_NAMES):
        chosen = (model.weight_joints == joint) & (model.weights > 0.0)
        if not chosen.any():
            continue
        group = skin.vertex_groups.new(name=joint_name)
        weights, kinds = np.unique(model.weights[chosen], return_inverse=True)
        order = np.argsort(kinds, kind="stable")
        ends = np.searchsorted(kinds[order], np.arange(1, len(weights)))
        for weight, members in zip(weights.tolist(), np.split(vertices[chosen][order], ends), strict=True):
            # ADD, since a joint may stand twice in one vertex' list.
            group.add(members.tolist(), weight, "ADD")
