"""The buttons of export: what they write, what they say, and that nothing is overwritten unasked."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest
from mambocap.addon.active_character import active_character
from mambocap.addon.export import export_panel
from mambocap.addon.export.export_buttons import number_at_pointer
from mambocap.addon.export.outcome import shown_outcome
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


def outcome() -> str:
    return shown_outcome(bpy.context)


def labels() -> set[str]:
    return {text for kind, text, _ in drawn_by(export_panel.MAMBOCAP_PT_export).drawn if kind == "label"}


def test_the_button_writes_a_file_named_after_the_character(panel):
    assert bpy.ops.mambocap.export_motion() == {"FINISHED"}
    path = Path(panel.folder) / "Ybot.bvh"
    assert path.exists() and outcome() == f"Ybot written to {path}."


def test_a_file_that_is_there_is_replaced_only_when_asked(panel):
    panel.name = "dance"
    path = Path(panel.folder) / "dance.bvh"
    path.write_text("mine")
    assert f"dance.bvh is already in {path.parent}. Choose another name." in said_by()
    assert path.read_text() == "mine"
    assert bpy.ops.mambocap.export_motion(overwrite=True) == {"FINISHED"}
    assert path.read_text() != "mine"


def test_what_the_last_export_came_to_is_no_matter_of_undo(panel, tmp_path):
    bpy.ops.ed.undo_push(message="before")
    panel.folder = str(tmp_path / "no" / "no")
    said_by()
    bpy.ops.ed.undo_push(message="a wrong folder")
    assert outcome().startswith("There is no folder")
    panel.folder = str(tmp_path / "out")
    bpy.ops.ed.undo_push(message="a right one")
    bpy.ops.mambocap.export_motion()
    written = f"Ybot written to {tmp_path / 'out' / 'Ybot.bvh'}."
    assert outcome() == written
    bpy.ops.object.empty_add()
    bpy.context.view_layer.objects.active = bpy.data.objects["Ybot"]
    bpy.ops.ed.undo_push(message="something else")
    bpy.ops.ed.undo()
    bpy.ops.ed.undo()
    assert bpy.context.scene.mambocap_export.folder == str(tmp_path / "no" / "no") and outcome() == ""


def test_an_outcome_outlives_an_undo_of_something_else(panel):
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.mambocap.export_motion()
    said = outcome()
    bpy.data.objects["Ybot"].location.x = 1.0
    bpy.ops.ed.undo_push(message="moved")
    bpy.ops.ed.undo()
    assert outcome() == said and said


@pytest.mark.parametrize("name, value", [
    ("format", "GLTF"), ("folder", "/tmp"), ("name", "other"), ("what", "RETARGETED"),
])  # fmt: skip
def test_an_outcome_goes_when_the_artist_turns_to_something_else(panel, name, value):
    bpy.ops.mambocap.export_motion()
    was = getattr(panel, name)
    assert outcome()
    setattr(panel, name, value)
    assert outcome() == ""
    setattr(panel, name, was)
    assert outcome() == ""


def test_an_outcome_is_not_shown_for_another_character(panel):
    bpy.ops.mambocap.export_motion()
    assert outcome()
    bpy.context.view_layer.objects.active = characters.mixamo_character(bpy.context.scene, "Ann")
    assert outcome() == ""


def test_the_panel_says_who_is_exported_and_why(panel):
    scene, hero = bpy.context.scene, bpy.data.objects["Ybot"]
    hero.select_set(True)
    assert "Ybot (selected), 24 fps" in labels()
    hero.select_set(False)
    assert "Ybot (active), 24 fps" in labels()
    ann = characters.mixamo_character(scene, "Ann")
    scene.mambocap_retarget.character = ann
    bpy.context.view_layer.objects.active = hero
    assert "Ybot (active), 24 fps" in labels()
    bpy.context.view_layer.objects.active = None
    assert "Ann (chosen in Retarget), 24 fps" in labels()
    assert bpy.ops.mambocap.export_motion() == {"FINISHED"}
    assert (Path(panel.folder) / "Ann.bvh").exists()
    scene.collection.objects.unlink(ann)
    assert "Select a person or an armature" in labels()


def test_the_only_person_of_a_take_is_exported_with_nothing_else_in_question(panel):
    scene = bpy.context.scene
    person = characters.light_person(scene)
    bpy.context.view_layer.objects.active = None
    assert f"{person.name} (only person of the take), 24 fps" in labels()
    scene.mambocap_retarget.character = bpy.data.objects["Ybot"]
    assert "Ybot (chosen in Retarget), 24 fps" in labels()


class Pointer:
    """A window manager that takes down what it shows."""

    def __init__(self) -> None:
        self.shown: list[float] = []
        self.range: tuple[float, float] | None = None

    def progress_begin(self, low: float, high: float) -> None:
        self.range = low, high

    def progress_update(self, value: float) -> None:
        if self.range is not None:
            self.shown.append((value - self.range[0]) / (self.range[1] - self.range[0]))

    def progress_end(self) -> None:
        self.range = None


def test_the_number_at_the_pointer_goes_on_after_an_exporter_has_ended_its_own():
    pointer = Pointer()
    with number_at_pointer(pointer) as report:
        report(0.25)
        pointer.progress_end()
        report(0.5)
    assert pointer.shown == [0.0, 0.25, 0.5] and pointer.range is None


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
    assert "2 characters, 24 fps" in labels()
    assert bpy.ops.mambocap.export_motion() == {"FINISHED"}
    assert sorted(path.name for path in Path(panel.folder).iterdir()) == ["Ann.bvh", "Ybot.bvh"]
    assert outcome() == f"Written: Ybot.bvh and 1 more, to {panel.folder}"


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
