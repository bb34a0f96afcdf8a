"""Meshes as artists have them: faces with shape keys, pieces without weights."""

from __future__ import annotations

from fractions import Fraction

import bpy
import numpy as np
import pytest
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.motion.arrays import Array

from tests.addon.export import characters
from tests.addon.export.characters import FIRST, LAST

pytest_plugins = ["tests.addon.in_blender"]

FRAMES = np.arange(FIRST, LAST + 1)
READERS = [("FBX", "import_scene.fbx", FIRST + 1), ("GLTF", "import_scene.gltf", 0), ("USD", "wm.usd_import", FIRST)]


@pytest.fixture
def character() -> bpy.types.Object:
    return characters.mixamo_character(characters.new_scene_at(Fraction(30)))


@pytest.mark.parametrize(("format_", "importer", "start"), READERS)
def test_shape_keys_move_as_their_keys_and_drivers_say(character, tmp_path, format_, importer, start):
    mesh = face(character)
    mesh.modifiers.new("Smooth", "SUBSURF")
    shapes = mesh.data.shape_keys.key_blocks
    for frame, value in ((FIRST, 0.0), (LAST, 1.0)):
        shapes["Smile"].value = value
        shapes["Smile"].keyframe_insert("value", frame=frame)
    drive_by_height(shapes["Blush"], character)
    truth = shape_values(FRAMES)
    assert np.ptp(truth, axis=0).min() > 0.1
    export_motion(character, tmp_path / f"a{ExportChoices(format_).kind.suffix}", ExportChoices(format_), bpy.context)
    characters.imported(tmp_path / f"a{ExportChoices(format_).kind.suffix}", importer)
    np.testing.assert_allclose(shape_values(FRAMES - FIRST + start), truth, atol=1e-3)


@pytest.mark.parametrize(("format_", "importer", "_"), READERS)
def test_half_a_body_with_a_mirror_goes_out_whole(character, tmp_path, format_, importer, _):
    mesh = triangle("Half")
    mesh.vertex_groups.new(name="mixamorig:Head").add([0, 1, 2], 1.0, "REPLACE")
    mesh.modifiers.new("Armature", "ARMATURE").object = character
    mesh.modifiers.new("Mirror", "MIRROR")
    path = tmp_path / f"a{ExportChoices(format_).kind.suffix}"
    assert not export_motion(character, path, ExportChoices(format_), bpy.context)
    characters.imported(path, importer)
    (body,) = [thing for thing in bpy.data.objects if thing.type == "MESH" and thing.find_armature()]
    assert len(body.data.polygons) == 2


def test_a_modifier_that_shape_keys_cannot_go_with_is_left_out_and_named(character, tmp_path):
    mesh = face(character)
    mesh.modifiers.new("Smooth", "SUBSURF")
    assert not export_motion(character, tmp_path / "a.fbx", ExportChoices("FBX"), bpy.context)
    mesh.modifiers.new("Half", "MIRROR")
    note = export_motion(character, tmp_path / "a.fbx", ExportChoices("FBX"), bpy.context)
    assert note == "Face has shape keys and went out without its modifier Half."
    assert [modifier.name for modifier in mesh.modifiers] == ["Armature", "Smooth", "Half"]


def test_a_thickness_counts_in_the_units_of_the_character(character, tmp_path):
    mesh = triangle("Shell")
    mesh.vertex_groups.new(name="mixamorig:Head").add([0, 1, 2], 1.0, "REPLACE")
    mesh.modifiers.new("Armature", "ARMATURE").object = character
    mesh.modifiers.new("Shell", "SOLIDIFY").thickness = 0.02
    export_motion(character, tmp_path / "a.fbx", ExportChoices("FBX", "UNREAL"), bpy.context)
    characters.imported(tmp_path / "a.fbx", "import_scene.fbx")
    shell = bpy.data.objects["Shell"]
    points = np.array([shell.matrix_world @ vertex.co for vertex in shell.data.vertices])
    assert np.linalg.norm(points[:3] - points[3:], axis=-1) == pytest.approx(0.02, rel=1e-3)


@pytest.mark.parametrize("format_", ["FBX", "GLTF", "USD"])
def test_a_piece_that_no_bone_moves_goes_out_as_it_lies(character, tmp_path, format_):
    for name, group in (("No groups", None), ("Group of nothing", "NoBone")):
        piece = triangle(name)
        piece.modifiers.new("Armature", "ARMATURE").object = character
        if group:
            piece.vertex_groups.new(name=group).add([0], 1.0, "REPLACE")
    export_motion(character, tmp_path / f"a{ExportChoices(format_).kind.suffix}", ExportChoices(format_), bpy.context)
    assert [thing.name for thing in bpy.data.objects if thing.type == "MESH"] == ["Group of nothing", "No groups"]


def face(character: bpy.types.Object) -> bpy.types.Object:
    """A mesh that follows the head, with two shapes."""
    mesh = triangle("Face")
    mesh.vertex_groups.new(name="mixamorig:Head").add([0, 1, 2], 1.0, "REPLACE")
    mesh.modifiers.new("Armature", "ARMATURE").object = character
    mesh.shape_key_add(name="Basis")
    for axis, name in enumerate(("Smile", "Blush")):
        mesh.shape_key_add(name=name).data[0].co[axis] += 0.1
    return mesh


def triangle(name: str) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([(0.0, 0.0, 1.6), (0.1, 0.0, 1.6), (0.0, 0.1, 1.7)], [], [(0, 1, 2)])
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def drive_by_height(shape: bpy.types.ShapeKey, character: bpy.types.Object) -> None:
    """As correctives are: by where a bone is."""
    driver = shape.driver_add("value").driver
    variable = driver.variables.new()
    variable.name, variable.type = "height", "TRANSFORMS"
    variable.targets[0].id, variable.targets[0].bone_target = character, "mixamorig:Head"
    variable.targets[0].transform_type, variable.targets[0].transform_space = "LOC_Z", "WORLD_SPACE"
    driver.expression = "min(1, max(0, 2 * height - 2.5))"


def shape_values(frames: Array) -> Array:
    """What Blender has the two shapes of the face at, [T, 2]."""
    (face,) = [thing for thing in bpy.data.objects if thing.type == "MESH" and thing.data.shape_keys]
    values = []
    for frame in frames:
        bpy.context.scene.frame_set(int(frame))
        shapes = face.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.shape_keys.key_blocks
        values.append([shapes[name].value for name in ("Smile", "Blush")])
    return np.array(values)
