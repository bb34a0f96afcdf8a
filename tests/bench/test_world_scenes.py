"""Who of a film is judged, and which frames of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.track.tracks import Track
from bench.world_motion import WorldMotion
from bench.world_scenes import judged_first


def somebody(at_px: float, shot: int = 0, frames: int = 9) -> Track:
    """A track all of whose landmarks are at one place."""
    px, body, hands = np.full((frames, 33, 2), at_px), np.zeros((frames, 33, 3)), np.full((frames, 2, 21, 3), np.nan)
    ones = np.ones((frames, 33))
    return Track(np.arange(frames) / 30.0, np.ones(frames, bool), px, ones, ones, body, hands[..., :2], hands,
                 np.zeros((frames, 2)), shot=shot)  # fmt: skip


def test_the_person_judged_is_first_and_people_of_other_shots_are_left_out():
    onlooker, judged, later = somebody(50.0), somebody(310.0), somebody(200.0, shot=1)
    assert judged_first([onlooker, judged, later], np.full((9, 12, 2), 300.0)) == (judged, onlooker)


def test_who_was_never_seen_where_the_truth_is_is_not_chosen():
    unseen = replace(somebody(300.0), landmarks_px=np.full((9, 33, 2), np.nan))
    judged = somebody(900.0)
    assert judged_first([unseen, judged], np.full((9, 12, 2), 300.0))[0] is judged


def test_where_nobody_was_found_nobody_is_judged():
    assert judged_first([], np.full((9, 12, 2), 300.0)) == ()


def test_contacts_are_those_of_the_nearest_frame_at_another_rate():
    times_s = np.arange(25) / 25.0
    held = np.zeros((25, 4), bool)
    held[10:] = True                                    # from 0.4 s on
    limbs = times_s[:, None, None] * np.ones((1, 12, 3))
    taken = WorldMotion(times_s, limbs, np.broadcast_to(np.eye(3), (25, 3, 3)), held=held).at_rate()
    assert taken.times_s[taken.held[:, 0]][0] == pytest.approx(0.4, abs=0.02)
    np.testing.assert_allclose(taken.limbs[:, 5, 1], taken.times_s)
