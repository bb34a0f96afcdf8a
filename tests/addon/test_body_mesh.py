from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.action import key_motion  # noqa: E402
from mambocap.addon.armature import build_armature  # noqa: E402
from mambocap.addon.body_mesh import body_of, build_body, rest_origin_of  # noqa: E402
from mambocap.motion.kinematics import forward_kinematics  # noqa: E402
from mambocap.motion.skeleton import Skeleton  # noqa: E402

from tests.addon.made_up_takes import empty_scene, soft_body_model, wild_motion  # noqa: E402
from tests.box_body import rest_joints  # noqa: E402

FRAMES = 4


@pytest.fixture(scope="module")
def skinned():
    """A wild motion, its body, and the mesh that follows the armature; read only."""
    scene = empty_scene()
    motion = wild_motion(FRAMES)
    body = body_of(motion, soft_body_model())
    armature = build_armature("Anna", motion.skeleton, rest_origin_of(body))
    skin = build_body("Anna Body", body, armature, rest_origin_of(body))
    for thing in (armature, skin):
        scene.collection.objects.link(thing)
    key_motion(armature, motion, np.arange(1.0, FRAMES + 1), "Wild")
    return motion, body, skin


def evaluated_vertices(skin) -> np.ndarray:
    posed = skin.evaluated_get(bpy.context.evaluated_depsgraph_get())
    vertices = np.empty((len(posed.data.vertices), 3), dtype=np.float32)
    posed.data.vertices.foreach_get("co", vertices.ravel())
    return vertices @ np.array(posed.matrix_world.to_3x3()).T + np.array(posed.matrix_world.translation)


def linear_blend(motion, body, frame: int) -> np.ndarray:
    R, joints = forward_kinematics(motion.skeleton, motion.R_parent_from_joint[frame], motion.root_world[frame])
    chosen = body.model.weight_joints
    offsets = body.vertices[:, None] - motion.skeleton.rest_joints[chosen]
    moved = np.einsum("vkij,vkj->vki", R[chosen], offsets) + joints[chosen]
    return np.sum(body.model.weights[..., None] * moved, axis=1)


def test_the_mesh_is_skinned_by_linear_blending_on_the_evaluated_armature(skinned):
    motion, body, skin = skinned
    for frame in range(FRAMES):
        bpy.context.scene.frame_set(frame + 1)
        assert np.abs(evaluated_vertices(skin) - linear_blend(motion, body, frame)).max() < 1e-4


def test_at_rest_the_soles_stand_on_the_floor(skinned):
    _, _, skin = skinned
    assert abs(min(vertex.co.z for vertex in skin.data.vertices)) < 1e-6


def test_the_mesh_is_smooth_coloured_and_follows_its_armature(skinned):
    _, body, skin = skinned
    assert all(polygon.use_smooth for polygon in skin.data.polygons)
    assert np.allclose(skin.data.color_attributes[0].data[0].color_srgb[:3], body.model.colours[0] / 255, atol=0.01)
    assert skin.modifiers[0].object == skin.parent and not skin.modifiers[0].use_deform_preserve_volume


def test_a_body_takes_size_and_proportions_from_the_persons_rest_joints():
    small = replace(wild_motion(1), skeleton=Skeleton(0.5 * rest_joints()))
    model = soft_body_model()
    full, half = body_of(wild_motion(1), model), body_of(small, model)
    assert np.allclose(half.height, 0.5 * full.height) and np.allclose(half.skeleton.rest_joints, 0.5 * rest_joints())


def test_the_shape_of_another_bodys_file_is_not_put_on_the_open_body():
    model = soft_body_model()
    foreign = replace(wild_motion(1), betas=np.full(10, 3.0))
    assert np.allclose(body_of(foreign, model).vertices, body_of(wild_motion(1), model).vertices)
