"""Files come back from Blender's own importers as the motion that was exported, and the scene stays as it was."""

from __future__ import annotations

import json
import re
import struct
import sys
from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.export import export_motion as exporting
from mambocap.addon.export.copied_meshes import meshes_of
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.addon.export.formats import FORMATS, fbx
from mambocap.motion.refusal import Refusal
from mathutils import Matrix

from tests.addon.export import characters
from tests.addon.export.characters import FIRST, LAST

pytest_plugins = ["tests.addon.in_blender"]

FRAMES = np.arange(FIRST, LAST + 1)
REACHED_MM = 0.05      # single precision of files and of Blender's own bones; every format must reach 0.1
GROWING_USD_MM = 10.0  # newer writers of USD take sizes of bones that are less than a hundredth apart for one
PEOPLE = {"sample": characters.sample_person, "mixamo": characters.mixamo_character,
          "moved": characters.moved_character, "stretched": characters.stretched_character}  # fmt: skip
# The importer, and the frame at which it has the first one of the file.
READERS = [("FBX", "UNREAL", "import_scene.fbx", FIRST + 1), ("FBX", "UNITY", "import_scene.fbx", FIRST + 1),
           ("FBX", "MIXAMO", "import_scene.fbx", FIRST + 1), ("FBX", "BLENDER", "import_scene.fbx", FIRST + 1),
           ("FBX", "UNREAL", "wm.fbx_import", FIRST + 1), ("FBX", "UNITY", "wm.fbx_import", FIRST + 1),
           ("GLTF", "UNREAL", "import_scene.gltf", 0), ("USD", "UNREAL", "wm.usd_import", FIRST),
           ("BVH", "UNREAL", "import_anim.bvh", 1)]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("export")


def exported(
    folder: Path, who: str, choices: ExportChoices, rate: Fraction = Fraction(30)
) -> tuple[Path, list[str], np.ndarray]:
    """The file, the bones' names and where they were, [T, B, 3]; made once."""
    path = folder / f"{who} {choices.preset}{choices.kind.suffix}"
    if not path.exists():
        character = PEOPLE[who](characters.new_scene_at(rate))
        names = [bone.name for bone in character.data.bones]
        np.savez(path.with_suffix(".truth.npz"), names=names, heads=characters.heads(character, FRAMES, names))
        export_motion(character, path, choices, bpy.context)
    truth = np.load(path.with_suffix(".truth.npz"))
    return path, [str(name) for name in truth["names"]], truth["heads"]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("format_", "preset", "importer", "start"), READERS)
def test_joints_are_where_they_were_on_every_frame(folder, who, format_, preset, importer, start):
    if not characters.has_importer(importer):
        pytest.skip("this Blender has one importer of FBX")
    path, names, truth = exported(folder, who, ExportChoices(format_, preset, first_frame=FIRST, last_frame=LAST))
    character = characters.imported(path, importer)
    found = names if format_ != "USD" else [_as_usd_says(name) for name in names]
    assert {bone.name for bone in character.data.bones} == set(found)
    assert tuple(character.animation_data.action.frame_range) == (start, start + len(FRAMES) - 1)
    there = characters.heads(character, FRAMES - FIRST + start, found)
    limit_mm = GROWING_USD_MM if (who, format_) == ("stretched", "USD") else REACHED_MM
    assert 1000.0 * np.linalg.norm(there - truth, axis=-1).max() < limit_mm


def _as_usd_says(name: str) -> str:
    return name.replace(":", "_")


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60), Fraction(120)])
def test_fbx_and_bvh_come_back_at_their_rate(folder, rate):
    for format_, importer in (("FBX", "import_scene.fbx"), ("BVH", "import_anim.bvh")):
        character = characters.mixamo_character(characters.new_scene_at(rate))
        path = folder / f"{rate.numerator}{ExportChoices(format_).kind.suffix}"
        export_motion(character, path, ExportChoices(format_), bpy.context)
        back = characters.imported(path, importer)
        render = bpy.context.scene.render
        assert render.fps / render.fps_base == pytest.approx(float(rate), rel=1e-6)
        frames = np.ptp(back.animation_data.action.frame_range)
        assert frames == pytest.approx(LAST - FIRST, abs=0.02 if format_ == "FBX" else 1e-4)


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60), Fraction(120)])
def test_seconds_of_gltf_and_usd_are_those_of_the_scene(folder, rate):
    character = characters.mixamo_character(characters.new_scene_at(rate))
    glb, usda = folder / f"{rate.numerator}.glb", folder / f"{rate.numerator}.usda"
    export_motion(character, glb, ExportChoices("GLTF"), bpy.context)
    export_motion(character, usda, ExportChoices("USD"), bpy.context)
    times = _gltf_json(glb)
    ends_s = {times["accessors"][sampler["input"]]["max"][0] for sampler in times["animations"][0]["samplers"]}
    assert max(ends_s) == pytest.approx((LAST - FIRST) / float(rate), rel=1e-5)
    said = dict(re.findall(r"(\w+TimeCode|timeCodesPerSecond) = ([\d.]+)", usda.read_text()))
    assert float(said["timeCodesPerSecond"]) == pytest.approx(float(rate), rel=1e-4)
    assert (float(said["startTimeCode"]), float(said["endTimeCode"])) == (FIRST, LAST)


def _gltf_json(path: Path) -> dict:
    data = path.read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length])


def test_what_grows_as_a_whole_grows_in_the_file(folder):
    path, _, _ = exported(folder, "stretched", ExportChoices("GLTF", first_frame=FIRST, last_frame=LAST))
    character = characters.imported(path, "import_scene.gltf")
    for frame in (0, 14):
        bpy.context.scene.frame_set(frame)
        size = character.pose.bones["mixamorig:Head"].matrix.to_scale()
        np.testing.assert_allclose(size, 1.0 + 0.5 * np.sin(frame / 9.0), rtol=1e-4)


def test_engines_find_no_turn_and_no_scale_above_the_bones(folder):
    for preset, scale in (("UNREAL", 0.01), ("UNITY", 1.0), ("MIXAMO", 0.01)):
        path, _, _ = exported(folder, "moved", ExportChoices("FBX", preset, first_frame=FIRST, last_frame=LAST))
        thing = characters.imported(path, "import_scene.fbx")
        # What Blender's importer adds to a file with Y up in centimetres or metres.
        np.testing.assert_allclose(thing.matrix_world.to_scale(), [scale] * 3, rtol=1e-5)
        np.testing.assert_allclose(thing.matrix_world.to_euler(), [0.5 * np.pi, 0.0, 0.0], atol=1e-5)
        np.testing.assert_allclose(thing.matrix_world.translation, 0.0, atol=1e-6)


def test_a_character_on_its_back_rests_upright_in_metres(folder):
    path, _, _ = exported(folder, "mixamo", ExportChoices("GLTF", first_frame=FIRST, last_frame=LAST))
    bones = characters.imported(path, "import_scene.gltf").data.bones
    assert bones["mixamorig:Head"].head_local.z == pytest.approx(1.6, abs=1e-4)


def test_unreal_may_take_the_armature_object_away(tmp_path):
    """It does where the object is called Armature, stands at the top and has one child, the root bone."""
    person = characters.light_person(characters.new_scene_at(Fraction(30)))
    export_motion(person, tmp_path / "a.fbx", ExportChoices("FBX", "UNREAL"), bpy.context)
    models, above = _fbx_models(tmp_path / "a.fbx")
    assert [models[child] for child, parent in above.items() if models.get(parent) == ("Armature", "Null")] == [
        ("pelvis", "LimbNode")
    ]
    assert {models[child] for child, parent in above.items() if parent == 0} == {
        ("Armature", "Null"), ("Take Person 1 Body", "Mesh"),
    }  # fmt: skip


def _fbx_models(path: Path) -> tuple[dict[int, tuple[str, str]], dict[int, int]]:
    """Names and kinds of the nodes of an FBX file, and the node on which each hangs, 0 at the top."""
    from io_scene_fbx import parse_fbx

    parts = {part.id: part for part in parse_fbx.parse(str(path))[0].elems if part is not None}
    models = {thing.props[0]: (thing.props[1].split(b"\x00")[0].decode(), thing.props[2].decode())
              for thing in parts[b"Objects"].elems if thing.id == b"Model"}  # fmt: skip
    links = [link.props for link in parts[b"Connections"].elems if link.props[0] == b"OO"]
    return models, {child: parent for _, child, parent in links if child in models and parent in {0, *models}}


def test_only_unreal_gets_an_armature_called_armature(folder):
    for preset, name in (("UNREAL", "Armature"), ("UNITY", "Ybot")):
        path, _, _ = exported(folder, "mixamo", ExportChoices("FBX", preset, first_frame=FIRST, last_frame=LAST))
        assert characters.imported(path, "import_scene.fbx").name == name


def test_the_mesh_moves_with_the_bones(tmp_path):
    person = characters.light_person(characters.new_scene_at(Fraction(30)))
    (mesh,) = meshes_of(person, bpy.context.scene)
    bpy.context.scene.frame_set(LAST)
    truth = _points(mesh)
    for choices in (ExportChoices("FBX", "UNREAL"), ExportChoices("GLTF"), ExportChoices("USD")):
        export_motion(person, tmp_path / f"a{choices.kind.suffix}", choices, bpy.context)
    for suffix, importer, frame in ((".fbx", "import_scene.fbx", LAST + 1), (".glb", "import_scene.gltf", LAST - 1),
                                    (".usdc", "wm.usd_import", LAST)):  # fmt: skip
        characters.imported(tmp_path / f"a{suffix}", importer)
        bpy.context.scene.frame_set(frame)
        (body,) = [thing for thing in bpy.data.objects if thing.type == "MESH" and thing.find_armature()]
        # Files split vertices and order them anew: every one has its counterpart on both sides.
        apart = np.linalg.norm(_points(body)[:, None] - truth, axis=-1)
        assert max(apart.min(axis=0).max(), apart.min(axis=1).max()) < 1e-4


def test_what_hangs_on_one_bone_goes_along_with_it(tmp_path):
    character = characters.moved_character(characters.new_scene_at(Fraction(30)))
    eye = _cube("Eye")
    eye.parent, eye.parent_type, eye.parent_bone = character, "BONE", "mixamorig:Head"
    eye.matrix_parent_inverse = Matrix.Translation((1.0, -4.0, 2.0))
    eye.matrix_basis = Matrix.Rotation(0.4, 4, "Y")
    bpy.context.scene.frame_set(LAST)
    truth = _points(eye)
    export_motion(character, tmp_path / "a.fbx", ExportChoices("FBX", "UNREAL"), bpy.context)
    characters.imported(tmp_path / "a.fbx", "import_scene.fbx")
    bpy.context.scene.frame_set(LAST + 1)
    np.testing.assert_allclose(_points(bpy.data.objects["Eye"]), truth, atol=5e-5)


def _cube(name: str) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    corners = [(x, y, z) for x in (-3, 3) for y in (-3, 3) for z in (-3, 4)]
    mesh.from_pydata(corners, [], [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def _points(mesh: bpy.types.Object) -> np.ndarray:
    seen = mesh.evaluated_get(bpy.context.evaluated_depsgraph_get())
    points = np.array([vertex.co for vertex in seen.data.vertices])
    matrix = np.array(seen.matrix_world)
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def refused(character: bpy.types.Object, path: Path, choices: ExportChoices) -> str:
    with pytest.raises(Refusal) as refusal:
        export_motion(character, path, choices, bpy.context)
    return refusal.value.sentence


def test_what_cannot_be_written_is_said(tmp_path, monkeypatch):
    scene = characters.new_scene_at(Fraction(30))
    character, bvh = characters.mixamo_character(scene), ExportChoices("BVH")
    assert refused(character, tmp_path / "no" / "no" / "a.bvh", bvh) == f"There is no folder {tmp_path / 'no' / 'no'}."
    assert refused(character, tmp_path / "who?.bvh", bvh) == "who?.bvh cannot be the name of a file."
    if sys.platform == "linux":   # where nobody, not even root, may write to /proc
        assert refused(character, Path("/proc/a.bvh"), bvh).startswith("a.bvh could not be written to /proc (")
    backwards = ExportChoices("BVH", first_frame=9, last_frame=3)
    assert refused(character, tmp_path / "a.bvh", backwards) == "Frame 3 comes before frame 9."
    assert refused(character, tmp_path / "a.npz", ExportChoices("AMASS")) == (
        "Ybot is no person of a take, and AMASS files hold nothing else."
    )
    character.scale = (0.01, 0.02, 0.01)
    assert refused(character, tmp_path / "a.bvh", ExportChoices("BVH", first_frame=1, last_frame=2)) == (
        "The object Ybot is scaled unevenly (0.01, 0.02, 0.01)."
    )
    character.animation_data_clear()
    assert refused(character, tmp_path / "a.bvh", bvh) == "Ybot has no action, so that nothing moves it."
    monkeypatch.setattr(exporting, "dir", lambda module: [], raising=False)
    assert refused(character, tmp_path / "a.usdc", ExportChoices("USD")) == "This build of Blender comes without USD."
    assert refused(character, tmp_path / "a.fbx", ExportChoices("FBX")) == "Blender's FBX exporter is switched off."
    assert not list(tmp_path.iterdir())


def test_a_folder_is_made_in_one_that_is_there_and_goes_again_when_nothing_could_be_written(tmp_path):
    character = characters.mixamo_character(characters.new_scene_at(Fraction(30)))
    assert "is no person of a take" in refused(character, tmp_path / "new" / "a.npz", ExportChoices("AMASS"))
    assert not list(tmp_path.iterdir())
    export_motion(character, tmp_path / "new" / "a.bvh", ExportChoices("BVH"), bpy.context)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.bvh"]
    under_a_file = tmp_path / "new" / "a.bvh" / "a.bvh"
    assert refused(character, under_a_file, ExportChoices("BVH")) == f"There is no folder {under_a_file.parent}."


@pytest.mark.parametrize("format_", FORMATS)
def test_progress_grows_while_the_rig_is_looked_at_and_while_an_exporter_goes_through_the_frames(tmp_path, format_):
    person = characters.light_person(characters.new_scene_at(Fraction(30)))
    choices, shares = ExportChoices(format_), []
    if choices.kind.operator == "wm.usd_export" and not hasattr(bpy.ops.wm, "usd_export"):
        pytest.skip("this build of Blender has no USD")
    export_motion(person, tmp_path / f"a{choices.kind.suffix}", choices, bpy.context, shares.append)
    passes = 2 if choices.kind.operator else 1
    assert len(shares) == passes * LAST + 1 and np.all(np.diff(shares) > 0.0) and shares[-1] == 1.0
    assert not bpy.app.handlers.frame_change_post


def test_an_exporter_that_fails_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    character = characters.mixamo_character(characters.new_scene_at(Fraction(30)))
    (tmp_path / "a.fbx").write_text("mine")

    def fails(path, built, preset):
        path.write_text("half")
        raise RuntimeError("Error: no more paper\n")

    monkeypatch.setattr(fbx, "write_fbx", fails)
    assert refused(character, tmp_path / "a.fbx", ExportChoices("FBX")) == (
        "Blender's FBX exporter could not write this motion (Error: no more paper)."
    )
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]
    assert [scene.name for scene in bpy.data.scenes] == ["Scene"]
