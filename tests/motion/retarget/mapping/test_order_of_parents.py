import numpy as np
import pytest

from motion.retarget.mapping.bone_tree import BoneTree
from motion.retarget.mapping.order_of_parents import left_of_character, misplaced
from motion.retarget.mapping.tables import read_tables
from tests.motion.retarget.named_rigs import Y_UP, person

UNREAL = next(table for table in read_tables() if table.name == "unreal_ue4")


@pytest.fixture
def rng():
    return np.random.default_rng(8)


@pytest.mark.parametrize("exchanged, wrong", [
    (("left_forearm", "left_upper_arm"), {"left_upper_arm", "left_forearm"}),
    (("left_thigh", "right_thigh"), {"left_thigh", "right_thigh", "left_shin", "right_shin"}),
    (("head", "neck"), {"neck", "head"}),
    (("left_index", "right_index"), {"left_index", "right_index"}),
])  # fmt: skip
def test_bones_that_are_exchanged_cannot_be_right(exchanged, wrong, rng):
    one, other = exchanged
    bones = dict(UNREAL.bones) | {one: UNREAL.bones[other], other: UNREAL.bones[one]}
    assert misplaced(BoneTree(person(UNREAL).rig(rng)), UNREAL.bones) == set()
    assert misplaced(BoneTree(person(UNREAL).rig(rng)), bones) & wrong


def test_of_controls_only_the_places_count(rng):
    made = person(UNREAL)
    made.parents = [""] * len(made.parents)
    tree = BoneTree(made.rig(rng))
    assert misplaced(tree, UNREAL.bones, controls=True) == set()
    assert "left_forearm" in misplaced(tree, UNREAL.bones)


def test_legs_that_point_upwards_are_wrong(rng):
    made = person(UNREAL)
    made.heads = [head * [1, 1, -1] for head in made.heads]
    assert {"left_shin", "right_thigh", "head"} <= misplaced(BoneTree(made.rig(rng)), UNREAL.bones)


def test_left_turns_with_the_character(rng):
    angle = rng.uniform(-np.pi, np.pi)
    tree = BoneTree(person(UNREAL).turned((0.0, 0.0, angle)).rig(rng, Y_UP))
    np.testing.assert_allclose(left_of_character(tree, UNREAL.bones), [np.cos(angle), np.sin(angle), 0.0], atol=0.02)
