from __future__ import annotations

import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.rig.names_before import names_before  # noqa: E402

from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.made_up_armature import wild_armature  # noqa: E402


class NotedName(bpy.types.PropertyGroup):
    name_j: bpy.props.StringProperty()


@pytest.fixture
def character() -> bpy.types.Object:
    empty_scene()
    return wild_armature(bones=3)


@pytest.fixture
def mmd_tools():
    """What the add-on registers on bones."""
    bpy.utils.register_class(NotedName)
    bpy.types.PoseBone.mmd_bone = bpy.props.PointerProperty(type=NotedName)
    yield
    del bpy.types.PoseBone.mmd_bone
    bpy.utils.unregister_class(NotedName)


def test_the_names_that_mmd_tools_keeps_are_read(character, mmd_tools):
    character.pose.bones[1].mmd_bone.name_j = "左腕"
    assert names_before(character) == {character.pose.bones[1].name: "左腕"}


def test_they_are_read_without_the_add_on_too(character):
    character.pose.bones[2]["mmd_bone"] = {"name_j": "右ひざ"}
    assert names_before(character) == {character.pose.bones[2].name: "右ひざ"}


@pytest.mark.parametrize("odd", [3, {"name_j": 4}, {}, "左腕"])
def test_other_characters_have_none(character, odd):
    character.pose.bones[0]["mmd_bone"] = odd
    assert names_before(character) == {}
