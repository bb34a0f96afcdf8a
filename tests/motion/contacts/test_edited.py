from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motion.contacts.contacts import ContactEdit
from motion.contacts.edited import IS_FREE, NOTHING, RESTS, edits_of, said_anew, said_in, text_of

words = arrays(np.int64, st.integers(1, 12), elements=st.sampled_from([RESTS, IS_FREE, NOTHING]))


@given(words)
def test_what_was_said_is_read_as_it_was_written(said):
    read = said_in(text_of({"left_heel": said}), len(said))
    assert np.array_equal(read.get("left_heel", np.zeros(len(said))), said)


def test_nothing_said_is_no_text_and_no_text_says_nothing():
    assert text_of({"left_heel": np.zeros(5, dtype=int)}) == "{}"
    assert said_in("", 5) == said_in("{}", 5) == {}


def test_what_lies_beyond_a_motion_that_became_shorter_is_cut_off():
    text = text_of({"back": np.array([0, 1, 1, 1, 1, 1])})
    assert said_in(text, 3)["back"].tolist() == [0, 1, 1]


def test_a_contact_that_was_prolonged_says_that_the_point_rests_there_and_leaves_older_words_alone():
    decided = np.array([0, 1, 1, 0, 0, 0], dtype=bool)
    shown = np.array([0, 1, 1, 1, 1, 0], dtype=bool)
    before = np.array([IS_FREE, 0, 0, 0, 0, 0])
    assert said_anew(before, shown, decided).tolist() == [IS_FREE, 0, 0, RESTS, RESTS, 0]


def test_the_last_word_counts():
    said = said_anew(np.array([RESTS, RESTS]), np.array([False, True]), np.array([True, True]))
    assert said.tolist() == [IS_FREE, RESTS]


def test_edits_speak_in_seconds_of_the_footage_with_both_ends():
    times_s = 2.0 + np.arange(6) / 25.0
    said = {"left_heel": np.array([0, RESTS, RESTS, 0, IS_FREE, 0])}
    assert edits_of(said, times_s) == [
        ContactEdit("left_heel", 2.04, 2.08, True), ContactEdit("left_heel", 2.16, 2.16, False),
    ]  # fmt: skip


@pytest.mark.parametrize("text", [
    "{", "[" * 100_000, "[1]", '{"a": 3}', '{"a": [3, [1, 2], [0, 1, 7], [2, 1, 1], [0, 1e400, 1], [0, 1, 1.5]]}',
    '{"a": [[0, ' + "9" * 50 + ', 1], [-1, 2, 1]]}',
])  # fmt: skip
def test_what_somebody_damaged_is_passed_over(text):
    assert not any(words.any() for words in said_in(text, 4).values())
