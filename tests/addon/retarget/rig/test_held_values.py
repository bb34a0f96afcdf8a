from __future__ import annotations

import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.keys.whole_or_nothing import whole_or_nothing  # noqa: E402
from mambocap.addon.retarget.rig.held_values import HeldValue, bone_path, influence_path, value_at  # noqa: E402

from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.made_up_armature import wild_armature  # noqa: E402


@pytest.fixture
def character() -> bpy.types.Object:
    empty_scene()
    return wild_armature(4)


def values(character: bpy.types.Object) -> list[HeldValue]:
    """One of each kind, on a bone whose name and property have quotes in them."""
    bone = character.pose.bones[0]
    bone['IK "FK"'], bone["follow"], bone["is_on"] = 0.25, 3, False
    bone.constraints.new("COPY_ROTATION").name = 'Copy "it"'
    return [HeldValue(bone_path(bone.name, 'IK "FK"', True), 1.0, bone.name),
            HeldValue(bone_path(bone.name, "follow", True), 1.0, bone.name),
            HeldValue(bone_path(bone.name, "is_on", True), 1.0, bone.name),
            HeldValue(influence_path(bone.name, 'Copy "it"'), 0.0, bone.name),
            HeldValue(bone_path(bone.name, "location"), 0.5, bone.name, 2)]  # fmt: skip


def test_numbers_are_set_where_their_paths_lead_and_keep_their_types(character):
    held, bone = values(character), character.pose.bones[0]
    assert [value_at(character, each) for each in held] == [0.25, 3.0, 0.0, 1.0, 0.0]
    for each in held:
        each.set_on(character)
    assert [value_at(character, each) for each in held] == [1.0, 1.0, 1.0, 0.0, 0.5]
    assert type(bone["follow"]) is int and type(bone["is_on"]) is bool and tuple(bone.location) == (0.0, 0.0, 0.5)


def test_they_are_as_before_when_what_was_begun_fails(character):
    held = values(character)
    with pytest.raises(KeyError), whole_or_nothing(character, held):
        for each in held:
            each.set_on(character)
        raise KeyError
    assert [value_at(character, each) for each in held] == [0.25, 3.0, 0.0, 1.0, 0.0]
