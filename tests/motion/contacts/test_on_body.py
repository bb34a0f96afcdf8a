from dataclasses import replace

import numpy as np

from motion.clean_up.settings import CleanUpSettings
from motion.contacts.believe import contact_probabilities
from motion.contacts.decide import decide
from motion.contacts.on_body import body_holds
from motion.limb_ik import LIMBS
from motion.skeleton import JOINT
from tests.motion.contacts.takes import FIGURE, sitting, standing, times, with_palm

COUNT = len(FIGURE.point_names)
LEFT = FIGURE.point("left_palm")


def decided(take):
    probability = contact_probabilities(take.points, FIGURE, take.rate)
    return decide(probability, FIGURE, take.R, take.joints, take.rate, CleanUpSettings())


def held_to_body(contacts, palm="left_palm"):
    """[T, J] by the joint to which a palm holds."""
    to = np.zeros((len(contacts.held), 55), dtype=bool)
    for channel in range(COUNT, len(contacts.names)):
        if contacts.names[channel] == palm:
            to[:, contacts.holds_to[channel]] |= contacts.held[:, channel]
    return to


def thigh(take, side="left", share=0.6, above=0.09):
    limb = LIMBS[f"{side}_leg"]
    hip, knee = take.joints[:, limb.upper], take.joints[:, limb.lower]
    return hip + share * (knee - hip) + [0.0, 0.0, above]


def test_a_hand_on_the_thigh_holds_to_the_thigh_even_while_it_moves():
    take = sitting()
    sway = 0.1 * np.sin(2 * times(3.0, 30.0))[:, None, None]
    swaying = replace(take, joints=take.joints + sway)
    for each in (take, swaying):
        contacts = decided(with_palm(each, "left", thigh(each)))
        assert held_to_body(contacts)[:, JOINT["left_hip"]].all() and not contacts.held[:, LEFT].any()


def test_hands_that_clap_hold_to_each_other_while_they_touch():
    take = standing(seconds=3.0, sway_m=0.0)
    t = times(3.0, 30.0)
    apart = 0.25 * np.clip(np.abs(t - 1.5) - 0.25, 0.0, 0.5) * 4
    for side, sign in (("left", 1.0), ("right", -1.0)):
        middle = np.stack([np.full(len(t), 0.35), sign * (0.01 + apart), np.full(len(t), 1.2)], axis=1)
        take = with_palm(take, side, middle)
    together = held_to_body(decided(take))[:, JOINT["right_wrist"]]
    assert together[(t > 1.35) & (t < 1.65)].all() and not together[(t < 1.1) | (t > 1.9)].any()


def test_hands_that_pass_the_body_do_not_hold_to_it():
    take = standing(seconds=3.0)
    swing = 0.35 * np.sin(2 * np.pi * times(3.0, 30.0))
    beside = take.joints[:, JOINT["left_hip"]] + [0.0, 0.06, -0.1]
    swinging = with_palm(take, "left", beside + swing[:, None] * [1.0, 0.0, 0.0])
    assert not held_to_body(decided(swinging)).any()


def test_figures_without_arms_or_legs_hold_to_what_they_have():
    armless = replace(FIGURE, limbs={name: limb for name, limb in FIGURE.limbs.items() if name.endswith("leg")})
    assert {hold.joint for hold in body_holds(armless)} == {JOINT["pelvis"], JOINT["left_hip"], JOINT["right_hip"]}
    assert body_holds(replace(FIGURE, limbs={})) == []
