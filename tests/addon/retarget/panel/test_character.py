"""What is remembered of a character: when it is chosen again, in other files, on library overrides."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import bpy
import pytest
from mambocap.addon.retarget.panel.found_mapping import found_words
from mambocap.addon.retarget.panel.retarget_settings import CHOICES, mapping_of
from mambocap.motion.retarget.settings import RetargetSettings

from tests.addon.retarget.chosen_character import choose, mixamo_character, row_of

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def chosen(extension: Path) -> bpy.types.PropertyGroup:
    return choose(mixamo_character())


def changed_by_hand(settings: bpy.types.PropertyGroup) -> None:
    row_of(settings, "Head").bone = ""
    settings.hands, settings.path_scale, settings.loop = "places", 1.5, True


def test_bones_and_choices_come_back_with_the_character(chosen):
    changed_by_hand(chosen)
    first, mapping = chosen.character, mapping_of(chosen)
    choose(mixamo_character())
    assert row_of(chosen, "Head").bone and not chosen.loop, "another character has its own"
    choose(first)
    assert mapping_of(chosen) == mapping
    assert (chosen.hands, chosen.path_scale, chosen.loop) == ("places", 1.5, True)


def test_no_character_means_no_rows(chosen):
    choose(None)
    assert not any(row.bone for row in chosen.bones) and found_words(mapping_of(chosen)) == "No bones found"


def test_a_copy_of_the_character_has_the_same(chosen):
    changed_by_hand(chosen)
    mapping = mapping_of(chosen)
    copy = chosen.character.copy()
    bpy.context.scene.collection.objects.link(copy)
    choose(copy)
    assert mapping_of(chosen) == mapping and chosen.hands == "places"


@pytest.mark.parametrize("bones, choices", [("{", "{}"), ("[]", "[]"), ('{"format": 1}', "null")])
def test_a_damaged_text_means_that_bones_are_found_again(chosen, bones, choices):
    character = chosen.character
    choose(None)
    character.mambocap_bones, character.mambocap_choices = bones, choices
    choose(character)
    assert found_words(mapping_of(chosen)) == "Mixamo, 52 of 52 bones"


def test_choices_of_another_version_are_left_out(chosen):
    character = chosen.character
    choose(None)
    character.mambocap_choices = '{"hands": "on_the_moon", "loop": true, "unheard": 3}'
    choose(character)
    assert chosen.hands == "contacts" and chosen.loop


def test_an_unusable_character_says_why(chosen):
    character = mixamo_character()
    character.scale.x *= 2.0
    choose(character)
    assert "scaled unevenly" in chosen.problem and not any(row.bone for row in chosen.bones)


def test_a_character_that_was_mended_is_looked_at_again(chosen):
    character = mixamo_character()
    character.scale.x *= 2.0
    choose(character)
    character.scale.x /= 2.0
    choose(None)
    choose(character)
    assert found_words(mapping_of(chosen)) == "Mixamo, 52 of 52 bones" and not chosen.problem


def test_every_choice_of_retargeting_is_remembered(chosen):
    assert {field.name for field in dataclasses.fields(RetargetSettings)} < set(CHOICES)


def test_a_library_override_keeps_what_was_changed_here(extension, tmp_path):
    library, here = str(tmp_path / "library.blend"), str(tmp_path / "here.blend")
    group = bpy.data.collections.new("Hero")
    group.objects.link(mixamo_character())
    bpy.data.libraries.write(library, {group})
    override = overridden(library, "Hero")
    settings = choose(override)
    changed_by_hand(settings)
    mapping = mapping_of(settings)
    bpy.ops.wm.save_as_mainfile(filepath=here)
    bpy.ops.wm.open_mainfile(filepath=here)
    again = next(thing for thing in bpy.data.objects if thing.override_library and thing.type == "ARMATURE")
    settings = bpy.context.scene.mambocap_retarget
    assert settings.character == again
    choose(None)
    choose(again)
    assert mapping_of(settings) == mapping and settings.hands == "places"


def overridden(library: str, name: str) -> bpy.types.Object:
    """A new file with a collection linked and overridden; gives its armature."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(library, link=True) as (_, wanted):
        wanted.collections = [name]
    scene, layer = bpy.context.scene, bpy.context.view_layer
    group = bpy.data.collections[name].override_hierarchy_create(scene, layer, do_fully_editable=True)
    return next(thing for thing in group.all_objects if thing.type == "ARMATURE")


@pytest.mark.parametrize("was_chosen_there", [False, True])
def test_a_character_that_is_only_linked_says_how_to_use_it(extension, tmp_path, was_chosen_there):
    library, character = str(tmp_path / "library.blend"), mixamo_character()
    if was_chosen_there:
        changed_by_hand(choose(character))
    bpy.data.libraries.write(library, {character})
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(library, link=True) as (_, wanted):
        wanted.objects = ["Mixamo"]
    bpy.context.scene.collection.objects.link(bpy.data.objects["Mixamo"])
    settings = choose(bpy.data.objects["Mixamo"])
    assert settings.problem.endswith("Make Library Override.")
