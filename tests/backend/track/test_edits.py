"""The user's word about who is who, without detecting again."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.detections import Detections
from backend.track.follow import TrackSettings, follow
from motion.refusal import Refusal
from tests.backend.track.made_up_people import Walker, even_clip, found, unseen, walking, who

COUNT = 90
CLIP = even_clip(COUNT)
WALKERS = [Walker(walking((x, 500), (x + 50, 500), COUNT), height_px)
           for x, height_px in ((300, 400), (900, 500), (1500, 300))]  # fmt: skip


def tracks_after(people: str, walkers=WALKERS):
    return follow(found(walkers, CLIP.times_s), CLIP, TrackSettings(people=people))


def numbers(people: str) -> list[int]:
    return [track.number for track in tracks_after(people)]


@pytest.mark.parametrize("people, left", [
    ("", [1, 2, 3]), ("drop 2", [1, 3]), ("drop 1 3", [2]), ("only 3", [3]), ("only 3 1", [1, 3]),
    ("first 3", [3, 1, 2]), ("first 3; first 2", [2, 3, 1]), ("drop 1; first 3", [3, 2]), ("merge 2 3", [1, 2]),
    ("split 1 at 1", [1, 2, 3, 4]), ("split 1 at 1; split 1 at 0.5", [1, 2, 3, 4, 5]),
    ("split 1 at 1; drop 4; split 2 at 1", [1, 2, 3, 5]), ("split 2 at 1.5; only 4; split 4 at 2", [4, 5]),
])  # fmt: skip
def test_numbers_stay_with_people_and_parts_get_the_next_free_one(people, left):
    assert numbers(people) == left


def test_the_later_part_of_a_split_is_somebody_new():
    before, _, _, after = tracks_after("split 1 at 1.5")
    assert who(before.landmarks_camera) == who(after.landmarks_camera) == {1}
    np.testing.assert_array_equal(before.seen, np.arange(COUNT) < 45)
    np.testing.assert_array_equal(after.seen, np.arange(COUNT) >= 45)


def test_who_is_named_first_wins_where_both_are_seen():
    walkers = [Walker(unseen(walking((300, 500), (300, 500), COUNT), 60, COUNT), 500), WALKERS[2]]
    (merged,) = tracks_after("merge 1 2", walkers)
    assert who(merged.landmarks_camera[:60]) == {0} and who(merged.landmarks_camera[60:]) == {1}
    (other,) = tracks_after("merge 2 1", walkers)
    assert other.number == 2 and who(other.landmarks_camera) == {1}


def test_a_split_and_a_merge_exchange_two_people_from_a_moment_on():
    tracks = tracks_after("split 1 at 1; split 2 at 1; merge 1 5; merge 2 4")
    assert [track.number for track in tracks] == [1, 2, 3]
    assert who(tracks[0].landmarks_camera[:30]) == {1} and who(tracks[0].landmarks_camera[30:]) == {0}
    assert who(tracks[1].landmarks_camera[:30]) == {0} and who(tracks[1].landmarks_camera[30:]) == {1}


@pytest.mark.parametrize("people, sentence, mend", [
    ("drop 4", "There is no person 4 for \"drop 4\".", "There are people 1, 2, 3."),
    ("drop 2; merge 1 2", "There is no person 2 for \"merge 1 2\".", "There are people 1, 3."),
    ("only 3; drop 1", "There is no person 1 for \"drop 1\".", "There is only person 3."),
    ("merge 1 1", "\"merge 1 1\" names person 1 twice.", "Name everybody once."),
    ("split 1 at 12.5", "Person 1 is seen from 0.00 to 2.97 s, which 12.5 s does not part.",
     "Split at a time between."),
    ("split 1 at 0", "Person 1 is seen from 0.00 to 2.97 s, which 0 s does not part.", "Split at a time between."),
    ("drop 1 2 3; first 1", "Nobody is left after \"drop 1 2 3\".", "Take one of your changes back."),
])  # fmt: skip
def test_what_cannot_be_done_is_said(people, sentence, mend):
    with pytest.raises(Refusal) as refused:
        tracks_after(people)
    assert (refused.value.code, refused.value.sentence, refused.value.mend) == ("bad-people", sentence, mend)


def test_people_of_two_shots_are_not_merged():
    detections = found(WALKERS[:1], CLIP.times_s)
    shots = (np.arange(COUNT) >= 40).astype(int)
    with pytest.raises(Refusal) as refused:
        follow(Detections(**{**vars(detections), "shot": shots}), CLIP, TrackSettings(people="merge 1 2"))
    assert refused.value.sentence == "Person 2 is in another shot than person 1."


def test_edits_that_say_nothing_are_refused_before_anything_is_detected():
    with pytest.raises(Refusal) as refused:
        TrackSettings(people="drop 2; kill 1")
    assert refused.value.sentence == "\"kill 1\" says nothing about people."


def test_edits_of_nobody_leave_nobody():
    assert tracks_after("drop 1", []) == []
