"""Changes of people in words; taking one back leaves the others."""

from __future__ import annotations

import pytest
from mambocap.addon.people_changes import (
    asking_for,
    brought_back,
    changes,
    edits_in,
    fate,
    find_the_same_people,
    known_edits,
    leaves,
    without_change,
)  # fmt: skip
from mambocap.motion.job import Request
from mambocap.motion.people_edits import edits_text


def words(made_with: str, wanted: str) -> list[str]:
    return [change.words for change in changes(known_edits(made_with), known_edits(wanted))]


def test_what_waits_is_said_in_plain_words():
    wanted = "merge 1 3; merge 1 4 5; split 2 at 12.5; drop 2; only 1; first 3"
    assert words("", wanted) == [
        "Merge Person 3 into Person 1", "Merge Person 4 and Person 5 into Person 1", "Split Person 2 at 12.50 s",
        "Drop Person 2", "Keep only Person 1", "Put Person 3 first",
    ]  # fmt: skip
    assert words(wanted, "") == [
        "Bring back Person 3", "Bring back Person 4 and Person 5", "Do not split Person 2 at 12.50 s",
        "Bring back Person 2", "Keep more than Person 1", "Do not put Person 3 first",
    ]  # fmt: skip
    assert words(wanted, wanted) == []


@pytest.mark.parametrize("edits, number, left", [
    ("drop 3", 3, ""),
    ("drop 2 3; first 1", 3, "drop 2; first 1"),
    ("merge 1 3; drop 2", 3, "drop 2"),
    ("merge 1 3 4", 3, "merge 1 4"),
    ("merge 3 1", 3, "merge 3 1"),
    ("only 1", 3, "only 1 3"),
    ("split 1 at 2; drop 3", 3, "split 1 at 2"),
])  # fmt: skip
def test_somebody_is_brought_back_whatever_left_them_out(edits, number, left):
    assert edits_text(brought_back(known_edits(edits), number)) == left


def test_a_change_that_is_given_up_is_gone_and_nothing_else():
    made_with, wanted = known_edits("drop 2; merge 1 3"), known_edits("merge 1 3; first 4; drop 5")
    for change in changes(made_with, wanted):
        left = changes(made_with, without_change(made_with, wanted, change.edit))
        assert left == [other for other in changes(made_with, wanted) if other != change]


@pytest.mark.parametrize("edits, number, expected", [
    ("drop 3", 3, "Will be dropped"), ("drop 3", 1, ""), ("only 1 2", 3, "Will be dropped"), ("only 1 2", 2, ""),
    ("merge 1 3", 3, "Will go into Person 1"), ("merge 1 3", 1, ""), ("first 3", 3, "Will come first"),
    ("split 3 at 1.5; split 3 at 2", 3, "Will be split at 1.50 s and 2.00 s"),
])  # fmt: skip
def test_the_list_says_what_waits_for_whom(edits, number, expected):
    assert fate(known_edits(edits), number) == expected
    assert leaves(known_edits(edits), number) == expected.startswith(("Will be dropped", "Will go"))


def test_a_request_asks_for_edits_beside_its_other_settings():
    request = Request(("a.mp4",), {"track": {"max_gap_s": 1.0}, "camera": {"fov_deg": 50.0}})
    asked = asking_for(request, known_edits("drop 2"))
    assert asked.settings == {"track": {"max_gap_s": 1.0, "people": "drop 2"}, "camera": {"fov_deg": 50.0}}
    assert edits_in(asked) == known_edits("drop 2")
    assert asking_for(asked, []) == request
    assert asking_for(Request(("a.mp4",), {"track": {"people": "drop 2"}}), []).settings == {}


def test_other_footage_or_another_detection_finds_other_people():
    request = Request(("a.mp4",), {"detect": {"hands": False}, "camera": {"fov_deg": 50.0}})
    assert find_the_same_people(request, Request(("a.mp4",), {"detect": {"hands": False}, "body": {"height_m": 1.8}}))
    assert not find_the_same_people(request, Request(("b.mp4",), request.settings))
    assert not find_the_same_people(request, Request(("a.mp4",), {}))


def test_a_text_that_nobody_wrote_like_this_says_nothing():
    assert known_edits("who knows") == [] and edits_in(Request(("a.mp4",), {"track": 3})) == []
