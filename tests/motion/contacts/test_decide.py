from dataclasses import replace

import numpy as np
import pytest

from motion.clean_up.settings import CleanUpSettings
from motion.contacts.believe import contact_probabilities
from motion.contacts.contacts import ContactEdit
from motion.contacts.decide import decide
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_NAMES
from tests.motion.contacts.takes import (
    FEET,
    FIGURE,
    UPRIGHT,
    ankles_at,
    jumping,
    sitting,
    standing,
    take_of,
    walking,
)

AUTO = CleanUpSettings()
COUNT = len(FIGURE.point_names)
TOLERANCE_S = 0.07


def decided(take, settings=AUTO, edits=(), probability=None, times_s=None):
    if probability is None:
        probability = contact_probabilities(take.points, FIGURE, take.rate)
    return decide(probability, FIGURE, take.R, take.joints, take.rate, settings, edits, times_s)


def channel(contacts, name):
    return contacts.names.index(name)


def changes_s(held, rate):
    return (np.flatnonzero(np.diff(held.astype(int))) + 1) / rate


def mostly(take, rng, right=0.9):
    """Beliefs about what truly rests, some of them wrong."""
    true = np.stack([take.rests["right" if "right" in name else "left"] for name in FIGURE.point_names], axis=1)
    says = np.where(rng.random(true.shape) < right, true, ~true)
    return np.where(says, 0.8, 0.2)


def test_standing_feet_are_held_all_the_time_on_the_floor():
    contacts = decided(standing())
    for name in FEET:
        assert contacts.held[:, channel(contacts, name)].all()
    assert not contacts.height_m[contacts.held].any()


def test_wrong_single_frames_do_not_flicker(rng):
    take = walking(60.0)
    contacts = decided(take, probability=mostly(take, rng))
    for name in FEET:
        lengths = np.diff(changes_s(contacts.held[:, channel(contacts, name)], 1.0))
        assert lengths.min() >= 6


@pytest.mark.parametrize("rate", [12.0, 24.0, 30.0, 60.0, 120.0])
def test_steps_begin_and_end_when_they_do_at_any_rate(rate):
    take = walking(rate, seconds=3.75)
    contacts = decided(take)
    for side in ("left", "right"):
        found = changes_s(contacts.held[:, channel(contacts, f"{side}_ball")], rate)
        # What the beginning leaves of a stance of a sixth of a second may be passed over.
        found, true = (each[each > 0.2] for each in (found, changes_s(take.rests[side], rate)))
        np.testing.assert_allclose(found, true, atol=max(TOLERANCE_S, 1.01 / rate))


@pytest.mark.parametrize("flight_s", [0.3, 0.5])
def test_a_jump_has_a_flight(flight_s):
    take = jumping(30.0, flight_s)
    contacts = decided(take)
    for name in FEET:
        leaves, lands = changes_s(contacts.held[:, channel(contacts, name)], take.rate)
        assert abs(leaves - (1.5 - 0.5 * flight_s)) < 0.12 and abs(lands - (1.5 + 0.5 * flight_s)) < 0.12


def test_a_flight_is_not_bridged_by_doubt_about_it():
    take = jumping(30.0, 0.3)
    probability = np.where(take.rests["left"], 0.9, 0.3)[:, None].repeat(COUNT, axis=1)
    contacts = decided(take, probability=probability)
    assert not contacts.held[~take.rests["left"]][:, channel(contacts, "left_ball")].any()


def test_doubt_for_a_moment_lets_nobody_go():
    take = standing()
    probability = np.full((len(take.R), COUNT), 0.9)
    probability[20:22] = 0.5
    contacts = decided(take, probability=probability)
    assert contacts.held[:, channel(contacts, "right_heel")].all()


def other_side(names):
    return [names.index(name.replace("left", "*").replace("right", "left").replace("*", "right")) for name in names]


def test_mirrored_people_are_held_mirrored():
    take, joints = walking(), other_side(JOINT_NAMES)
    across, at_rest = np.diag([1.0, -1.0, 1.0]), np.diag([-1.0, 1.0, 1.0])
    mirrored = replace(take, R=across @ take.R[:, joints] @ at_rest, joints=take.joints[:, joints] @ across)
    points = other_side(FIGURE.point_names)
    np.testing.assert_array_equal(decided(mirrored).held[:, points], decided(take).held[:, :COUNT])


def test_backwards_people_are_held_at_the_same_moments():
    take = walking()
    np.testing.assert_array_equal(decided(take.backwards()).held[::-1], decided(take).held)


def test_where_people_are_and_whither_they_look_does_not_matter():
    take = walking()
    there, here = decided(take.moved(-1.3, (12.0, 5.0, 0.0))), decided(take)
    np.testing.assert_array_equal(there.held, here.held)
    np.testing.assert_allclose(there.height_m, here.height_m, atol=1e-9)


def test_what_rests_high_is_held_there_and_both_feet_alike():
    contacts = decided(standing(height=0.45))
    feet = [channel(contacts, name) for name in FEET]
    assert contacts.held[:, feet].all()
    np.testing.assert_allclose(contacts.height_m[:, feet], 0.45, atol=0.02)


def test_every_stair_has_its_height():
    take = walking(step_m=0.18)
    contacts = decided(take)
    ball = channel(contacts, "left_ball")
    held = contacts.held[:, ball]
    own = take.points[:, FIGURE.point("left_ball"), 2]
    assert np.abs(contacts.height_m[held, ball] - own[held]).max() < 0.06
    assert len(np.unique(contacts.height_m[held, ball].round(6))) >= 3


def test_on_tiptoe_only_balls_and_toes_are_held():
    tiptoe = UPRIGHT @ matrix_from_axis_angle([0.8, 0.0, 0.0])
    root = np.tile([0.05, 0.0, 0.97], (60, 1))
    contacts = decided(take_of(root, ankles_at(60, height=0.07), 30.0, {}, {"left": tiptoe, "right": tiptoe}))
    assert contacts.held[:, channel(contacts, "left_ball")].all()
    assert not contacts.held[:, channel(contacts, "left_heel")].any()


def test_who_sits_is_held_by_the_seat_as_high_as_it_is():
    take = sitting()
    contacts = decided(take)
    for name in ("seat_left", "seat_right"):
        seat = channel(contacts, name)
        assert contacts.held[:, seat].all()
        np.testing.assert_allclose(contacts.height_m[:, seat], take.points[:, FIGURE.point(name), 2], atol=0.01)


@pytest.mark.parametrize("kept", [(), ("left_heel", "right_ball"), ("left_palm",)])
def test_figures_may_have_few_points_and_no_limbs(kept):
    take, columns = walking(), [FIGURE.point(name) for name in kept]
    few = replace(FIGURE, limbs={}, toe_joints={}, point_names=kept, point_joints=FIGURE.point_joints[columns],
                  points_rest=FIGURE.points_rest[columns])  # fmt: skip
    probability = contact_probabilities(few.points(take.R, take.joints), few, take.rate)
    contacts = decide(probability, few, take.R, take.joints, take.rate, AUTO)
    assert contacts.names == kept and contacts.held.shape == (len(take.R), len(kept))


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_a_few_frames_are_enough(frames):
    whole = standing()
    take = replace(whole, R=whole.R[:frames], joints=whole.joints[:frames])
    assert decided(take).held[:, [FIGURE.point(name) for name in FEET]].all()


def test_never_and_ground_hold_no_foot_always_holds_slow_ones():
    take = standing()
    doubted = np.full((len(take.R), COUNT), 0.05)
    feet = [FIGURE.point(name) for name in FEET]
    for mode, wanted in (("never", False), ("ground", False), ("auto", False), ("always", True)):
        probability = doubted if mode in ("auto", "always") else None
        held = decided(take, replace(AUTO, feet=mode), probability=probability).held
        assert (held[:, feet] == wanted).all(), mode


def test_the_artist_has_the_last_word():
    take = walking()
    edits = [ContactEdit("left_ball", 1.0, 2.0, True), ContactEdit("right_ball", 0.5, 3.0, False)]
    held = decided(take, replace(AUTO, feet="never"), edits).held
    np.testing.assert_array_equal(np.flatnonzero(held[:, FIGURE.point("left_ball")]), np.arange(30, 61))
    assert not decided(take, edits=edits).held[15:91, FIGURE.point("right_ball")].any()


def test_edits_speak_of_times_in_the_footage():
    take = walking()
    edit = ContactEdit("left_ball", 1.0, 2.0, True)
    later = decided(take, edits=[edit], times_s=10.0 + np.arange(len(take.R)) / take.rate)
    np.testing.assert_array_equal(later.held, decided(take).held)
