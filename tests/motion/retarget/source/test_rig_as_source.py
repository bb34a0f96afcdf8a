"""Rigs as sources: what one shows comes out on our joints, whatever its size and its names."""

from dataclasses import replace

import numpy as np
import pytest

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.made_up_motion import performance
from bench.rigs.made_up_rig import as_rig, slots_of
from motion.body import read_open_body
from motion.retarget.retarget import retarget
from motion.retarget.rig.rig_pose import posed_bones
from motion.retarget.settings import RetargetSettings
from motion.retarget.source.rig_as_source import source_of_rig
from motion.retarget.target.build_target import target_of
from motion.rotations import normalised
from motion.skeleton import JOINT

RIGS, PERFORMANCE, BODY = made_up_rigs(), performance(), read_open_body().shaped(np.zeros(0))
SETTINGS = RetargetSettings(solve_feet=False, hands="free")
LIMBS = [(f"{side}_{start}", f"{side}_{end}") for side in ("left", "right") for start, end in
         (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))]  # fmt: skip


def shown(name, size=1.0):
    """What the rig, `size` times as large, shows of our performance, read as a source."""
    made_up = RIGS[name]
    rig, mapping = as_rig(made_up), slots_of(made_up)
    rig = replace(rig, scale=size * rig.scale, origin_world=size * rig.origin_world,
                  floor_world_m=size * rig.floor_world_m)  # fmt: skip
    keys = retarget(PERFORMANCE, rig, mapping, SETTINGS).keys
    frames = keys.frame_count
    R = np.tile(rig.R_rest_from_posed, (frames, 1, 1, 1))
    locations = np.tile(rig.posed_locations, (frames, 1, 1))
    keyed = [rig.bone(bone) for bone in keys.bones]
    R[:, keyed], locations[:, keyed] = keys.R_basis, keys.locations
    R, heads = posed_bones(rig, R, locations)
    target = target_of(rig, mapping, PERFORMANCE.figure, SETTINGS)
    stand = rig.R_world_from_rig @ R[:, target.shown], rig.to_world(heads[:, target.shown])
    return source_of_rig(rig, target, *stand, PERFORMANCE.rate, BODY)


def limbs(joints):
    return normalised(np.stack([joints[:, JOINT[end]] - joints[:, JOINT[start]] for start, end in LIMBS], axis=1))


@pytest.mark.parametrize("name", ("mixamo", "unreal_ue5", "daz_g9", "mpfb_default"))
def test_limbs_come_back_as_the_first_source_had_them(name):
    apart = np.linalg.norm(limbs(shown(name).joints_world) - limbs(PERFORMANCE.joints_world), axis=-1)
    assert np.degrees(apart.max()) < 0.1


def test_a_giant_does_the_same_as_somebody_of_our_size():
    one, giant = shown("mixamo"), shown("mixamo", size=100.0)
    np.testing.assert_allclose(giant.joints_world, 100.0 * one.joints_world, atol=1e-3)
    np.testing.assert_allclose(giant.figure.rest_joints, 100.0 * one.figure.rest_joints, atol=1e-6)
    np.testing.assert_array_equal(giant.contacts.held, one.contacts.held)
    assert giant.floor_world_m == pytest.approx(100.0 * one.floor_world_m, abs=1e-4)


def test_its_limbs_are_as_long_as_the_rigs():
    made_up = RIGS["unreal_ue5"]
    rig, slots = as_rig(made_up), made_up.slots
    source = shown("unreal_ue5")
    for start, end, ours in (("left_thigh", "left_shin", ("left_hip", "left_knee")),
                             ("right_upper_arm", "right_forearm", ("right_shoulder", "right_elbow"))):  # fmt: skip
        theirs = rig.scale * rig.heads[[rig.bone(slots[slot][0]) for slot in (start, end)]]
        joints = source.joints_world[0, [JOINT[name] for name in ours]]
        assert np.linalg.norm(joints[1] - joints[0]) == pytest.approx(np.linalg.norm(theirs[1] - theirs[0]))


def test_standing_feet_are_found_and_the_floor_under_them():
    source = shown("mixamo")
    found, truth = (each.contacts.held[:280, [each.contacts.names.index(f"{side}_ball") for side in ("left", "right")]]
                    for each in (source, PERFORMANCE))  # fmt: skip
    assert np.mean(found == truth) > 0.85
    assert abs(source.floor_world_m - as_rig(RIGS["mixamo"]).floor_world_m) < 0.03
