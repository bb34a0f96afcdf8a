from dataclasses import replace

import numpy as np
import pytest

from backend.train.motions.training_clip import Teaches
from backend.train.variety.limbs import ARMS, TRUNK, Stretch, arm_speeds, exchange, exchanged, lean_alike
from backend.train.variety.mirrored import mirrored_rotations
from motion.rotations import matrix_from_axis_angle
from tests.backend.train.variety.made_up_clips import LENIENT, marching

LEGS_CLIP = marching("legs", frames=120, pace_hz=0.7)
ARMS_CLIP = marching("arms", frames=150, arms_rad=0.7, pace_hz=1.3, seed=1)
BELOW = [0, 1, 2, 4, 5, 7, 8, 10, 11]


@pytest.mark.parametrize("joints", [ARMS, (*TRUNK, *ARMS)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_an_exchange_keeps_the_lower_body_and_takes_the_rest_exactly(joints, mirrored):
    legs, above = Stretch(LEGS_CLIP, 20, 80), Stretch(ARMS_CLIP, 33, 80, mirrored)
    clip = exchanged(legs, above, joints, "limbs/0")
    np.testing.assert_array_equal(clip.R_parent_from_joint[:, BELOW], LEGS_CLIP.R_parent_from_joint[20:100, BELOW])
    np.testing.assert_array_equal(clip.root_world, LEGS_CLIP.root_world[20:100])
    taken = ARMS_CLIP.R_parent_from_joint[33:113]
    taken = mirrored_rotations(taken) if mirrored else taken
    np.testing.assert_allclose(clip.R_parent_from_joint[:, list(joints)], taken[:, list(joints)], atol=1e-6)


def test_soles_keep_their_labels():
    still = np.zeros((120, 6), bool)
    still[30:60, [0, 4]] = True
    clip = exchanged(Stretch(replace(LEGS_CLIP, still=still), 10, 60), Stretch(ARMS_CLIP, 0, 60), ARMS, "limbs/0")
    np.testing.assert_array_equal(clip.still[:, [0, 1, 3, 4]], still[10:70][:, [0, 1, 3, 4]])


def test_what_was_not_recorded_is_not_taught():
    arms = replace(ARMS_CLIP, teaches=Teaches(joints=tuple(joint != 20 for joint in range(22))))
    legs = replace(LEGS_CLIP, teaches=Teaches(joints=tuple(joint not in (7, 21) for joint in range(22)), path=False))
    teaches = exchanged(Stretch(legs, 0, 50), Stretch(arms, 0, 50), ARMS, "limbs/0").teaches
    assert [joint for joint, taught in enumerate(teaches.joints) if not taught] == [7, 20]
    mirrored = exchanged(Stretch(legs, 0, 50), Stretch(arms, 0, 50, True), ARMS, "limbs/0").teaches
    assert [joint for joint, taught in enumerate(mirrored.joints) if not taught] == [7, 21]
    assert not teaches.path


def test_arms_of_poses_made_by_hand_tell_nothing_of_speed():
    by_hand = replace(ARMS_CLIP, teaches=Teaches(speed=False))
    legs = Stretch(LEGS_CLIP, 0, 50)
    assert not exchanged(legs, Stretch(by_hand, 0, 50), ARMS, "limbs/0").teaches.speed
    assert exchanged(legs, Stretch(ARMS_CLIP, 0, 50), ARMS, "limbs/0").teaches.speed


def test_trunks_go_only_on_pelves_that_lean_alike():
    bowed = ARMS_CLIP.R_parent_from_joint.copy()
    bowed[:, 0] = matrix_from_axis_angle([0.6, 0.0, 0.0]) @ bowed[:, 0]
    turned = ARMS_CLIP.R_parent_from_joint.copy()
    turned[:, 0] = matrix_from_axis_angle([0.0, 0.0, 2.0]) @ turned[:, 0]
    legs, bowing, turning = (Stretch(replace(ARMS_CLIP, R_parent_from_joint=R), 0, 60)
                             for R in (ARMS_CLIP.R_parent_from_joint, bowed, turned))  # fmt: skip
    assert lean_alike(legs, turning) and not lean_alike(legs, bowing)


def test_some_get_the_body_of_whom_the_arms_are_from():
    tall = replace(ARMS_CLIP, rest_joints=1.1 * ARMS_CLIP.rest_joints)
    clips, weights = [LEGS_CLIP, tall], np.array([0.5, 0.5])
    drawn = [exchange(clips, weights, "limbs/0", LENIENT, np.random.default_rng(seed)) for seed in range(16)]
    bodies = {(clip.origin.subject, bool(np.allclose(clip.rest_joints, tall.rest_joints))) for clip in drawn if clip}
    assert bodies == {("legs", False), ("legs", True), ("arms", False), ("arms", True)}


def test_both_licences_are_named():
    other = replace(ARMS_CLIP, origin=replace(ARMS_CLIP.origin, licence="LGPL-2.1"))
    origin = exchanged(Stretch(LEGS_CLIP, 15, 50), Stretch(other, 0, 50), ARMS, "limbs/7").origin
    assert (origin.licence, origin.name, origin.start_s) == ("CC0-1.0 and LGPL-2.1", "limbs/7", 0.5)


def test_arms_come_in_time_with_the_arms_that_they_replace():
    pauses = np.repeat([0.0, 1.0, 0.0], 60)
    angle = np.cumsum(pauses) * 0.05
    quiet = marching("quiet", frames=180)
    R = quiet.R_parent_from_joint.copy()
    R[:, :] = R[:1]
    c, s = np.cos(angle), np.sin(angle)
    R[:, 18] = np.moveaxis(np.array([[c, -s, 0 * c], [s, c, 0 * c], [0 * c, 0 * c, 1 + 0 * c]]), -1, 0)
    speeds = arm_speeds(R)
    assert speeds[:50].max() < 0.1 and speeds[70:110, 1].min() > 1.0 and speeds[130:].max() < 0.1


def test_the_same_chance_exchanges_the_same_limbs_and_short_clips_are_left_alone():
    clips = [LEGS_CLIP, ARMS_CLIP]
    rules, weights = LENIENT, np.array([0.5, 0.5])

    def drawn(seed):
        rng = np.random.default_rng(seed)
        return next(clip for clip in (exchange(clips, weights, "limbs/0", rules, rng) for _ in range(40)) if clip)

    np.testing.assert_array_equal(drawn(4).R_parent_from_joint, drawn(4).R_parent_from_joint)
    short = [marching("a", frames=20), marching("b", frames=20)]
    assert all(exchange(short, weights, "x", rules, np.random.default_rng(seed)) is None for seed in range(5))
