"""Which bones leave Blender, and what they hang on."""

from __future__ import annotations

from fractions import Fraction

import bpy
import numpy as np
import pytest
from mambocap.addon.export.plain_bones import is_control_rig, plain_bones
from mambocap.motion.refusal import Refusal

from tests.addon.export import characters

# As Rigify nests them: name, parent, whether it deforms.
RIGIFY = (("root", "", False), ("MCH-torso", "root", False), ("ORG-spine", "MCH-torso", False),
          ("DEF-spine", "MCH-torso", True), ("ORG-spine.001", "ORG-spine", False), ("DEF-spine.001", "DEF-spine", True),
          ("ORG-thigh.L", "ORG-spine", False), ("DEF-thigh.L", "ORG-thigh.L", True),
          ("DEF-thigh.L.001", "DEF-thigh.L", True), ("ORG-shoulder.L", "ORG-spine.001", False),
          ("DEF-shoulder.L", "ORG-shoulder.L", True), ("MCH-eye", "root", False), ("DEF-eye", "MCH-eye", True))


@pytest.fixture
def rig() -> bpy.types.Object:
    scene = characters.new_scene_at(Fraction(30))
    armature = bpy.data.armatures.new("rig")
    rig = bpy.data.objects.new("rig", armature)
    scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    for place, (name, _, deforms) in enumerate(reversed(RIGIFY)):
        bone = armature.edit_bones.new(name)
        bone.head, bone.tail, bone.use_deform = (place, 0, 0), (place, 0, 1), deforms
    for name, parent, _ in RIGIFY:
        armature.edit_bones[name].parent = armature.edit_bones.get(parent)
    bpy.ops.object.mode_set(mode="OBJECT")
    return rig


def nested(bones) -> dict[str, str]:
    return {name: bones.names[parent] if parent >= 0 else "" for name, parent in zip(bones.names, bones.parents)}


def test_deforming_bones_of_rigify_come_out_as_the_tree_that_they_mean(rig):
    assert nested(plain_bones(rig, deform_only=True, one_root=False)) == {
        "DEF-spine": "", "DEF-spine.001": "DEF-spine", "DEF-thigh.L": "DEF-spine", "DEF-thigh.L.001": "DEF-thigh.L",
        "DEF-shoulder.L": "DEF-spine.001", "DEF-eye": "",
    }  # fmt: skip


def test_several_roots_get_one_where_a_format_wants_it(rig):
    bones = plain_bones(rig, deform_only=True, one_root=True)
    assert bones.names[0] == "root" and bones.has_added_root
    assert nested(bones)["DEF-eye"] == nested(bones)["DEF-spine"] == "root"
    np.testing.assert_array_equal(bones.rest[0], np.eye(4))
    assert len(bones.sources) == len(bones.names) - 1


def test_parents_come_first_and_bones_keep_their_rest(rig):
    bones = plain_bones(rig, deform_only=False, one_root=True)
    assert nested(bones) == {name: parent for name, parent, _ in RIGIFY} and not bones.has_added_root
    assert all(parent < place for place, parent in enumerate(bones.parents))
    for name, rest, source in zip(bones.names, bones.rest, bones.sources):
        np.testing.assert_allclose(rest, rig.data.bones[name].matrix_local)
        assert rig.data.bones[source].name == name


def test_a_rig_whose_deforming_bones_are_held_is_a_control_rig(rig):
    assert not is_control_rig(rig)
    rig.pose.bones["DEF-eye"].constraints.new("COPY_TRANSFORMS")
    assert is_control_rig(rig)
    rig.pose.bones["DEF-eye"].constraints[0].mute = True
    assert not is_control_rig(rig)


def test_a_rig_that_moves_no_mesh_is_refused(rig):
    for bone in rig.data.bones:
        bone.use_deform = False
    with pytest.raises(Refusal) as refusal:
        plain_bones(rig, deform_only=True, one_root=False)
    assert refusal.value.sentence == "No bone of rig moves a mesh."
