from __future__ import annotations

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.keys import write_keys as module  # noqa: E402
from mambocap.addon.retarget.keys.channels import channels_of  # noqa: E402
from mambocap.addon.retarget.keys.write_keys import let_action_show, write_action  # noqa: E402
from mambocap.addon.retarget.rig.held_values import HeldValue, bone_path, influence_path  # noqa: E402
from mambocap.addon.retarget.rig.read_rig import read_rig, refuse_unusable  # noqa: E402
from mambocap.motion.eulers import eulers_from_matrix  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mambocap.motion.retarget.rig.rig_pose import posed_bones  # noqa: E402
from mathutils import Euler, Matrix  # noqa: E402

from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.made_up_armature import (  # noqa: E402
    curves_of_action,
    shown_bones,
    wild_armature,
    wild_keys,
)

FRAMES = np.arange(40) + 3.0


@pytest.fixture
def character() -> bpy.types.Object:
    empty_scene()
    return wild_armature()


def write(character, keys, name="Jump on Wild", held=()):
    channels, _ = channels_of(character, keys)
    return write_action(character, name, FRAMES[: keys.frame_count], channels, held)


@pytest.mark.parametrize("seed", range(3))
def test_blender_poses_every_bone_as_the_keys_ask_in_every_rotation_mode(seed):
    empty_scene()
    character = wild_armature(24, seed)
    rig = read_rig(character)
    keys = wild_keys(list(rig.names), 40, seed)
    write(character, keys)
    R, heads = posed_bones(rig, keys.R_basis, keys.locations)
    for index in range(0, 40, 7):
        shown_R, shown_heads = shown_bones(character, int(FRAMES[index]), list(rig.names))
        np.testing.assert_allclose(shown_R, R[index], atol=1e-4)
        np.testing.assert_allclose(shown_heads, heads[index], atol=1e-4)


def test_no_channel_jumps_where_the_motion_does_not(character):
    names = list(read_rig(character).names)
    action = write(character, wild_keys(names, 40))
    for curve in curves_of_action(action):
        values = np.array([curve.evaluate(frame) for frame in FRAMES])
        if "location" not in curve.data_path:
            assert np.abs(np.diff(values)).max() < 1.6, curve.data_path   # by a whole turn or a sign it would be more


def test_rotation_modes_stay_and_curves_are_grouped_by_bone(character):
    modes = [bone.rotation_mode for bone in character.pose.bones]
    action = write(character, wild_keys(list(read_rig(character).names), 5))
    assert [bone.rotation_mode for bone in character.pose.bones] == modes
    assert all(curve.group.name in curve.data_path.replace("\\", "") for curve in curves_of_action(action))


def test_the_old_action_stays_as_it_was_with_a_fake_user(character):
    keys = wild_keys(list(read_rig(character).names), 5)
    old = write(character, keys, "Old")
    count = len(curves_of_action(old))
    new = write(character, wild_keys([keys.bones[0]], 5), "New")
    assert character.animation_data.action == new != old
    assert old.use_fake_user and len(curves_of_action(old)) == count
    if hasattr(new, "slots"):
        assert character.animation_data.action_slot == new.slots[0]


def test_locked_channels_get_no_keys_and_are_told(character):
    euler = next(bone for bone in character.pose.bones if bone.rotation_mode == "XYZ")
    four = next(bone for bone in character.pose.bones if bone.rotation_mode == "QUATERNION")
    euler.lock_rotation[1] = four.lock_location[2] = True
    four.lock_rotations_4d = four.lock_rotation_w = True
    channels, notes = channels_of(character, wild_keys([four.name, euler.name], 5))
    written = {(channel.bone, channel.property, channel.index) for channel in channels}
    assert (euler.name, "rotation_euler", 1) not in written and (euler.name, "rotation_euler", 2) in written
    assert (four.name, "location", 2) not in written and (four.name, "rotation_quaternion", 0) not in written
    assert f"{euler.name} keeps its locked rotation Y" in notes
    assert f"{four.name} keeps its locked location Z and rotation W" in notes


def test_a_locked_axis_of_a_bone_with_quaternions_stays_as_blenders_tools_leave_it(character):
    bone = next(bone for bone in character.pose.bones if bone.rotation_mode == "QUATERNION")
    bone.lock_rotations_4d = False
    bone.lock_rotation[0] = True
    write(character, wild_keys([bone.name], 40))
    for frame in FRAMES[::9]:
        bpy.context.scene.frame_set(int(frame))
        assert abs(bone.matrix_basis.to_euler("XYZ").x) < 1e-5


def test_a_bone_with_all_rotations_locked_is_not_turned(character):
    bone = next(bone for bone in character.pose.bones if bone.rotation_mode == "XYZ")
    bone.lock_rotation = (True, True, True)
    channels, notes = channels_of(character, wild_keys([bone.name], 5))
    assert not [channel for channel in channels if channel.property.startswith("rotation")]
    assert notes == [f"{bone.name} keeps its locked rotation"]


def test_switches_are_keyed_at_one_value_without_a_slope(character):
    bone = character.pose.bones[0]
    bone["IK_FK"] = 0.0
    bone.constraints.new("COPY_ROTATION").name = "Copy"
    held = (HeldValue(bone_path(bone.name, "IK_FK", True), 1.0, bone.name),
            HeldValue(influence_path(bone.name, "Copy"), 0.0, bone.name))  # fmt: skip
    action = write(character, wild_keys([bone.name], 5), held=held)
    bpy.context.scene.frame_set(4)
    assert bone["IK_FK"] == 1.0 and bone.constraints["Copy"].influence == 0.0
    switches = [curve for curve in curves_of_action(action) if "IK_FK" in curve.data_path]
    assert [point.interpolation for point in switches[0].keyframe_points] == ["CONSTANT"]


@pytest.mark.parametrize("has_old", (False, True))
def test_when_writing_fails_the_character_is_as_before(character, monkeypatch, has_old):
    keys = wild_keys(list(read_rig(character).names), 5)
    old = write(character, keys, "Old") if has_old else None
    for bone in character.pose.bones:
        bone.location = (0.1, 0.2, 0.3)
    places = [tuple(bone.location) for bone in character.pose.bones]
    real = module.Keys

    class Failing(real):
        def add(self, *arguments, **options):
            if len(list(self._curves.fcurves)) > 7:
                raise MemoryError
            return super().add(*arguments, **options)

    monkeypatch.setattr(module, "Keys", Failing)
    with pytest.raises(MemoryError):
        write(character, keys, "New")
    assert "New" not in bpy.data.actions
    assert [tuple(bone.location) for bone in character.pose.bones] == places
    if has_old:
        assert character.animation_data.action == old and not old.use_fake_user
        bpy.context.scene.frame_set(5)
        shown = shown_bones(character, 7, list(keys.bones))[0]
        wanted = posed_bones(read_rig(character), keys.R_basis, keys.locations)[0]
        np.testing.assert_allclose(shown, wanted[4], atol=1e-4)
    else:
        assert character.animation_data is None


def test_a_strip_in_tweak_mode_is_refused_by_words(character):
    old = write(character, wild_keys([character.pose.bones[0].name], 5), "Old")
    track = character.animation_data.nla_tracks.new()
    track.strips.new("Old", 3, old)
    character.animation_data.action = None
    track.select = track.strips[0].select = True
    character.animation_data.nla_tracks.active = track
    character.animation_data.use_tweak_mode = True
    with pytest.raises(Refusal, match="Wild has a strip in tweak mode, so that it takes no new action."):
        write(character, wild_keys([character.pose.bones[0].name], 5))
    assert character.animation_data.use_tweak_mode


def test_the_motion_is_seen_over_nla_tracks_and_what_they_still_move_is_told(character):
    bone = character.pose.bones[0]
    keys = wild_keys([bone.name], 5)
    old = write(character, wild_keys([each.name for each in character.pose.bones], 5, seed=9), "Old")
    animation = character.animation_data
    animation.action = None
    animation.nla_tracks.new().strips.new("Old", 3, old)
    animation.nla_tracks[0].name = "Idle"
    animation.action_blend_type, animation.action_influence = "ADD", 0.5
    write(character, keys, "New")
    notes = let_action_show(character)
    assert "NLA tracks still move what the motion has no keys for: Idle" in notes
    bpy.context.scene.frame_set(5)
    np.testing.assert_allclose(np.array(bone.matrix_basis)[:3, :3], keys.R_basis[2, 0], atol=1e-4)


def test_library_overrides_are_keyed_and_linked_characters_are_refused(character, tmp_path):
    path = str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    empty_scene()
    with bpy.data.libraries.load(path, link=True) as (inside, outside):
        outside.objects = ["Wild"]
    linked = outside.objects[0]
    bpy.context.scene.collection.objects.link(linked)
    with pytest.raises(Refusal, match="Make Library Override"):
        refuse_unusable(linked)
    assert len(read_rig(linked).names) == 12   # as a source it may be read
    override = linked.override_create(remap_local_usages=True)
    bpy.context.view_layer.update()
    rig = read_rig(override)
    keys = wild_keys(list(rig.names), 10)
    write(override, keys)
    R, heads = posed_bones(rig, keys.R_basis, keys.locations)
    shown_R, shown_heads = shown_bones(override, 7, list(rig.names))
    np.testing.assert_allclose(shown_R, R[4], atol=1e-4)
    np.testing.assert_allclose(shown_heads, heads[4], atol=1e-4)
    override.override_library.is_system_override = True
    with pytest.raises(Refusal, match="Wild is a library override that Blender does not let be edited."):
        refuse_unusable(override)


@pytest.mark.parametrize("order", ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"))
def test_euler_angles_wander_no_further_than_blenders_own(order):
    R = wild_keys(["bone"], 200, seed=5).R_basis[:, 0]
    ours = eulers_from_matrix(R, order)
    theirs = [Matrix(R[0].tolist()).to_euler(order)]
    for matrix in R[1:]:
        theirs.append(Matrix(matrix.tolist()).to_euler(order, theirs[-1]))
    for angles, matrix in zip(ours, R, strict=True):
        np.testing.assert_allclose(np.array(Euler(angles, order).to_matrix()), matrix, atol=1e-5)
    assert np.abs(np.diff(ours, axis=0)).sum() < 1.001 * np.abs(np.diff(np.array(theirs), axis=0)).sum()
