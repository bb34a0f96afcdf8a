"""Wrong bones in a mapping show by the lengths of limbs; the right ones of every family never do."""

import numpy as np
import pytest

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.made_up_rig import as_rig, slots_of
from motion.retarget.mapping.bone_tree import BoneTree
from motion.retarget.mapping.find_mapping import find_mapping, places_in
from motion.retarget.mapping.limb_lengths import odd_limbs
from motion.retarget.mapping.tables import read_tables
from tests.motion.retarget.named_rigs import person

RIGS = made_up_rigs()
TABLES = {table.name: table for table in read_tables()}
SIDES = ("left", "right")


def odd(name, change=None):
    """What is odd about a made-up rig with other bones in some slots, None for none."""
    bones = dict(slots_of(RIGS[name]).bones) | {slot: (bone,) if bone else () for slot, bone in (change or {}).items()}
    return odd_limbs({slot: names for slot, names in bones.items() if names}, places_in(BoneTree(as_rig(RIGS[name]))))


def first(name, slot):
    return slots_of(RIGS[name]).bones.get(slot, ("",))[0]


@pytest.mark.parametrize("name", RIGS)
def test_nothing_is_odd_about_the_right_bones(name):
    assert odd(name) == {}


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_odd_about_a_person_with_the_names_of_a_table(name):
    rig = person(TABLES[name], arms_down_deg=40.0).rig(np.random.default_rng(3))
    assert odd_limbs(TABLES[name].bones, places_in(BoneTree(rig))) == {}


@pytest.mark.parametrize("name", RIGS)
def test_a_hand_as_the_forearm_is_told_at_both_rows(name):
    found = odd(name, {"left_forearm": first(name, "left_hand"), "left_hand": first(name, "left_middle")})
    assert found["left_forearm"] == found["left_upper_arm"]
    assert found["left_forearm"].endswith("times as long as Left Upper Arm: is that the right bone?")
    assert not any(slot.startswith("right") for slot in found)


@pytest.mark.parametrize("name", RIGS)
def test_hands_as_forearms_are_told_although_both_sides_are_alike_and_no_hand_is_left(name):
    wrong = {f"{side}_{part}": first(name, f"{side}_hand") if part == "forearm" else None
             for side in SIDES for part in ("forearm", "hand")}  # fmt: skip
    assert {"left_forearm", "right_forearm"} <= set(odd(name, wrong))


@pytest.mark.parametrize("slot, twist", [("forearm", "forearm_twist"), ("forearm", "upper_arm_twist"),
                                         ("shin", "shin_twist"), ("shin", "thigh_twist")])  # fmt: skip
@pytest.mark.parametrize("name", [name for name in RIGS if any(slot.endswith("twist") for slot in RIGS[name].slots)])
def test_a_twist_bone_as_the_limb_is_told(name, slot, twist):
    chain = RIGS[name].slots.get(f"left_{twist}", ())
    if chain:   # the one farthest from the joints
        assert f"left_{slot}" in odd(name, {f"left_{slot}": chain[len(chain) // 2]})


@pytest.mark.parametrize("sides", [SIDES, SIDES[:1]])
@pytest.mark.parametrize("name", RIGS)
def test_a_toe_as_the_foot_is_told_with_the_ankle_that_is_passed_over(name, sides):
    found = odd(name, {f"{side}_{part}": first(name, f"{side}_toe") if part == "foot" else None
                       for side in sides for part in ("foot", "toe")})  # fmt: skip
    ankle = first(name, "left_foot")
    assert found["left_foot"] == f"{ankle} lies between Left Shin and Left Foot: is that the right bone?"
    assert set(found) == {f"{side}_foot" for side in sides}


@pytest.mark.parametrize("name", RIGS)
def test_a_knee_as_the_hip_is_told(name):
    assert {"left_thigh", "left_shin"} <= set(odd(name, {"left_thigh": first(name, "left_shin")}))


def test_one_side_that_is_longer_is_told_where_proportions_are_a_limbs():
    found = odd("mixamo", {"left_hand": first("mixamo", "left_middle")})
    assert set(found) == {"left_forearm", "right_forearm"}
    assert found["left_forearm"] == "Right Forearm is 0.7 times as long as Left Forearm: is that the right bone?"


def test_a_limb_that_is_known_by_its_names_but_far_too_short_is_found_with_doubts():
    table = TABLES["mixamo"]
    hand, forearm = table.bones["left_hand"][0], table.bones["left_forearm"][0]
    made = person(table)
    at = {name: made.names.index(name) for name in (hand, forearm)}
    made.heads[at[hand]] = made.heads[at[forearm]] + 0.15 * (made.heads[at[hand]] - made.heads[at[forearm]])
    found = find_mapping(made.rig(np.random.default_rng(3)))
    assert {"left_forearm", "left_upper_arm"} <= set(found.doubts)
