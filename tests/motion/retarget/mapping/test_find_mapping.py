import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.retarget.mapping.find_mapping import find_mapping
from motion.retarget.mapping.tables import read_tables
from motion.retarget.slots import NEEDED_SLOTS
from tests.motion.retarget.mapping.test_by_structure import four_legs
from tests.motion.retarget.named_rigs import MadeBones, person

TABLES = {table.name: table for table in read_tables()}


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def test_names_that_say_only_some_parts_are_filled_up_by_the_structure(rng):
    made = person(TABLES["mixamo"])
    odd = {"LeftForeArm": "noodle a", "RightForeArm": "noodle b", "Hips": "middle", "LeftUpLeg": "x", "RightLeg": "y"}
    found = find_mapping(made.renamed(odd).rig(rng))
    assert found.first("left_forearm") == "noodle a"
    assert (found.family, found.missing) == ("", ())
    assert found.first("left_index") == "LeftHandIndex1"


def test_names_that_contradict_the_body_are_not_believed(rng):
    made = person(TABLES["mixamo"])
    confused = {"LeftArm": "right shin", "RightLeg": "left upper arm", "LeftUpLeg": "head", "Head": "left thigh",
                "RightForeArm": "neck", "Neck": "right forearm"}  # fmt: skip
    found = find_mapping(made.renamed(confused).rig(rng))
    assert found.first("left_upper_arm") == "right shin"
    assert found.first("head") == "left thigh"
    assert (found.title, found.missing) == ("by structure", ())


def test_names_and_structure_that_disagree_make_doubts(rng):
    one_too_high = {"calf_l": "foot_l", "foot_l": "ball_l", "ball_l": "tip"}
    found = find_mapping(person(TABLES["unreal_ue4"]).renamed(one_too_high).rig(rng), ())
    assert found.bones["left_foot"] == ("ball_l",)
    assert "left_foot" in found.doubts
    assert found.score < 0.99


def test_the_title_says_how_it_was_found(rng):
    made = person(TABLES["vrm"])
    assert find_mapping(made.rig(rng)).title == "VRM"
    assert find_mapping(made.rig(rng), ()).title == "by names"
    assert find_mapping(made.nameless(rng)[0].rig(rng)).title == "by structure"


def test_what_is_no_person_misses_what_it_lacks(rng):
    lamp = MadeBones()
    lamp.chain(["base", "pole", "shade"], "", (0, 0, 0), (0.2, 0, 0.6))
    assert find_mapping(MadeBones().rig(rng)).missing == NEEDED_SLOTS
    assert find_mapping(lamp.rig(rng)).missing == NEEDED_SLOTS
    assert {"left_forearm", "right_upper_arm"} <= set(find_mapping(four_legs().rig(rng)).missing)


def test_an_animal_with_a_persons_names_has_no_arms(rng):
    made = person(TABLES["rigify_metarig"])
    for name in made.names:
        if any(word in name for word in ("arm", "hand", "shoulder", "palm", "thumb", "f_")):
            bone = made.names.index(name)
            for ends in (made.heads, made.tails):
                x, y, z = ends[bone]
                ends[bone] = np.array([np.sign(x) * 0.1, -0.5 + y, 1.0 - abs(x) * 1.35])
    assert {"left_forearm", "right_upper_arm"} <= set(find_mapping(made.rig(rng)).missing)


def test_a_rig_of_seven_hundred_bones_takes_no_time(rng):
    made = person(TABLES["rigify_control"])
    for name, parent, head, tail in list(zip(made.names, made.parents, made.heads, made.tails)):
        for kind in ("ORG-", "DEF-", "MCH-", "VIS-"):
            for copy in ("", ".a", ".b"):
                made.add(f"{kind}{name}{copy}", parent and f"{kind}{parent}{copy}", head, tail)
    rig = made.rig(rng)
    assert len(rig.names) > 700
    start = time.perf_counter()
    assert find_mapping(rig).family == "rigify_control"
    assert time.perf_counter() - start < 1.0


@settings(deadline=None, max_examples=150)
@given(
    places=st.lists(st.tuples(*[st.floats(-2.0, 2.0)] * 3), max_size=40),
    words=st.lists(st.sampled_from(["left", "R", "arm", "_", "leg", "hips", ".", "7", "foot", "指", "spine", "twist"])),
    seed=st.integers(0, 10_000),
)
def test_any_bones_at_all_end_in_a_mapping_of_bones_that_are_there(places, words, seed):
    rng, made = np.random.default_rng(seed), MadeBones()
    for bone, place in enumerate(places):
        name = "".join(rng.permutation(words)) + f" {bone}"
        parent = made.names[rng.integers(bone)] if bone and rng.random() < 0.9 else ""
        made.add(name, parent, np.round(place, 1), np.array(place) + 0.1)
    found = find_mapping(made.rig(rng), tuple(TABLES.values()))
    names = [name for chain in found.bones.values() for name in chain]
    assert set(names) <= set(made.names)
    assert len(set(names)) == len(names)
    assert 0.0 <= found.score <= 1.0
