"""A motion on characters of every family: limbs point where they were asked to, and the hips go the path."""

from dataclasses import replace

import numpy as np
import pytest

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.made_up_rig import as_rig, slots_of
from motion.refusal import Refusal
from motion.retarget.mapping.rig_mapping import RigMapping
from motion.retarget.retarget import keyed_bones, retarget
from motion.retarget.rig.rig_pose import posed_bones
from motion.retarget.settings import RetargetSettings
from motion.rotations import matrix_from_axis_angle, normalised
from motion.skeleton import JOINT
from tests.motion.retarget.made_up_source import dancing, source_of, standing

RIGS = made_up_rigs()
AS_ASKED = RetargetSettings(solve_feet=False, hands="free")
LIMBS = {("upper_arm", "forearm"): ("shoulder", "elbow"), ("forearm", "hand"): ("elbow", "wrist"),
         ("thigh", "shin"): ("hip", "knee"), ("shin", "foot"): ("knee", "ankle")}  # fmt: skip


def evaluated(rig, keys):
    """Orientations [T, B, 3, 3] and heads [T, B, 3] m in the world, as Blender would show the keys."""
    frames, bones = keys.frame_count, len(rig.names)
    R = np.broadcast_to(rig.R_rest_from_posed, (frames, bones, 3, 3)).copy()
    locations = np.broadcast_to(rig.posed_locations, (frames, bones, 3)).copy()
    keyed = [rig.bone(name) for name in keys.bones]
    R[:, keyed], locations[:, keyed] = keys.R_basis, keys.locations
    R_rig, heads = posed_bones(rig, R, locations)
    return rig.R_world_from_rig @ R_rig, rig.to_world(heads)


def worst_limb_deg(rig, mapping, keys, source):
    heads = evaluated(rig, keys)[1]
    worst = 0.0
    for (upper, lower), joints in LIMBS.items():
        for side in ("left", "right"):
            first, second = (rig.bone(mapping.first(f"{side}_{slot}")) for slot in (upper, lower))
            start, end = (source.joints_world[:, JOINT[f"{side}_{joint}"]] for joint in joints)
            shown, asked = normalised(heads[:, second] - heads[:, first]), normalised(end - start)
            worst = max(worst, np.degrees(np.arccos(np.clip((shown * asked).sum(-1), -1, 1))).max())
    return worst


@pytest.mark.parametrize("name", RIGS)
def test_limbs_point_as_the_sources_on_every_family(name):
    rig, mapping, source = as_rig(RIGS[name]), slots_of(RIGS[name]), dancing()
    assert worst_limb_deg(rig, mapping, retarget(source, rig, mapping, AS_ASKED).keys, source) < 1e-3


@pytest.mark.parametrize("name", RIGS)
def test_the_hips_go_the_sources_way_at_the_scale_of_the_legs(name):
    rig, mapping, source = as_rig(RIGS[name]), slots_of(RIGS[name]), dancing()
    result = retarget(source, rig, mapping, AS_ASKED)
    hips = evaluated(rig, result.keys)[1][:, [rig.bone(mapping.first(f"{side}_thigh")) for side in ("left", "right")]]
    wanted = result.target.placed(source.joints_world[:, [JOINT["left_hip"], JOINT["right_hip"]]].mean(axis=1), 0.0)
    np.testing.assert_allclose(hips.mean(axis=1), wanted, atol=1e-6)


@pytest.mark.parametrize("name", RIGS)
def test_what_is_said_of_keyed_bones_is_what_the_keys_do(name):
    rig, mapping = as_rig(RIGS[name]), slots_of(RIGS[name])
    result = retarget(dancing(), rig, mapping, AS_ASKED)
    R, heads = evaluated(rig, result.keys)
    keyed = [rig.bone(bone) for bone in result.keys.bones]
    np.testing.assert_allclose(R[:, keyed], result.R_world_from_bone, atol=1e-9)
    np.testing.assert_allclose(heads[:, keyed], result.heads_world, atol=1e-7)


def test_a_rig_in_its_own_t_pose_stands_as_it_rests():
    """The source's T-pose on the SMPL-X rig, whose rest pose is one: trunk and head do not move at all."""
    rig, mapping = as_rig(RIGS["smplx"]), slots_of(RIGS["smplx"])
    R, _ = evaluated(rig, retarget(standing(), rig, mapping, AS_ASKED).keys)
    for slot in ("hips", "head", "left_clavicle"):
        bone = rig.bone(mapping.first(slot))
        np.testing.assert_allclose(R[0, bone], rig.R_world_from_rig @ rig.R_rig_from_bone[bone], atol=0.02)


@pytest.mark.parametrize("turn", [(0.3, -0.2, 2.0), (1.5, 0.0, 0.0)])
def test_however_the_object_is_turned_limbs_point_the_same_way(turn):
    mapping, source = slots_of(RIGS["mixamo"]), dancing()
    rig = replace(as_rig(RIGS["mixamo"]), R_world_from_rig=matrix_from_axis_angle(np.array(turn)), scale=0.02,
                  origin_world=np.array([3.0, -2.0, 0.5]))  # fmt: skip
    assert worst_limb_deg(rig, mapping, retarget(source, rig, mapping, AS_ASKED).keys, source) < 1e-3


def test_bones_above_that_the_artist_has_posed_are_taken_out():
    rig, mapping, source = as_rig(RIGS["unreal_ue5"]), slots_of(RIGS["unreal_ue5"]), dancing()
    turns, places = np.array(rig.R_rest_from_posed), np.array(rig.posed_locations)
    root = rig.bone(mapping.first("root"))
    turns[root], places[root] = matrix_from_axis_angle(np.array([0.2, 0.4, -0.7])), [10.0, 5.0, -8.0]
    posed = replace(rig, R_rest_from_posed=turns, posed_locations=places)
    straight, bent = (retarget(source, each, mapping, AS_ASKED) for each in (rig, posed))
    np.testing.assert_allclose(evaluated(posed, bent.keys)[1][:, rig.bone("pelvis")],
                               evaluated(rig, straight.keys)[1][:, rig.bone("pelvis")], atol=1e-6)  # fmt: skip
    assert worst_limb_deg(posed, mapping, bent.keys, source) < 1e-3


def test_a_root_bone_carries_the_path_and_nothing_else_changes():
    rig, mapping, source = as_rig(RIGS["unreal_ue5"]), slots_of(RIGS["unreal_ue5"]), dancing()
    by_hips, by_root = (retarget(source, rig, mapping, replace(AS_ASKED, root_motion=way)) for way in ("hips", "root"))
    R, heads = evaluated(rig, by_root.keys)
    hand = rig.bone("hand_l")
    np.testing.assert_allclose(heads[:, hand], evaluated(rig, by_hips.keys)[1][:, hand], atol=1e-6)
    root = rig.bone(mapping.first("root"))
    np.testing.assert_allclose(heads[:, root, :2], by_root.pose.root_world[:, :2], atol=1e-6)
    up = rig.R_rig_from_bone[root].T @ rig.R_world_from_rig[2]
    np.testing.assert_allclose(R[:, root, 2] @ up, 1.0, atol=1e-6)


def test_a_motion_begins_where_the_character_stands_if_asked_to():
    rig, mapping, source = as_rig(RIGS["mixamo"]), slots_of(RIGS["mixamo"]), dancing()
    away = replace(source, joints_world=source.joints_world + [7.0, -4.0, 0.0])
    rig = replace(rig, origin_world=np.array([2.0, 3.0, 0.0]), floor_world_m=0.0)
    near, far = (retarget(each, rig, mapping, replace(AS_ASKED, start="character")) for each in (source, away))
    np.testing.assert_allclose(far.pose.root_world, near.pose.root_world, atol=1e-9)
    np.testing.assert_allclose(near.pose.root_world[0, :2], [2.0, 3.0], atol=0.25)


def test_a_character_without_a_root_bone_says_so():
    rig, mapping = as_rig(RIGS["mixamo"]), slots_of(RIGS["mixamo"])
    with pytest.raises(Refusal, match="no root bone"):
        keyed_bones(rig, mapping, RetargetSettings(root_motion="root"))


def test_missing_bones_are_named():
    with pytest.raises(Refusal, match="left shin"):
        slots = {slot: bones for slot, bones in slots_of(RIGS["mixamo"]).bones.items() if slot != "left_shin"}
        keyed_bones(as_rig(RIGS["mixamo"]), RigMapping(slots), AS_ASKED)


@pytest.mark.parametrize("name", ["unreal_ue5", "daz_g8", "mpfb_default", "cc_base"])
def test_a_wrist_that_turns_round_twice_lets_no_bone_jump(name):
    frames = 181
    turns = np.zeros((frames, 55, 3))
    turns[:, JOINT["left_wrist"], 0] = np.linspace(0.0, 4.0 * np.pi, frames)
    rig, mapping = as_rig(RIGS[name]), slots_of(RIGS[name])
    source = source_of(matrix_from_axis_angle(turns), np.zeros((frames, 3)))
    R, _ = evaluated(rig, retarget(source, rig, mapping, AS_ASKED).keys)
    steps = np.swapaxes(R[:-1], -1, -2) @ R[1:]
    angles = np.degrees(np.arccos(np.clip((np.trace(steps, axis1=-2, axis2=-1) - 1) / 2, -1, 1)))
    assert angles.max() < 4.0 * 1.05


def test_a_twist_bone_of_the_forearm_takes_half_of_the_hands_roll():
    turns = np.zeros((2, 55, 3))
    turns[1, JOINT["left_wrist"], 0] = 1.0
    rig, mapping = as_rig(RIGS["unreal_ue4"]), slots_of(RIGS["unreal_ue4"])
    source = source_of(matrix_from_axis_angle(turns), np.zeros((2, 3)))
    R, _ = evaluated(rig, retarget(source, rig, mapping, AS_ASKED).keys)
    bone = rig.bone(mapping.first("left_forearm_twist"))
    turned = R[0, bone].T @ R[1, bone]
    assert np.arccos((np.trace(turned) - 1) / 2) == pytest.approx(0.5, abs=0.05)


def test_the_current_pose_as_reference_counts_as_the_rest_pose():
    """A rig whose rest was spoilt gives the same motion when the unspoilt pose is shown as the reference."""
    rig, mapping, source = as_rig(RIGS["mixamo"]), slots_of(RIGS["mixamo"]), dancing()
    rng = np.random.default_rng(2)
    spoilt = rng.normal(size=(len(rig.names), 3)) * 0.3
    R, heads = posed_bones(rig, matrix_from_axis_angle(spoilt)[None], np.zeros((1, len(rig.names), 3)))
    tails = heads[0] + np.einsum("bij,bj->bi", R[0] @ np.swapaxes(rig.R_rig_from_bone, -1, -2), rig.tails - rig.heads)
    odd = replace(rig, heads=heads[0], tails=tails, R_rig_from_bone=R[0], reference_heads=rig.heads,
                  reference_tails=rig.tails, R_rig_from_reference_bone=rig.R_rig_from_bone)  # fmt: skip
    plain, shown = (retarget(source, each, mapping, AS_ASKED) for each in (rig, odd))
    np.testing.assert_allclose(shown.R_world_from_bone, plain.R_world_from_bone, atol=1e-6)
    assert worst_limb_deg(odd, mapping, shown.keys, source) < 1e-3
