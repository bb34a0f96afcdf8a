from __future__ import annotations

import time

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.rig.read_rig import read_rig  # noqa: E402
from mathutils import Matrix  # noqa: E402

from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.in_blender import build  # noqa: E402
from motion.retarget.mapping.rig_mapping import RigMapping  # noqa: E402
from tests.addon.made_up_takes import empty_scene  # noqa: E402

MIXAMO = made_up_rigs()["mixamo"]
MAPPING = RigMapping(MIXAMO.slots, "mixamo")


@pytest.fixture
def character() -> bpy.types.Object:
    empty_scene()
    return build(MIXAMO)


def ends_of_feet(character: bpy.types.Object) -> np.ndarray:
    """Heads and tails [N, 3] m in the world at rest."""
    bones = [character.data.bones[MIXAMO.slots[f"{side}_{part}"][0]] for side in ("left", "right")
             for part in ("foot", "toe")]  # fmt: skip
    return np.array([character.matrix_world @ end for bone in bones for end in (bone.head_local, bone.tail_local)])


def skin(character: bpy.types.Object, points_world: list, name: str = "Body") -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(np.array(points_world).tolist(), [], [])
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    thing.modifiers.new("Armature", "ARMATURE").object = character
    return thing


def test_without_a_mesh_feet_stand_on_the_lowest_end_of_their_bones(character):
    lowest = ends_of_feet(character)[:, 2].min()
    assert read_rig(character, mapping=MAPPING).floor_world_m == pytest.approx(lowest, abs=1e-5)


def test_feet_stand_on_the_soles_of_the_mesh_wherever_the_pose_has_them(character):
    ends = ends_of_feet(character)
    skin(character, [ends[0] - [0.0, 0.0, 0.12], ends[2], [0.0, 0.0, 1.6]])
    character.pose.bones[MIXAMO.slots["hips"][0]].location = (0.0, 50.0, 0.0)
    bpy.context.view_layer.update()
    assert read_rig(character, mapping=MAPPING).floor_world_m == pytest.approx(ends[0, 2] - 0.12, abs=1e-5)


def test_a_moved_mesh_counts_where_it_is(character):
    ends = ends_of_feet(character)
    body = skin(character, [ends[0] - [0.0, 0.0, 0.5]])
    body.matrix_world = Matrix.Translation((0.0, 0.0, 0.4))
    bpy.context.view_layer.update()
    assert read_rig(character, mapping=MAPPING).floor_world_m == pytest.approx(ends[0, 2] - 0.1, abs=1e-5)


@pytest.mark.parametrize("make", ("hidden", "unbound", "train"))
def test_helpers_props_and_trains_of_dresses_are_no_soles(character, make):
    ends = ends_of_feet(character)
    away = [1.5, 0.0, 0.05] if make == "train" else [0.0, 0.0, 0.1]
    other = skin(character, [ends[0] - away])
    if make == "hidden":
        other.hide_render = True
    if make == "unbound":
        other.modifiers.clear()
    assert read_rig(character, mapping=MAPPING).floor_world_m == pytest.approx(ends[:, 2].min(), abs=1e-5)


def test_a_large_character_is_read_fast(character):
    rng = np.random.default_rng(0)
    skin(character, rng.uniform([-0.5, -0.3, 0.0], [0.5, 0.3, 1.8], (200_000, 3)))
    read_rig(character, mapping=MAPPING)
    start = time.process_time()
    read_rig(character, mapping=MAPPING)
    assert time.process_time() - start < 0.5   # a slow test machine under load
