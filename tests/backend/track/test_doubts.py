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


@pytest.mark.parametrize("quarter", [1, 3])
def test_footage_on_its_side_is_told(quarter):
    track = reaching_and_stepping().track
    turn = np.linalg.matrix_power(np.array([[0.0, -1.0], [1.0, 0.0]]), quarter)
    centre = K[:2, 2]
    sideways = replace(track, landmarks_px=(track.landmarks_px - centre) @ turn.T + centre)
    assert doubts([sideways]) == [
        "The person lies across the picture; if it was filmed sideways, set Turn and capture it again."
    ]
