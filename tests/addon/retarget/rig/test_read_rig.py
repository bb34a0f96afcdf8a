from __future__ import annotations

import time

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.rig.read_rig import read_rig  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mathutils import Euler, Matrix  # noqa: E402

from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.made_up_armature import shown_bones, wild_armature  # noqa: E402


@pytest.fixture
def character() -> bpy.types.Object:
    empty_scene()
    return wild_armature()


def test_bones_come_as_blender_has_them_with_parents_first(character):
    rig = read_rig(character)
    assert sorted(rig.names) == sorted(bone.name for bone in character.data.bones)
    for index, name in enumerate(rig.names):
        bone = character.data.bones[name]
        parent = rig.names[rig.parents[index]] if rig.parents[index] >= 0 else None
        assert parent == getattr(bone.parent, "name", None)
        np.testing.assert_allclose(rig.R_rig_from_bone[index], np.array(bone.matrix_local)[:3, :3], atol=1e-4)
        np.testing.assert_allclose(rig.heads[index], bone.head_local, atol=1e-6)
        np.testing.assert_allclose(rig.tails[index], bone.tail_local, atol=1e-6)
        assert rig.inherits_rotation[index] == bone.use_inherit_rotation
        assert rig.local_location[index] == bone.use_local_location


def test_a_character_hung_on_a_moved_turned_and_scaled_parent_stands_where_it_is_seen(character):
    parent = bpy.data.objects.new("Stage", None)
    bpy.context.scene.collection.objects.link(parent)
    parent.matrix_world = Matrix.LocRotScale((4.0, 5.0, 6.0), Euler((0.3, 0.2, 0.9)), (2.5,) * 3)
    character.parent = parent
    rig = read_rig(character)
    seen = [character.matrix_world @ character.data.bones[name].head_local for name in rig.names]
    np.testing.assert_allclose(rig.to_world(rig.heads), np.array(seen), atol=1e-5)
    assert rig.scale == pytest.approx(1.0, abs=1e-6)


def test_a_pose_without_keys_is_read_bone_by_bone(character):
    for index, bone in enumerate(character.pose.bones):
        turn = Euler((0.1 * index, 0.5, -0.2))
        bone.matrix_basis = Matrix.LocRotScale((0.1 * index, 0.2, 0.3), turn, (1.0, 1.3, 0.7))
    rig = read_rig(character)
    for index, name in enumerate(rig.names):
        basis = character.pose.bones[name].matrix_basis
        np.testing.assert_allclose(rig.R_rest_from_posed[index], basis.to_quaternion().to_matrix(), atol=1e-5)
        np.testing.assert_allclose(rig.posed_locations[index], basis.translation, atol=1e-6)


def test_the_reference_is_the_pose_that_constraints_show_when_that_is_asked_for(character):
    for bone in character.pose.bones:
        bone.matrix_basis = Matrix.Rotation(0.7, 4, (1.0, 0.3, 0.2))
    limit = character.pose.bones[2].constraints.new("LIMIT_ROTATION")
    limit.use_limit_x, limit.max_x = True, 0.1
    rig = read_rig(character, "pose")
    shown_R, shown_heads = shown_bones(character, 1, list(rig.names))
    np.testing.assert_allclose(rig.R_rig_from_reference_bone, shown_R, atol=1e-5)
    np.testing.assert_allclose(rig.reference_heads, shown_heads, atol=1e-5)
    np.testing.assert_array_equal(read_rig(character).R_rig_from_reference_bone, rig.R_rig_from_bone)


@pytest.mark.parametrize("scale, words", [
    ((1.0, 1.0, 2.0), "Wild is scaled unevenly, by 1, 1, 2. Give it and its parents one positive scale"),
    ((-1.0, -1.0, -1.0), "Wild is mirrored by a negative scale. "),
    ((0.0, 0.0, 0.0), "Wild is scaled to nothing. "),
])  # fmt: skip
def test_scales_that_no_motion_can_follow_are_refused_in_words(character, scale, words):
    character.scale = scale
    with pytest.raises(Refusal, match=words):
        read_rig(character)


def test_a_shear_by_parents_is_refused(character):
    parent = bpy.data.objects.new("Stage", None)
    bpy.context.scene.collection.objects.link(parent)
    parent.scale = (1.0, 1.0, 2.0)
    character.parent, character.rotation_euler = parent, (0.7, 0.0, 0.0)
    character.matrix_parent_inverse = Matrix.Identity(4)
    with pytest.raises(Refusal, match="Wild is s(caled unevenly|heared)"):
        read_rig(character)


def test_a_character_shown_at_rest_or_in_edit_mode_is_refused(character):
    character.data.pose_position = "REST"
    with pytest.raises(Refusal, match="Wild is shown in its rest position, whatever moves it. Press Pose Position"):
        read_rig(character)
    character.data.pose_position = "POSE"
    bpy.ops.object.mode_set(mode="EDIT")
    with pytest.raises(Refusal, match="The bones of Wild are being edited."):
        read_rig(character)
    bpy.ops.object.mode_set(mode="OBJECT")


def test_something_without_bones_is_refused():
    empty_scene()
    with pytest.raises(Refusal, match="Cube has no bones. Choose an armature"):
        read_rig(bpy.data.objects.new("Cube", None))


def test_seven_hundred_bones_are_read_in_a_moment(capsys):
    empty_scene()
    character = wild_armature(700)
    read_rig(character)
    start = time.process_time()
    read_rig(character)
    seconds = time.process_time() - start
    with capsys.disabled():
        print(f" 700 bones read in {1000.0 * seconds:.0f} ms ", end="")
    assert seconds < 0.2   # a slow test machine under load
