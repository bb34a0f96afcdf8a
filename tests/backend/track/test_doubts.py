from dataclasses import replace

import numpy as np
import pytest

from backend.track.doubts import doubts
from tests.backend.lift.made_up_track import K, reaching_and_stepping


def with_gap(track, first, last):
    arrays = {name: np.array(getattr(track, name)) for name in ("seen", "landmarks_px", "scores", "landmarks_camera")}
    hidden = slice(first, last)
    arrays["seen"][hidden], arrays["scores"][hidden] = False, 0.0
    arrays["landmarks_px"][hidden], arrays["landmarks_camera"][hidden] = np.nan, np.nan
    return replace(track, **arrays)


def test_a_person_who_is_seen_throughout_raises_no_doubt():
    assert doubts([reaching_and_stepping().track]) == []


def test_who_comes_late_and_leaves_early_is_not_lost():
    track = reaching_and_stepping().track
    assert doubts([with_gap(with_gap(track, 0, 15), 35, 45)]) == []


def test_who_is_lost_for_long_is_told_by_the_users_number():
    seldom = replace(with_gap(reaching_and_stepping().track, 5, 40), number=4)
    assert doubts([reaching_and_stepping().track, seldom]) == [
        "Person 4 was seen in 22% of the pictures between their first and last; in the others the pose is held."
    ]


def turned(track, quarters, pictures=slice(None)):
    turn = np.linalg.matrix_power(np.array([[0.0, -1.0], [1.0, 0.0]]), quarters)
    centre, landmarks_px = K[:2, 2], np.array(track.landmarks_px)
    landmarks_px[pictures] = (landmarks_px[pictures] - centre) @ turn.T + centre
    return replace(track, landmarks_px=landmarks_px)


@pytest.mark.parametrize("quarters, sentence", [
    (1, "The person lies across the picture; if it was filmed sideways, "),
    (2, "The person's head is below their hips; if it was filmed upside down, "),
    (3, "The person lies across the picture; if it was filmed sideways, "),
])  # fmt: skip
def test_footage_that_is_turned_is_told(quarters, sentence):
    sentences = doubts([turned(reaching_and_stepping().track, quarters)])
    assert sentences == [f"{sentence}capture it again with Turn (--turn-deg) set."]


@pytest.mark.parametrize("quarters", [1, 2])
def test_who_lies_or_stands_on_their_hands_for_some_time_was_not_filmed_so(quarters):
    assert doubts([turned(reaching_and_stepping().track, quarters, slice(15))]) == []
