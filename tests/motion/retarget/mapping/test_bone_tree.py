import numpy as np
import pytest

from motion.retarget.mapping.bone_tree import BoneTree
from tests.motion.retarget.named_rigs import MadeBones


@pytest.fixture
def tree():
    """a at the floor, b 3 above it, c 4 beside b, and d 1 below b; e stands for itself."""
    made = MadeBones()
    places = {"a": (0, 0, 0), "b": (0, 0, 3), "c": (4, 0, 3), "d": (0, 0, 2), "e": (0, 5, 0)}
    for (name, head), parent in zip(places.items(), ("", "a", "b", "b", "")):
        made.add(name, parent, head, np.add(head, [0, 0, 0.5]))
    return BoneTree(made.rig(np.random.default_rng(2)))


def at(tree, *names):
    return [tree.index[name] for name in names]


def test_reach_is_the_way_to_the_farthest_head_below(tree):
    assert [tree.reach[bone] for bone in at(tree, *"abcde")] == pytest.approx([7, 4, 0, 0, 0])


def test_the_highest_end_counts_all_below(tree):
    assert [tree.highest[bone] for bone in at(tree, *"ace")] == pytest.approx([3.5, 3.5, 0.5])


def test_bones_meet_where_both_descend_from(tree):
    a, b, c, d, e = at(tree, *"abcde")
    assert (tree.meeting(c, d), tree.meeting(d, b), tree.meeting(a, c), tree.meeting(c, e)) == (b, b, a, -1)


def test_between_are_the_bones_from_an_ancestor_down(tree):
    a, b, c, d, _ = at(tree, *"abcde")
    assert tree.between(a, c) == [b]
    assert tree.between(d, c) == tree.between(c, a) == tree.between(a, b) == []


def test_a_subtree_has_parents_first(tree):
    a, b, c, d, _ = at(tree, *"abcde")
    assert tree.subtree(a)[:2] == [a, b]
    assert set(tree.subtree(a)) == {a, b, c, d}
    assert tree.is_below(d, a) and tree.is_below(a, a) and not tree.is_below(a, d)
