from __future__ import annotations

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.armature import BONE_COLLECTIONS, build_armature, rest_to_blender  # noqa: E402
from mambocap.motion.skeleton import JOINT, JOINT_NAMES, PARENTS, Skeleton  # noqa: E402
from mathutils import Quaternion  # noqa: E402

from tests.addon.made_up_takes import empty_scene, evaluated_joints  # noqa: E402
from tests.box_body import PELVIS_HEIGHT, rest_joints  # noqa: E402

ORIGIN = rest_joints()[0] - [0.0, PELVIS_HEIGHT, 0.0]
FINGERS = [f"{side}_{finger}{part}" for side in ("left", "right") for finger in ("index", "middle", "pinky", "ring")
           for part in (1, 2)]  # fmt: skip


@pytest.fixture
def person() -> bpy.types.Object:
    scene = empty_scene()
    built = build_armature("Anna", Skeleton(rest_joints()), ORIGIN)
    scene.collection.objects.link(built)
    return built


def moved_by_bending(person: bpy.types.Object, bone_name: str, tip_name: str) -> np.ndarray:
    """How a joint moves when a bone turns by 30 degrees about its local X, [3] m in the world."""
    before = evaluated_joints(person, 1)[JOINT[tip_name]]
    person.pose.bones[bone_name].rotation_quaternion = Quaternion((1, 0, 0), np.radians(30))
    after = evaluated_joints(person, 1)[JOINT[tip_name]]
    person.pose.bones[bone_name].rotation_quaternion = (1, 0, 0, 0)
    return after - before


def test_bones_lie_on_the_rest_joints_and_hang_together_as_the_skeleton_does(person):
    bones = [person.data.bones[name] for name in JOINT_NAMES]
    heads = np.array([bone.head_local for bone in bones])
    assert np.abs(heads - rest_to_blender(rest_joints(), ORIGIN)).max() < 1e-6
    assert [JOINT[bone.parent.name] if bone.parent else -1 for bone in bones] == list(PARENTS)


def test_at_rest_a_person_stands_over_the_origin_and_faces_the_front_view(person):
    pelvis, nose = person.data.bones["pelvis"], person.data.bones["left_eye"]
    assert np.allclose(pelvis.head_local, [0, 0, PELVIS_HEIGHT], atol=1e-6)
    assert nose.head_local.y < person.data.bones["head"].head_local.y
    assert person.data.bones["left_wrist"].head_local.x > 0.5


def test_every_bone_is_in_one_collection(person):
    assert [collection.name for collection in person.data.collections] == list(BONE_COLLECTIONS)
    assert all(len(bone.collections) == 1 for bone in person.data.bones)


def test_limbs_point_at_their_children(person):
    for parent, child in [("left_hip", "left_knee"), ("right_elbow", "right_wrist"), ("left_index1", "left_index2")]:
        bones = person.data.bones
        assert (bones[parent].tail_local - bones[child].head_local).length < 1e-5


@pytest.mark.parametrize("side", ["left", "right"])
def test_knees_bend_backwards_and_elbows_forwards_about_local_x(person, side):
    knee = moved_by_bending(person, f"{side}_knee", f"{side}_ankle")
    elbow = moved_by_bending(person, f"{side}_elbow", f"{side}_wrist")
    assert knee[1] > 0.15 and abs(knee[0]) < 0.02
    assert elbow[1] < -0.1 and abs(elbow[2]) < 0.02


@pytest.mark.parametrize("bone_name", FINGERS)
def test_fingers_close_towards_the_palm_about_local_x(person, bone_name):
    tip = bone_name[:-1] + str(int(bone_name[-1]) + 1)
    moved = moved_by_bending(person, bone_name, tip)
    assert moved[2] < -0.01 and abs(moved[1]) < 0.003


@pytest.mark.parametrize("side", ["left", "right"])
def test_thumbs_close_towards_the_little_finger_about_local_x(person, side):
    joints = evaluated_joints(person, 1)
    towards = joints[JOINT[f"{side}_pinky1"]] - joints[JOINT[f"{side}_thumb3"]]
    assert moved_by_bending(person, f"{side}_thumb2", f"{side}_thumb3") @ towards > 0


def test_no_bone_is_lost_when_all_rest_joints_coincide():
    empty_scene()
    heap = build_armature("Heap", Skeleton(np.zeros((55, 3))), np.zeros(3))
    assert len(heap.data.bones) == 55


def test_building_leaves_the_users_edit_mode_selection_and_scenes_alone():
    bpy.ops.wm.read_factory_settings()
    cube = bpy.data.objects["Cube"]
    bpy.context.view_layer.objects.active = cube
    bpy.ops.object.mode_set(mode="EDIT")
    build_armature("Anna", Skeleton(rest_joints()), ORIGIN)
    assert (cube.mode, bpy.context.view_layer.objects.active, len(bpy.data.scenes)) == ("EDIT", cube, 1)
    assert [thing.name for thing in bpy.context.selected_objects] == ["Cube"]
