from dataclasses import replace

import numpy as np
import pytest

from motion.clean_up.feet import ball_on_toes
from motion.clean_up.foot import feet_of
from motion.contacts.contacts import Contacts
from motion.retarget.source.source_pose import R_WORLD_FROM_REST, SourcePose
from motion.retarget.target.target import TargetPose
from motion.retarget.touch.feet import feet_solved
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from motion.runs import runs
from motion.skeleton import JOINT
from tests.motion.clean_up.performers import RATE, in_place, walking
from tests.motion.retarget.odd_proportions import KINDS, SAME, SOURCE_FIGURE, posed, target_of

FLOOR_M = 0.3
EXTREME = "wide dwarf"   # whose feet are as long as his shins


def source_of(take, up_m=0.0) -> SourcePose:
    """A performer, standing `up_m` above the floor."""
    R, joints = take.figure.kinematics(take.R, take.root + [0.0, 0.0, up_m])
    contacts = replace(take.contacts, height_m=take.contacts.height_m + up_m)
    return SourcePose(take.figure, RATE, R, joints, contacts)


def crouching():
    return in_place(90, drop=0.25)


def solved(source, of):
    target = target_of(of, floor_world_m=FLOOR_M)
    before = posed(target, source)
    return target, before, feet_solved(target, source, before)


def state(target, pose):
    return target.figure.kinematics(pose.R_parent_from_joint, pose.root_world)


def soles(target, pose, contacts):
    """Places [T, 3] m of the parts that rest, and when [T], balls as on toes that lie flat."""
    R, joints = state(target, pose)
    points = target.figure.points(R, joints)
    for foot in feet_of(target.figure):
        yield points[:, target.figure.point(f"{foot.side}_heel")], held(contacts, f"{foot.side}_heel")
        yield ball_on_toes(foot, R[:, foot.limb.end], joints[:, foot.limb.end]), held(contacts, f"{foot.side}_ball")


def held(contacts, name):
    return contacts.held[:, contacts.names.index(name)]


def leg_changes_deg(target, before, after):
    (_, old), (_, new) = state(target, before), state(target, after)
    bones = [pair for name, leg in target.figure.limbs.items() if name.endswith("_leg")
             for pair in ((leg.upper, leg.lower), (leg.lower, leg.end))]  # fmt: skip
    ways = [np.stack([joints[:, b] - joints[:, a] for a, b in bones]) for joints in (old, new)]
    cosine = np.sum(ways[0] * ways[1], axis=-1) / np.prod([np.linalg.norm(way, axis=-1) for way in ways], axis=0)
    return np.rad2deg(np.arccos(np.clip(cosine, -1.0, 1.0)))


def quickest_change_deg(target, pose):
    """The largest change of a leg's turning from one frame to the next."""
    legs = [leg for name, leg in target.figure.limbs.items() if name.endswith("_leg")]
    R = state(target, pose)[0][:, [joint for leg in legs for joint in (leg.upper, leg.lower, leg.end)]]
    turns = axis_angle_from_matrix(R[1:] @ np.swapaxes(R[:-1], -1, -2))
    return np.rad2deg(np.linalg.norm(np.diff(turns, axis=0), axis=-1).max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("perform", [walking, crouching])
def test_what_rests_stays_in_its_place_at_its_height(kind, perform):
    source = source_of(perform())
    target, _, after = solved(source, KINDS[kind])
    for places, rests in soles(target, after, source.contacts):
        steps = np.linalg.norm(np.diff(places, axis=0), axis=-1)[rests[1:] & rests[:-1]]
        assert steps.max() < 1e-3
        np.testing.assert_allclose(places[rests, 2], FLOOR_M, atol=1e-3)


def pointing_in_flight(source):
    """The source with feet that point down, by up to 40 degrees, while they are in the air."""
    R = np.array(source.R_world_from_joint)
    for side in ("left", "right"):
        angle = np.zeros(len(R))
        for start, stop in runs(~(held(source.contacts, f"{side}_heel") | held(source.contacts, f"{side}_ball"))):
            angle[start:stop] = np.deg2rad(40.0) * np.sin(np.pi * np.arange(1, stop - start + 1) / (stop - start + 1))
        joints = [JOINT[f"{side}_ankle"], JOINT[f"{side}_foot"]]
        R[:, joints] = R[:, joints] @ matrix_from_axis_angle(angle[:, None] * [1.0, 0.0, 0.0])[:, None]
    return replace(source, R_world_from_joint=R)


@pytest.mark.parametrize("kind", KINDS)
def test_toes_lie_still_until_they_are_let_go(kind):
    source = pointing_in_flight(source_of(walking()))
    target, _, after = solved(source, KINDS[kind])
    points = target.figure.points(*state(target, after))
    for side in ("left", "right"):
        toe, rests = points[:, target.figure.point(f"{side}_toe")], held(source.contacts, f"{side}_ball")
        assert np.linalg.norm(np.diff(toe, axis=0), axis=-1)[rests[1:] & rests[:-1]].max() < 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_feet_slid_before(kind):
    source = source_of(walking())
    target, before, _ = solved(source, KINDS[kind])
    slid = [np.linalg.norm(np.diff(places, axis=0), axis=-1)[rests[1:] & rests[:-1]].max()
            for places, rests in soles(target, before, source.contacts)]  # fmt: skip
    assert max(slid) > 2e-3


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != EXTREME])
@pytest.mark.parametrize("perform", [walking, crouching])
def test_legs_point_nearly_as_before(kind, perform):
    changed = leg_changes_deg(*solved(source_of(perform()), KINDS[kind]))
    assert changed.max() < 8.0 and np.median(changed) < 2.0


@pytest.mark.parametrize("kind", KINDS)
def test_the_body_is_not_lowered_where_that_is_not_needed(kind):
    target, before, after = solved(source_of(walking()), KINDS[kind])
    assert np.abs(after.root_world - before.root_world)[:, 2].max() < 0.025 * target.path_scale
    assert np.linalg.norm(after.root_world - before.root_world, axis=-1).max() < 0.04 * target.path_scale


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_pops(kind):
    target, before, after = solved(source_of(walking()), KINDS[kind])
    assert quickest_change_deg(target, after) < 1.6 * quickest_change_deg(target, before) + 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_no_sole_is_under_the_floor(kind):
    source = source_of(walking())
    target, _, after = solved(source, KINDS[kind])
    points = target.figure.points(*state(target, after))
    for side in ("left", "right"):
        for part in ("heel", "ball", "toe"):
            assert points[:, target.figure.point(f"{side}_{part}"), 2].min() > FLOOR_M - 1e-3


@pytest.mark.parametrize("perform", [walking, crouching])
def test_the_sources_own_proportions_are_left_as_they_are(perform):
    target, before, after = solved(source_of(perform()), SAME)
    assert leg_changes_deg(target, before, after).max() < 0.3
    assert np.abs(after.root_world - before.root_world).max() < 1e-3


def test_what_stood_on_a_box_stands_on_a_box_as_much_higher_as_legs_are_longer():
    source = source_of(crouching(), up_m=0.4)
    target, _, after = solved(source, KINDS["long legs"])
    for places, rests in soles(target, after, source.contacts):
        np.testing.assert_allclose(places[rests, 2], FLOOR_M + 0.4 * target.path_scale, atol=1e-3)


def test_without_contacts_nothing_changes():
    source = source_of(in_place(40), up_m=0.5)
    source = replace(source, contacts=replace(source.contacts, held=np.zeros_like(source.contacts.held)))
    target, before, after = solved(source, KINDS["long shins"])
    np.testing.assert_allclose(after.R_parent_from_joint, before.R_parent_from_joint, atol=1e-9)
    np.testing.assert_allclose(after.root_world, before.root_world, atol=1e-9)


def test_knees_point_where_they_pointed():
    target, before, after = solved(source_of(crouching()), KINDS["long thighs"])
    for name, leg in target.figure.limbs.items():
        if name.endswith("_leg"):
            out = [joints[:, leg.lower] - 0.5 * (joints[:, leg.upper] + joints[:, leg.end])
                   for _, joints in (state(target, before), state(target, after))]  # fmt: skip
            old, new = (np.arctan2(way[:, 1], way[:, 0]) for way in out)
            assert np.abs(np.rad2deg(np.angle(np.exp(1j * (new - old))))).max() < 6.0


@pytest.mark.parametrize("size", [0.02, 30.0])
def test_toys_and_giants_are_solved_as_people_are(size):
    source = source_of(walking())
    target, _, after = solved(source, KINDS["long thighs"])
    figure = target.figure
    figure = replace(figure, rest_joints=size * figure.rest_joints, points_rest=size * figure.points_rest)
    grown = replace(target, figure=figure, path_scale=size * target.path_scale)
    other = feet_solved(grown, source, posed(grown, source))
    np.testing.assert_allclose(other.R_parent_from_joint, after.R_parent_from_joint, atol=1e-5)


def test_the_direction_of_the_walk_does_not_matter():
    source = source_of(walking())
    turn = matrix_from_axis_angle(np.array([0.0, 0.0, 1.1]))
    turned = replace(source, R_world_from_joint=turn @ source.R_world_from_joint,
                     joints_world=source.joints_world @ turn.T)  # fmt: skip
    (_, _, after), (_, _, other) = (solved(each, KINDS["long shins"]) for each in (source, turned))
    np.testing.assert_allclose(other.root_world, after.root_world @ turn.T, atol=1e-6)
    np.testing.assert_allclose(other.R_parent_from_joint[:, 1:], after.R_parent_from_joint[:, 1:], atol=1e-5)


@pytest.mark.parametrize("frames", [0, 1, 2, 3])
def test_short_clips_are_solved_too(frames):
    source = source_of(walking(max(frames, 1)))
    target = target_of(KINDS["long legs"], floor_world_m=FLOOR_M)
    pose = posed(target, source)
    pose = TargetPose(pose.R_parent_from_joint[:frames], pose.root_world[:frames])
    if frames:
        after = feet_solved(target, source, pose)
        assert np.isfinite(after.R_parent_from_joint).all() and np.isfinite(after.root_world).all()
    else:
        assert feet_solved(target, source, pose) is pose


@pytest.mark.parametrize("kind", KINDS)
def test_who_sits_stays_on_his_seat(kind):
    source = sitting()
    height = source.contacts.height_m[0, source.contacts.names.index("seat_left")]
    target, _, after = solved(source, KINDS[kind])
    points = target.figure.points(*state(target, after))
    for side in ("left", "right"):
        seat = points[:, target.figure.point(f"seat_{side}")]
        np.testing.assert_allclose(seat[:, 2], FLOOR_M + target.path_scale * height, atol=0.02 * target.path_scale)
        assert np.ptp(seat, axis=0).max() < 5e-3


def sitting() -> SourcePose:
    """On a low seat, feet on the floor."""
    source = source_of(in_place(60, drop=0.45))
    still = SourcePose(source.figure, RATE, np.repeat(source.R_world_from_joint[:1], 60, axis=0),
                       np.repeat(source.joints_world[:1], 60, axis=0), source.contacts)  # fmt: skip
    seats = ("seat_left", "seat_right")
    places = still.points_world()[:, [still.figure.point(name) for name in seats]]
    rests, old = np.ones((60, 2), dtype=bool), still.contacts
    return replace(still, contacts=Contacts(
        (*old.names, *seats), np.hstack([old.held, rests]), np.hstack([old.probability, rests]),
        np.hstack([old.height_m, places[..., 2]]), np.append(old.holds_to, [-1, -1]),
    ))  # fmt: skip


@pytest.mark.parametrize("perform", [walking, crouching])
def test_feet_without_toes_stay_in_their_places_too(perform):
    source = source_of(perform())
    target = target_of(KINDS["long shins"], floor_world_m=FLOOR_M)
    figure = target.figure
    rides = [figure.parents[joint] if name.endswith("_toe") else joint
             for name, joint in zip(figure.point_names, figure.point_joints, strict=True)]  # fmt: skip
    target = replace(target, figure=replace(figure, toe_joints={}, point_joints=rides))
    after = feet_solved(target, source, posed(target, source))
    for places, rests in soles(target, after, source.contacts):
        assert np.linalg.norm(np.diff(places, axis=0), axis=-1)[rests[1:] & rests[:-1]].max() < 1e-3
        np.testing.assert_allclose(places[rests, 2], FLOOR_M, atol=1e-3)


def test_who_stands_on_his_hands_stands_on_the_floor():
    source = on_hands()
    target, before, after = solved(source, KINDS["wide dwarf"])
    for pose, near in ((before, False), (after, True)):
        palms = target.figure.points(*state(target, pose))[:, target.figure.point("left_palm"), 2]
        assert (np.abs(palms - FLOOR_M).max() < 5e-3) == near
    assert leg_changes_deg(target, before, after).max() < 1e-6


def on_hands(frames=40) -> SourcePose:
    """Upside down, arms straight up, palms on the floor."""
    figure, upside_down = SOURCE_FIGURE, R_WORLD_FROM_REST @ np.diag([-1.0, -1.0, 1.0])
    R = np.tile(np.eye(3), (frames, 55, 1, 1))
    R[:, 0] = upside_down
    for side, sign in (("left", 1.0), ("right", -1.0)):
        R[:, JOINT[f"{side}_shoulder"]] = matrix_from_axis_angle(np.array([0.0, 0.0, sign * 0.5 * np.pi]))
    palm = figure.points(*figure.kinematics(R, np.zeros((frames, 3))))[0, figure.point("left_palm"), 2]
    R_world, joints = figure.kinematics(R, np.tile([0.0, 0.0, -palm], (frames, 1)))
    held = np.ones((frames, 2), dtype=bool)
    contacts = Contacts(("left_palm", "right_palm"), held, held, np.zeros((frames, 2)), np.full(2, -1))
    return SourcePose(figure, RATE, R_world, joints, contacts)


def test_who_flies_over_his_hands_flies_as_high_as_his_arms_are_long():
    source = on_hands(90)
    nothing, at_first = np.zeros((90, 1)), np.arange(90)[:, None] == 0
    contacts = Contacts(("left_heel",), at_first, nothing, nothing, np.array([-1]))
    target, before, after = solved(replace(source, contacts=contacts), KINDS[EXTREME])
    sunk, raised = (target.figure.points(*state(target, pose))[:, target.figure.point("left_palm"), 2] - FLOOR_M
                    for pose in (before, after))  # fmt: skip
    assert sunk.max() < -0.05
    assert np.abs(raised[30:]).max() < 0.2 * np.abs(sunk).max()


def turning_for_the_last_third(frames=90) -> SourcePose:
    """A body that stands, then stands turned by 20 degrees, with feet that are said to stand all the time."""
    source = source_of(crouching())
    turned = np.deg2rad(20.0) * np.clip((np.arange(frames) - 55.0) / 10.0, 0.0, 1.0)
    turn = matrix_from_axis_angle(turned[:, None] * [0.0, 0.0, 1.0])
    R, joints = source.R_world_from_joint[:1], source.joints_world[:1] - source.joints_world[0, 0] * [1.0, 1.0, 0.0]
    contacts = replace(source.contacts, held=np.broadcast_to(source.contacts.held[:1], source.contacts.held.shape))
    return replace(source, R_world_from_joint=turn[:, None] @ R, joints_world=joints @ np.swapaxes(turn, -1, -2),
                   contacts=contacts)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_feet_stand_amid_the_ways_on_which_the_body_swings_them(kind):
    changed = leg_changes_deg(*solved(turning_for_the_last_third(), KINDS[kind])).max(axis=0)
    assert changed[-1] > 1.0
    np.testing.assert_allclose(changed[0], changed[-1], rtol=0.3)


def test_a_body_without_legs_is_left_alone():
    source = source_of(walking(10))
    target = target_of(SAME)
    armless = replace(target, figure=replace(target.figure, limbs={}))
    pose = posed(target, source)
    assert feet_solved(armless, source, pose) is pose


def test_the_made_up_source_is_the_one_the_figure_is_made_for():
    assert source_of(walking(2)).figure.point_names == SOURCE_FIGURE.point_names
