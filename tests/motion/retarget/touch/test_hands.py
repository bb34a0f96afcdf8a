from dataclasses import replace

import numpy as np
import pytest

from motion.retarget.touch.hand_holds import hand_m, palm_of
from motion.retarget.touch.hands import hands_solved
from motion.rotations import axis_angle_from_matrix
from motion.skeleton import JOINT
from tests.motion.retarget.hand_performers import (
    clapping,
    on_floor,
    on_forearm,
    on_hips,
    on_table,
    on_thighs,
    standing_with,
)
from tests.motion.retarget.odd_proportions import KINDS, SAME, Proportions, hip_middle, posed, target_of

FLOOR_M = 0.1
ALL = [clapping, on_hips, on_thighs, on_table, on_forearm]


def solved(source, of, places=False):
    target = target_of(of, floor_world_m=FLOOR_M)
    before = posed(target, source)
    return target, before, hands_solved(target, source, before, places)


def palms(target, pose):
    state = target.figure.kinematics(pose.R_parent_from_joint, pose.root_world)
    return {side: palm_of(target.figure, side, *state) for side in ("left", "right")}, *state


def of_source(source):
    return {side: palm_of(source.figure, side, source.R_world_from_joint, source.joints_world)
            for side in ("left", "right")}  # fmt: skip


def quickest_deg(target, pose):
    """The largest turn of an arm from one frame to the next, and its largest change."""
    R = palms(target, pose)[1]
    joints = [joint for name, arm in target.figure.limbs.items() if name.endswith("_arm")
              for joint in (arm.upper, arm.lower, arm.end)]  # fmt: skip
    turns = axis_angle_from_matrix(R[1:, joints] @ np.swapaxes(R[:-1, joints], -1, -2))
    return np.rad2deg([np.linalg.norm(turns, axis=-1).max(), np.linalg.norm(np.diff(turns, axis=0), axis=-1).max()])


def changes(before, after):
    return np.abs(after.R_parent_from_joint - before.R_parent_from_joint).max(axis=(1, 2, 3))


@pytest.mark.parametrize("kind", KINDS)
def test_a_clap_meets(kind):
    source = clapping()
    held = source.contacts.held[:, 0]
    target, before, after = solved(source, KINDS[kind])
    at, theirs = palms(target, after)[0], of_source(source)
    apart = np.linalg.norm(at["left"] - at["right"], axis=-1)[held]
    wanted = np.linalg.norm(theirs["left"] - theirs["right"], axis=-1)[held] * hand_m(target.figure) / hand_m(
        source.figure)  # fmt: skip
    np.testing.assert_allclose(apart, wanted, atol=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_both_hands_of_a_clap_come_halfway(kind):
    target, before, after = solved(clapping(), KINDS[kind])
    old, new = palms(target, before)[0], palms(target, after)[0]
    held = clapping().contacts.held[:, 0]
    np.testing.assert_allclose((new["left"] + new["right"])[held], (old["left"] + old["right"])[held], atol=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_hands_on_hips_are_as_far_aside_as_the_hips_are_wide(kind):
    source = on_hips()
    target, _, after = solved(source, KINDS[kind])
    at, _, joints = palms(target, after)
    held, width = source.contacts.held[:, 0], KINDS[kind].hips
    for side, palm in at.items():
        mine = palm - hip_middle(target.figure, joints)
        theirs = of_source(source)[side] - hip_middle(source.figure, source.joints_world)
        np.testing.assert_allclose(mine[held, :2], width * theirs[held, :2], atol=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_hands_on_thighs_lie_as_far_along_them(kind):
    source = on_thighs()
    target, _, after = solved(source, KINDS[kind])
    held = source.contacts.held[:, 0]
    theirs = share_along(source.figure, "left_leg", source.joints_world, of_source(source)["left"])
    at, _, joints = palms(target, after)
    mine = share_along(target.figure, "left_leg", joints, at["left"])
    np.testing.assert_allclose(mine[held], theirs[held], atol=5e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hand_on_the_other_forearm_lies_as_far_along_it(kind):
    source = on_forearm()
    target, _, after = solved(source, KINDS[kind])
    held = source.contacts.held[:, 0]
    theirs = share_along(source.figure, "left_arm", source.joints_world, of_source(source)["right"])
    at, _, joints = palms(target, after)
    mine = share_along(target.figure, "left_arm", joints, at["right"])
    np.testing.assert_allclose(mine[held], theirs[held], atol=0.02)


def share_along(figure, limb_name, joints, palm):
    """How far [T] a palm is along a thigh or a forearm."""
    limb = figure.limbs[limb_name]
    start, end = (limb.upper, limb.lower) if limb_name.endswith("leg") else (limb.lower, limb.end)
    bone = joints[:, end] - joints[:, start]
    return np.sum((palm - joints[:, start]) * bone, axis=-1) / np.sum(bone * bone, axis=-1)


@pytest.mark.parametrize("kind", ["long thighs", "long legs"])
def test_a_hand_on_a_table_is_where_the_path_puts_the_table(kind):
    source = on_table()
    target, _, after = solved(source, KINDS[kind])
    held = source.contacts.held[:, 0]
    wanted = target.path_scale * (of_source(source)["left"] - [0, 0, source.floor_world_m]) + [0, 0, FLOOR_M]
    np.testing.assert_allclose(palms(target, after)[0]["left"][held], wanted[held], atol=5e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hand_on_the_floor_rests_where_it_comes_down(kind):
    source = on_floor()
    held = source.contacts.held[:, 0]
    target, before, after = solved(source, KINDS[kind])
    old, new = (palms(target, pose)[0]["left"][held] for pose in (before, after))
    theirs = target.path_scale * of_source(source)["left"][held]
    np.testing.assert_allclose(np.diff(new, axis=0), np.diff(theirs, axis=0), atol=2e-4)
    np.testing.assert_allclose(new.mean(axis=0)[:2], old.mean(axis=0)[:2], atol=1e-3)
    wanted = target.path_scale * (of_source(source)["left"][held, 2] - source.floor_world_m) + FLOOR_M
    np.testing.assert_allclose(new[:, 2], wanted, atol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_out_of_reach_is_approached(kind):
    source = on_table()
    target, before, after = solved(source, KINDS[kind])
    held = source.contacts.held[:, 0]
    wanted = (target.path_scale * (of_source(source)["left"] - [0, 0, source.floor_world_m]) + [0, 0, FLOOR_M])[held]
    far = [np.linalg.norm(palms(target, pose)[0]["left"][held] - wanted, axis=-1) for pose in (before, after)]
    assert np.all(far[1] <= 0.5 * far[0])


@pytest.mark.parametrize("perform", ALL)
def test_the_sources_own_proportions_change_nothing(perform):
    _, before, after = solved(perform(), SAME)
    np.testing.assert_allclose(after.R_parent_from_joint, before.R_parent_from_joint, atol=1e-6)
    np.testing.assert_array_equal(after.root_world, before.root_world)


@pytest.mark.parametrize("perform", ALL)
def test_what_holds_nothing_is_left_alone(perform):
    source = perform(240)
    target, before, after = solved(source, KINDS["long legs"])
    held = np.flatnonzero(source.contacts.held.any(axis=1))
    away = np.abs(np.arange(240)[:, None] - held).min(axis=1) > 1.5 * source.rate
    assert changes(before, after)[away].max(initial=0.0) < 1e-5
    empty = replace(source.contacts, held=np.zeros_like(source.contacts.held))
    untouched = hands_solved(target, replace(source, contacts=empty), before, False)
    np.testing.assert_array_equal(untouched.R_parent_from_joint, before.R_parent_from_joint)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("perform", ALL)
def test_nothing_pops(perform, kind):
    target, before, after = solved(perform(), KINDS[kind])
    (turn, change), (own_turn, own_change) = quickest_deg(target, after), quickest_deg(target, before)
    assert turn < own_turn + 4.0 and change < own_change + 4.0


@pytest.mark.parametrize("kind", KINDS)
def test_elbows_bend_in_the_plane_they_had(kind):
    target, before, after = solved(on_hips(), KINDS[kind])
    for side in ("left", "right"):
        arm = target.figure.limbs[f"{side}_arm"]
        normals = []
        for pose in (before, after):
            joints = palms(target, pose)[2]
            way = np.cross(joints[:, arm.lower] - joints[:, arm.upper], joints[:, arm.end] - joints[:, arm.lower])
            normals.append(way / np.linalg.norm(way, axis=-1, keepdims=True))
        assert np.sum(normals[0] * normals[1], axis=-1).min() > np.cos(np.deg2rad(45.0))


def test_hands_keep_their_orientation_on_the_hips():
    target, before, after = solved(on_hips(), KINDS["wide dwarf"])
    hand = target.figure.limbs["left_arm"].end
    np.testing.assert_allclose(palms(target, after)[1][:, hand], palms(target, before)[1][:, hand], atol=1e-9)


@pytest.mark.parametrize("kind", ["long thighs", "high heels"])
def test_places_are_kept_all_the_time_if_wished(kind):
    source = on_table()
    target, _, after = solved(source, KINDS[kind], places=True)
    wanted = target.path_scale * (of_source(source)["left"] - [0, 0, source.floor_world_m]) + [0, 0, FLOOR_M]
    reached = np.linalg.norm(palms(target, after)[0]["left"] - wanted, axis=-1)
    assert np.median(reached) < 0.01


def test_a_clap_still_meets_where_hands_keep_their_places():
    source = clapping()
    target, _, after = solved(source, KINDS["long thighs"], places=True)
    at = palms(target, after)[0]
    held = source.contacts.held[:, 0]
    np.testing.assert_allclose(np.linalg.norm(at["left"] - at["right"], axis=-1)[held], 0.03, atol=2e-3)


def test_going_straight_from_one_thing_to_the_next_does_not_jump():
    source = on_hips(120)
    mask = source.contacts.held[:, 0]
    half = np.arange(120) < 60
    contacts = {("left_palm", 0): mask & half, ("left_palm", JOINT["left_hip"]): mask & ~half}
    source = standing_with({"left": of_source(source)["left"]}, contacts)
    target, before, after = solved(source, KINDS["wide dwarf"])
    assert quickest_deg(target, after)[1] < quickest_deg(target, before)[1] + 4.0


@pytest.mark.parametrize("frames", [1, 2])
def test_short_clips_are_solved_too(frames):
    source = clapping(frames)
    _, _, after = solved(source, KINDS["long legs"])
    assert np.isfinite(after.R_parent_from_joint).all()


def test_long_arms_on_short_legs_do_not_go_through_the_floor():
    ape = Proportions(thigh=0.4, shin=0.4, arm=2.0, hand=1.2)
    hanging = {side: np.tile([sign * 0.25, -0.1, 0.88], (60, 1)) for side, sign in (("left", 1.0), ("right", -1.0))}
    target, before, after = solved(standing_with(hanging, {}), ape)
    for side in ("left", "right"):
        old, new = (palms(target, pose)[0][side][:, 2] - FLOOR_M for pose in (before, after))
        assert old.max() < 0.0 and new.min() > 0.8 * hand_m(target.figure)


@pytest.mark.parametrize("kind", KINDS)
def test_hands_that_are_high_enough_are_left_alone(kind):
    source = clapping()
    source = replace(source, contacts=replace(source.contacts, held=np.zeros_like(source.contacts.held)))
    target, before, after = solved(source, KINDS[kind])
    np.testing.assert_array_equal(after.R_parent_from_joint, before.R_parent_from_joint)


def test_a_body_without_arms_is_left_alone():
    source = on_hips()
    target = target_of(SAME)
    legs = {name: limb for name, limb in target.figure.limbs.items() if name.endswith("_leg")}
    target = replace(target, figure=replace(target.figure, limbs=legs))
    pose = posed(target, source)
    after = hands_solved(target, source, pose, False)
    np.testing.assert_array_equal(after.R_parent_from_joint, pose.R_parent_from_joint)
