from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.people_edits import PEOPLE_OF, Edit, edits_text, read_edits
from motion.refusal import Refusal

numbers = st.integers(1, 999)
some = st.lists(numbers, min_size=2, max_size=4).map(tuple)
splits = st.builds(Edit, st.just("split"), st.tuples(numbers), st.integers(0, 10**7).map(lambda n: n / 1e4))
edits = st.builds(Edit, st.sampled_from(["merge", "drop", "only"]), some) | splits


@given(st.lists(edits, max_size=5))
def test_what_is_written_is_read(wanted):
    assert read_edits(edits_text(wanted)) == wanted


def test_a_text_says_one_change_after_the_other():
    assert read_edits(" Merge 1 3;drop  2 ; split 1 at 12.5;; only 1; first 3 ") == [
        Edit("merge", (1, 3)), Edit("drop", (2,)), Edit("split", (1,), 12.5), Edit("only", (1,)), Edit("first", (3,)),
    ]  # fmt: skip
    assert set(PEOPLE_OF) == {"merge", "drop", "split", "only", "first"}


@pytest.mark.parametrize("part", ["merge 1", "first 1 2", "split 1", "drop 1 at 2", "kill 1", "drop", "drop -1", "1",
                                  "split 1 at 99999999"])
def test_what_says_nothing_is_shown_and_an_example_given(part):
    with pytest.raises(Refusal) as refused:
        read_edits(f"drop 2; {part}")
    assert refused.value.sentence == f"\"{part}\" says nothing about people."
    assert refused.value.mend.startswith("Write merge 1 3, split 1 at 12.5, ")


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        assert read_edits(edits_text(read_edits(text))) == read_edits(text)
    except Refusal as refusal:
        assert refusal.code == "bad-edits"
