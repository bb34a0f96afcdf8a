import numpy as np
import pytest

from motion.retarget.target.rest_points import rest_points
from tests.motion.retarget.odd_proportions import KINDS, SAME, SOURCE_FIGURE, target_of

FLOOR_M = -0.87


def man(toes=True, fingers=True, palm_bone=False):
    """Slots and joints of a small man, his left at +X, toes turned out by 20 degrees."""
    out = np.array([np.sin(np.deg2rad(20.0)), 0.0, np.cos(np.deg2rad(20.0))])
    left = {"thigh": [0.1, 0.0, 0.0], "shin": [0.1, -0.4, 0.01], "foot": [0.1, -0.8, 0.0],
            "upper_arm": [0.17, 0.45, 0.0], "forearm": [0.4, 0.45, 0.0], "hand": [0.6, 0.45, 0.0]}  # fmt: skip
    if toes:
        left["toe"] = np.array([0.1, -0.84, 0.0]) + 0.12 * out
    if fingers:
        left |= {"index": [0.68, 0.45, 0.03], "pinky": [0.67, 0.45, -0.03]}
    places, joints = [[0.0, 0.05, 0.0], [0.0, 0.2, 0.0]], {"hips": [0], "spine": [1]}
    for side, mirror in (("left", [1.0, 1.0, 1.0]), ("right", [-1.0, 1.0, 1.0])):
        for slot, place in left.items():
            joints[f"{side}_{slot}"] = [len(places)]
            places.append(np.multiply(place, mirror))
    if palm_bone:
        for side, sign in (("left", 1.0), ("right", -1.0)):
            for finger in ("index", "pinky"):
                knuckle = joints[f"{side}_{finger}"]
                joints[f"{side}_{finger}"] = [len(places), *knuckle, len(places) + 1, len(places) + 2]
                places += [[sign * 0.61, 0.45, 0.0], [sign * 0.7, 0.45, 0.0], [sign * 0.72, 0.45, 0.0]]
    return joints, np.array(places)


def points_of(joints, places, foot_tails=None, hand_tails=None):
    names, ride, points = rest_points(joints, places, foot_tails or {}, hand_tails or {}, FLOOR_M, SOURCE_FIGURE)
    return {name: (int(joint), point) for name, joint, point in zip(names, ride, points, strict=True)}


def test_the_source_itself_gets_its_own_points():
    figure = target_of(SAME).figure
    assert figure.point_names == SOURCE_FIGURE.point_names
    np.testing.assert_allclose(figure.points_rest, SOURCE_FIGURE.points_rest, atol=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_soles_lie_flat_and_heels_behind_the_ankle(kind):
    figure = target_of(KINDS[kind]).figure
    for side in ("left", "right"):
        heel, ball, toe = (figure.points_rest[figure.point(f"{side}_{part}")] for part in ("heel", "ball", "toe"))
        assert heel[1] == ball[1] == toe[1]
        assert heel[2] < figure.rest_joints[figure.limbs[f"{side}_leg"].end, 2] < ball[2] < toe[2]


def test_the_sole_goes_the_way_the_foot_points():
    joints, places = man()
    found = points_of(joints, places)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        along = found[f"{side}_ball"][1] - found[f"{side}_heel"][1]
        straight = SOURCE_FIGURE.points_rest[SOURCE_FIGURE.point(f"{side}_ball")] - SOURCE_FIGURE.points_rest[
            SOURCE_FIGURE.point(f"{side}_heel")]  # fmt: skip
        turned = np.arctan2(along[0], along[2]) - np.arctan2(straight[0], straight[2])
        assert np.rad2deg(turned) == pytest.approx(sign * 20.0, abs=0.5)
        assert found[f"{side}_toe"][0] == joints[f"{side}_toe"][0]
        assert found[f"{side}_heel"][0] == found[f"{side}_ball"][0] == joints[f"{side}_foot"][0]


def test_shoes_with_heels_do_not_make_the_foot_longer():
    joints, places = man()
    flat = points_of(joints, places)
    raised = places.copy()
    for side in ("left", "right"):
        leg = [joints[f"{side}_{slot}"][0] for slot in ("thigh", "shin", "foot")]
        raised[leg, 1] += 0.03
    for part in ("heel", "ball", "toe"):
        low, high = flat[f"left_{part}"][1], points_of(joints, raised)[f"left_{part}"][1]
        np.testing.assert_allclose(high, low, atol=5e-3)
        assert high[1] == pytest.approx(FLOOR_M)


@pytest.mark.parametrize("ahead, part", [(0.13, "ball"), (0.19, "toe")])
def test_without_toes_the_foot_ends_at_its_bone_or_near_its_ball(ahead, part):
    joints, places = man(toes=False)
    tail = places[joints["left_foot"][0]] + [0.0, -0.06, ahead]
    found = points_of(joints, places, {"left": tail})
    assert found["left_toe"][0] == joints["left_foot"][0]
    assert found[f"left_{part}"][1][2] == pytest.approx(ahead, abs=0.025)
    assert found["left_heel"][1][2] < 0.0 < found["left_ball"][1][2] < found["left_toe"][1][2]


@pytest.mark.parametrize("tail", [None, [0.1, -0.9, 0.0], [0.1, -0.8, 3.0]])
def test_a_foot_of_which_nothing_is_known_is_as_long_as_the_leg_lets_expect(tail):
    joints, places = man(toes=False)
    found = points_of(joints, places, {} if tail is None else {"left": np.array(tail)})
    assert 0.15 < found["left_toe"][1][2] - found["left_heel"][1][2] < 0.25


def test_the_palm_is_between_the_outer_knuckles():
    joints, places = man()
    joint, palm = points_of(joints, places)["left_palm"]
    assert joint == joints["left_hand"][0]
    np.testing.assert_allclose(palm, [0.675, 0.45, 0.0], atol=1e-12)


def test_bones_in_the_palm_are_not_knuckles():
    with_bones, without = (points_of(*man(palm_bone=each))["left_palm"][1] for each in (True, False))
    np.testing.assert_allclose(with_bones, without, atol=1e-12)


@pytest.mark.parametrize("tail", [None, [0.6, 0.45, 0.0], [0.601, 0.45, 0.0], [0.69, 0.45, 0.0], [2.6, 0.45, 0.0]])
def test_without_fingers_the_palm_is_as_far_along_the_hand_as_ours(tail):
    joints, places = man(fingers=False)
    palm = points_of(joints, places, hand_tails={} if tail is None else {"left": np.array(tail)})["left_palm"][1]
    np.testing.assert_allclose(palm, [0.68, 0.45, 0.0], atol=0.015)


def test_a_body_without_feet_and_arms_has_what_is_left():
    joints, places = man()
    left = {slot: joint for slot, joint in joints.items() if not slot.endswith(("foot", "toe", "forearm"))}
    assert not points_of(left, places)
    legs_only = {slot: joint for slot, joint in joints.items() if "arm" not in slot}
    assert "left_heel" in points_of(legs_only, places) and "left_palm" not in points_of(legs_only, places)


def test_one_joint_a_slot_is_as_good_as_a_chain_of_one():
    joints, places = man()
    for name, (_, place) in points_of({slot: chain[0] for slot, chain in joints.items()}, places).items():
        np.testing.assert_array_equal(place, points_of(joints, places)[name][1])
