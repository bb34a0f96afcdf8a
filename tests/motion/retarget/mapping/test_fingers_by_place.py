import numpy as np
import pytest

from motion.retarget.mapping.bone_tree import BoneTree
from motion.retarget.mapping.fingers_by_place import fingers_of
from motion.retarget.mapping.tables import read_tables
from tests.motion.retarget.named_rigs import MadeBones, person

NAMES = next(table for table in read_tables() if table.name == "unreal_ue5").bones


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def fingers(made: MadeBones, rng, hand="hand_r"):
    tree = BoneTree(made.rig(rng))
    found = fingers_of(tree, tree.index[hand], range(len(tree.names)))
    return {finger: [tree.names[bone] for bone in chain] for finger, chain in found.items()}


@pytest.fixture
def made():
    return person(next(table for table in read_tables() if table.name == "unreal_ue5"))


@pytest.mark.parametrize("side", ["left", "right"])
def test_five_fingers_are_known_however_the_hand_is_turned(side, made, rng):
    found = fingers(made.turned(rng.normal(size=3)), rng, f"hand_{side[0]}")
    assert found == {f: list(NAMES[f"{side}_{f}"]) for f in ("thumb", "index", "middle", "ring", "pinky")}


def test_bones_in_the_palm_and_at_the_tips_are_no_phalanges(made, rng):
    for finger in ("index", "middle", "ring", "pinky"):
        first, last = (made.names.index(f"{finger}_0{joint}_r") for joint in (1, 3))
        base = made.heads[first]
        made.parents[first] = made.add(f"palm {finger}", "hand_r", base + [0.07, 0.0, 0.0], base)
        made.add(f"tip {finger}", f"{finger}_03_r", made.tails[last], made.tails[last] - [0.01, 0.0, 0.0])
    assert fingers(made, rng)["ring"] == list(NAMES["right_ring"])


def test_a_hand_with_three_fingers_has_thumb_index_and_middle(made, rng):
    cut = MadeBones()
    for name, parent, head, tail in zip(made.names, made.parents, made.heads, made.tails):
        if "ring" not in name and "pinky" not in name:
            cut.add(name, parent, head, tail)
    assert list(fingers(cut, rng)) == ["thumb", "index", "middle"]


def test_a_hand_without_fingers_has_none(made, rng):
    assert fingers(made, rng, "foot_r") == {}
