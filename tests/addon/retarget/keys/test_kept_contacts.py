"""When hands and feet rest, kept with an action."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from mambocap.addon.curves import Keys
from mambocap.addon.retarget.keys.kept_contacts import CONTACTS, contact_ends, note_contacts
from mambocap.motion.contacts.contacts import Contacts

from tests.addon.made_up_takes import empty_scene

FRAMES = 100.5 + 0.8 * np.arange(10)


@pytest.fixture
def thing() -> bpy.types.Object:
    scene = empty_scene()
    thing = bpy.data.objects.new("Hero", None)
    scene.collection.objects.link(thing)
    Keys(thing, "Dance").add("location", 0, "Path", FRAMES, np.arange(10.0))
    return thing


def contacts(*held) -> Contacts:
    mask = np.array(held, dtype=bool).T
    names = ("left_heel", "right_palm", "seat_left")[: mask.shape[1]]
    return Contacts(names, mask, mask, 0.0 * mask, np.full(mask.shape[1], -1))


def test_first_and_last_frames_of_rest_are_found_again(thing):
    held = contacts([0, 0, 1, 1, 1, 0, 0, 0, 1, 1], [0] * 10, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    note_contacts(thing.animation_data.action, held, FRAMES)
    assert contact_ends(thing, FRAMES) == [2, 4, 5, 8, 9]


def test_they_are_found_in_frames_of_another_rate(thing):
    note_contacts(thing.animation_data.action, contacts([0, 1, 1, 1, 0, 0, 0, 0, 0, 0]), FRAMES)
    assert contact_ends(thing, 101.0 + np.arange(8.0)) == [0, 2]


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"left_heel": 3}', '{"left_heel": [["a", 2]]}'])
def test_a_text_that_somebody_broke_says_nothing(thing, text):
    thing.animation_data.action[CONTACTS] = text
    assert contact_ends(thing, FRAMES) == []
