"""What rests is decided on the source, unless somebody said it."""

import numpy as np
import pytest

from bench.rigs.made_up_motion import performance
from motion.contacts.contacts import Contacts
from motion.retarget.source.source_contacts import as_large, contacts_of

SHOW = performance()


def of(**words) -> Contacts:
    return contacts_of(SHOW.figure, SHOW.R_world_from_joint, SHOW.joints_world, SHOW.rate, **words)


def held(contacts, name):
    return contacts.held[:, contacts.names.index(name)]


def test_what_was_said_is_not_decided_again():
    said = np.arange(SHOW.frame_count) % 40 < 3   # shorter than any contact that would be decided
    contacts = of(said={"left_heel": said, "no_such_point": said})
    np.testing.assert_array_equal(held(contacts, "left_heel"), said)
    np.testing.assert_array_equal(held(contacts, "right_ball"), held(of(), "right_ball"))


def test_what_is_believed_is_decided_with_the_rest():
    never = np.full(SHOW.frame_count, 1e-4)
    contacts = of(believed={"left_ball": never})
    assert held(of(), "left_ball").any() and not held(contacts, "left_ball").any()


def test_a_clap_is_a_hand_on_the_other():
    contacts = of()
    on_hand = [channel for channel, name in enumerate(contacts.names)
               if name == "left_palm" and contacts.holds_to[channel] >= 0]  # fmt: skip
    assert contacts.held[255:259, on_hand].any() and not contacts.held[100:170, on_hand].any()


def test_heights_go_with_the_size_of_a_figure():
    contacts = of()
    figure, larger = as_large(SHOW.figure, contacts, 3.0)
    np.testing.assert_allclose(larger.height_m, 3.0 * contacts.height_m)
    np.testing.assert_allclose(figure.points_rest, 3.0 * SHOW.figure.points_rest)
    assert figure.rest_joints[4, 1] == pytest.approx(3.0 * SHOW.figure.rest_joints[4, 1])
