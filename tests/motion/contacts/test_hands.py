import numpy as np

from motion.clean_up.settings import CleanUpSettings
from motion.contacts.believe import contact_probabilities
from motion.contacts.decide import decide
from motion.contacts.hands import on_one_thing
from motion.skeleton import JOINT
from tests.motion.contacts.takes import FIGURE, ankles_at, standing, take_of, with_palm

COUNT = len(FIGURE.point_names)
LEFT = FIGURE.point("left_palm")


def decided(take, hands=True):
    probability = contact_probabilities(take.points, FIGURE, take.rate)
    return decide(probability, FIGURE, take.R, take.joints, take.rate, CleanUpSettings(plant_hands=hands))


def test_a_hand_on_a_rail_is_held_while_the_body_sways():
    take = standing(sway_m=0.1)
    rail = np.tile([0.35, 0.25, 1.05], (len(take.R), 1))
    assert decided(with_palm(take, "left", rail)).held[:, LEFT].all()


def test_a_hand_that_hangs_or_is_held_up_quietly_bears_on_nothing():
    take = standing(sway_m=0.03)
    sway = take.joints[:, JOINT["left_shoulder"]]
    for away in ([0.05, 0.25, -0.5], [0.4, 0.1, 0.1]):
        assert not decided(with_palm(take, "left", sway + away)).held[:, LEFT].any()


def test_a_hand_on_the_floor_is_held_there():
    bent = take_of(np.tile([-0.2, 0.0, 0.6], (60, 1)), ankles_at(60), 30.0, {}, lean=1.6)
    crouching = with_palm(bent, "left", np.tile([0.35, 0.3, 0.02], (60, 1)))
    contacts = decided(crouching)
    assert contacts.held[:, LEFT].all() and not contacts.height_m[:, LEFT].any()
    assert not decided(crouching, hands=False).held[:, LEFT].any()


def test_a_palm_is_on_one_part_of_the_body_at_a_time_the_likelier_one():
    names = ("left_palm", "left_palm", "left_palm")
    held = np.ones((6, 3), dtype=bool)
    held[4:, 1] = False
    kept = on_one_thing(held, np.array([[0.9, 0.6, 0.8]]).repeat(6, axis=0), names, 1)
    np.testing.assert_array_equal(kept, np.array([[False, False, True]]).repeat(6, axis=0))
