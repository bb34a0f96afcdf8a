import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from motion.refusal import Refusal
from motion.retarget.mapping.mapping_file import (
    LARGEST_TEXT_BYTES,
    load_mapping,
    mapping_of_text,
    mapping_text,
    save_mapping,
)
from motion.retarget.mapping.rig_mapping import RigMapping
from motion.retarget.slots import CHAIN_SLOTS, SLOTS

_NAMES = st.text(min_size=1, max_size=20)
_MAPPINGS = st.builds(
    RigMapping,
    st.dictionaries(st.sampled_from(SLOTS), st.lists(_NAMES, min_size=1, max_size=5)).map(
        lambda bones: {slot: names if slot in CHAIN_SLOTS else names[:1] for slot, names in bones.items()}),
    family=st.text(max_size=9), title=st.text(max_size=9), score=st.floats(0.0, 1.0),
    doubts=st.lists(st.sampled_from(SLOTS)).map(tuple),
)  # fmt: skip
TWO = RigMapping({"hips": ("腰",), "spine": ("a", "b")}, family="mmd", title="MMD", score=0.25, doubts=("spine",))


@settings(deadline=None)
@given(mapping=_MAPPINGS)
def test_a_mapping_comes_back_from_its_text(mapping):
    assert mapping_of_text(mapping_text(mapping)) == mapping


def test_a_mapping_comes_back_from_its_file(tmp_path):
    save_mapping(TWO, tmp_path / "mine.json")
    assert load_mapping(tmp_path / "mine.json") == TWO


def test_what_is_no_mapping_is_refused_with_the_name_of_the_file(tmp_path):
    (tmp_path / "scene.json").write_text('{"bones": {}}')
    with pytest.raises(Refusal) as refused:
        load_mapping(tmp_path / "scene.json")
    assert refused.value.sentence == "scene.json holds no mapping of bones."
    with pytest.raises(Refusal, match=r"lost\.json cannot be read"):
        load_mapping(tmp_path / "lost.json")
    with pytest.raises(Refusal):
        mapping_of_text(" " * (LARGEST_TEXT_BYTES + 1))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(SLOTS[:9]), inner),
)


@settings(deadline=None, max_examples=200)
@given(key=st.sampled_from(["bones", "title", "score", "doubts", "format", "family"]), value=_JSON)
@example(key="doubts", value=[""])
def test_a_damaged_text_is_a_mapping_or_refused(key, value):
    try:
        mapping = mapping_of_text(json.dumps(json.loads(mapping_text(TWO)) | {key: value}))
        assert isinstance(mapping, RigMapping) and set(mapping.doubts) <= set(SLOTS)
    except Refusal as refusal:
        assert refusal.code == "bad-mapping"


@settings(deadline=None)
@given(cut=st.integers(0, 100), data=st.binary(max_size=40))
def test_texts_cut_short_and_bytes_by_chance_are_refused(cut, data):
    for damaged in (mapping_text(TWO)[:cut], data):
        with pytest.raises(Refusal):
            mapping_of_text(damaged)
