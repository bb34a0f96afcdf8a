"""The buttons of export: what they write, what they say, and that nothing is overwritten unasked."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest
from mambocap.addon.active_character import active_character
from mambocap.addon.export import export_panel
from mambocap.addon.retarget.keys.kept_contacts import CONTACTS

from tests.addon.drawn_panels import drawn_by
from tests.addon.export import characters

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def panel(extension, tmp_path) -> bpy.types.PropertyGroup:
    """The choices in a scene with a character, files going to an empty folder."""
    character = characters.mixamo_character(bpy.context.scene)
    bpy.context.view_layer.objects.active = character
    panel = bpy.context.scene.mambocap_export
    panel.folder, panel.format = str(tmp_path / "out"), "BVH"
    (tmp_path / "out").mkdir()
    return panel


def said_by(**options) -> str:
    with pytest.raises(RuntimeError) as error:
        bpy.ops.mambocap.export_motion(**options)
    return str(error.value)


def test_the_button_writes_a_file_named_after_the_character(panel):
    assert bpy.ops.mambocap.export_motion() == {"FINISHED"}
    path = Path(panel.folder) / "Ybot.bvh"
    assert path.exists() and panel.outcome == f"Ybot written to {path}."


def test_a_file_that_is_there_is_replaced_only_when_asked(panel):
    panel.name = "dance"
    path = Path(panel.folder) / "dance.bvh"
    path.write_text("mine")
    assert f"dance.bvh is already in {path.parent}. Choose another name." in said_by()
    assert path.read_text() == "mine"
    assert bpy.ops.mambocap.export_motion(overwrite=True) == {"FINISHED"}
    assert path.read_text() != "mine"


def test_what_only_the_artist_can_mend_is_said(panel):
    panel.folder = "//out"
    assert "No folder is chosen, and this blend file has not been saved yet." in said_by()
    panel.folder, panel.name = "/tmp", "a?b"
    assert "a?b.bvh cannot be the name of a file." in said_by()
    panel.name, panel.format = "", "AMASS"
    assert "Ybot is no person of a take" in said_by()
    for what in ("TAKES", "RETARGETED"):
        panel.what = what
        assert "This scene has nobody to export together." in said_by()


def test_the_button_is_grey_with_nothing_selected_and_in_edit_mode(panel):
    bpy.ops.object.mode_set(mode="EDIT")
    assert "Go to Object Mode or Pose Mode first" in said_by()
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.context.view_layer.objects.active = None
    assert "Select a person of a take or an armature first" in said_by()
    panel.what = "TAKES"
    assert bpy.ops.mambocap.export_motion.poll()


def test_frames_are_all_keys_the_scene_or_what_was_chosen(panel):
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 3, 5
    panel.first_frame, panel.last_frame = 8, 17
    counts = {}
    for frames in ("KEYS", "SCENE", "CUSTOM"):
        panel.frames, panel.name = frames, frames
        bpy.ops.mambocap.export_motion()
        text = (Path(panel.folder) / f"{frames}.bvh").read_text()
        counts[frames] = int(text.split("Frames: ")[1].split()[0])
    assert counts == {"KEYS": characters.LAST - characters.FIRST + 1, "SCENE": 3, "CUSTOM": 10}


def test_the_menu_writes_where_the_file_browser_says(panel, tmp_path):
    assert bpy.ops.mambocap.export_file(filepath=str(tmp_path / "there.bvh")) == {"FINISHED"}
    assert (tmp_path / "there.bvh").exists()


def test_a_format_chosen_after_the_name_gets_its_own_ending(panel, tmp_path):
    assert bpy.ops.mambocap.export_file(filepath=str(tmp_path / "there.fbx")) == {"FINISHED"}
    assert bpy.ops.mambocap.export_file(filepath=str(tmp_path / "take 1.2")) == {"FINISHED"}
    assert sorted(path.name for path in tmp_path.glob("t*")) == ["take 1.2.bvh", "there.bvh"]
    with pytest.raises(RuntimeError, match="there.bvh is already in"):
        bpy.ops.mambocap.export_file(filepath=str(tmp_path / "there.glb"))


def test_a_mesh_stands_for_its_armature(panel):
    character = active_character(bpy.context)
    mesh = bpy.data.objects.new("Skin", bpy.data.meshes.new("Skin"))
    bpy.context.scene.collection.objects.link(mesh)
    mesh.modifiers.new("Armature", "ARMATURE").object = character
    bpy.context.view_layer.objects.active = mesh
    assert active_character(bpy.context) == character


def test_all_retargeted_characters_go_out_at_once_each_named_after_itself(panel):
    scene = bpy.context.scene
    for seed, name in enumerate(("Ybot", "Ann")):
        character = bpy.data.objects.get(name) or characters.mixamo_character(scene, name, seed)
        character.animation_data.action[CONTACTS] = "{}"
    characters.mixamo_character(scene, "By Hand")
    panel.what = "RETARGETED"
    assert "2 characters, 24 fps" in {text for _, text, _ in drawn_by(export_panel.MAMBOCAP_PT_export).drawn}
    assert bpy.ops.mambocap.export_motion() == {"FINISHED"}
    assert sorted(path.name for path in Path(panel.folder).iterdir()) == ["Ann.bvh", "Ybot.bvh"]
    assert panel.outcome == f"2 files written to {panel.folder}"


def test_the_panel_shows_what_matters_for_the_format(panel):
    shown = {"FBX": {"preset", "mesh", "bones"}, "GLTF": {"mesh", "bones"}, "USD": {"mesh", "bones"},
             "BVH": {"order", "centimetres", "bones"}, "AMASS": set()}  # fmt: skip
    for format_, wanted in shown.items():
        panel.format = format_
        drawn = {name for _, _, name in drawn_by(export_panel.MAMBOCAP_PT_export).drawn}
        assert drawn & {"preset", "mesh", "bones", "order", "centimetres"} == wanted


def test_every_choice_has_a_tooltip(panel):
    for name, declared in bpy.types.Scene.bl_rna.properties["mambocap_export"].fixed_type.properties.items():
        if name not in ("rna_type", "name") or declared.description:
            assert not declared.description.endswith("."), name
        for item in getattr(declared, "enum_items", ()):
            assert item.description and not item.description.endswith("."), (name, item.identifier)
