import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.refusal import Refusal
from motion.retarget.mapping.rig_table import RigTable
from motion.retarget.mapping.tables import LARGEST_FILE_BYTES, read_tables, table_of_text
from motion.retarget.slots import NEEDED_SLOTS, SLOTS

TABLES = {table.name: table for table in read_tables()}
SMALL = {
    "name": "small", "title": "Small", "sides": {"left": "L", "right": "R"}, "centre": {"hips": "Hips"},
    "side": {"thumb": ["Thumb1*", "Thumb2*?"]},
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_shipped_table_names_all_that_retargeting_needs_and_no_bone_twice(table):
    assert set(NEEDED_SLOTS) <= set(table.bones)
    names = [name for names in table.bones.values() for name in names]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "*" in name or "?" in name]
    assert table.source


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_left_and_right_have_as_many_bones(table):
    for slot, names in table.bones.items():
        if slot.startswith("left_"):
            assert len(table.bones[slot.replace("left_", "right_")]) == len(names)


def test_a_star_stands_for_the_word_of_each_side_and_a_question_mark_for_what_may_lack():
    table = table_of_text(json.dumps(SMALL), "small.json")
    assert table.bones["right_thumb"] == ("Thumb1R", "Thumb2R")
    assert table.optional == {"Thumb2L", "Thumb2R"}


def test_rigify_switches_its_limbs_to_fk_and_names_what_deforms():
    rigify = TABLES["rigify_control"]
    fk = {(switch.bone, switch.property): switch.fk_value for switch in rigify.switches}
    assert fk["upper_arm_parent.L", "IK_FK"] == fk["thigh_parent.R", "IK_FK"] == fk["torso", "neck_follow"] == 1.0
    assert fk["thigh_parent.L", "pole_vector"] is None
    assert next(s.slots for s in rigify.switches if s.bone == "thigh_parent.R") == ("right_thigh",)
    assert rigify.shown["left_upper_arm_twist"] == ("DEF-upper_arm.L.001",)
    assert rigify.ik["right_leg"].toe == "toe_ik.R"
    assert rigify.ik["left_leg"].at_rest == ("foot_heel_ik.L", "foot_spin_ik.L")


@pytest.mark.parametrize("change, words", [
    ({"centre": {"tail": "Tail"}}, "has a slot that is not known, tail"),
    ({"centre": {"hips": ["A", "B"]}}, "has several bones for hips"),
    ({"centre": {"hips": "?"}}, "has no right hips"),
    ({"sides": {"left": "L"}}, "does not say the words for left and right"),
    ({"extra": 1}, "has an entry that is not known, extra"),
    ({"name": 5}, "has no right name"),
    ({"prefixes": ["x" * 300]}, "has no right prefixes"),
    ({"ik": {"wing": {"end": "a"}}}, "has IK for wing that is not end, pole, toe and at_rest of arm or leg"),
])  # fmt: skip
def test_what_a_table_of_the_users_has_wrong_is_said(change, words):
    with pytest.raises(Refusal) as refused:
        table_of_text(json.dumps(SMALL | change), "mine.json")
    assert refused.value.sentence == f"The rig table mine.json {words}."


def test_a_table_that_is_too_large_is_not_read(tmp_path):
    (tmp_path / "huge.json").write_bytes(b" " * (LARGEST_FILE_BYTES + 1))
    with pytest.raises(Refusal, match=r"The rig table huge\.json is larger than 200 kB\."):
        read_tables(tmp_path)


_KEYS = st.sampled_from(["left", "right", "end", "bone", *SLOTS[:5]])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    key=st.sampled_from([*SMALL, "aliases", "switches", "at_rest", "ik", "shown", "signature", "prefixes"]), value=_JSON
)
def test_a_damaged_table_is_a_table_or_refused(key, value):
    try:
        assert isinstance(table_of_text(json.dumps(SMALL | {key: value}), "mine.json"), RigTable)
    except Refusal as refusal:
        assert refusal.code == "bad-rig-table"


@settings(deadline=None, max_examples=100)
@given(data=st.binary(max_size=60), cut=st.integers(0, 400))
def test_bytes_by_chance_and_files_cut_short_are_refused(data, cut):
    for damaged in (data, json.dumps(SMALL).encode()[:cut][:-1], b"[" * 20000):
        with pytest.raises(Refusal):
            table_of_text(damaged, "mine.json")
