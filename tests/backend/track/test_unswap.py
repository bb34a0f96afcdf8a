"""Exchanged sides are put back; bodies that turn or lie are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.track.sides import ARMS_ORDER, LEGS_ORDER
from backend.track.tracks import Track
from backend.track.unswap import unswapped
from tests.backend.track.made_up_people import STANDING

RATE = 30.0
DEPTH = np.zeros(33)
DEPTH[0] = -0.12        # the nose, in front of the ears


def turning(heading_rad: np.ndarray, lean_rad: float = 0.0, face_score: float = 0.9) -> Track:
    """A walker whose front points `heading_rad` [T] off the camera, leaning sideways in the picture."""
    count = len(heading_rad)
    rest = 1.7 * np.stack([STANDING[:, 0], STANDING[:, 1], DEPTH], axis=-1)
    swing = 0.06 * np.sin(np.arange(count)[:, None, None] / 6 + np.arange(33)[:, None]) * [0.3, 0.3, 1]
    cos, sin = np.cos(heading_rad), np.sin(heading_rad)
    zero, one = np.zeros(count), np.ones(count)
    R_camera_from_body = np.array([[cos, zero, sin], [zero, one, zero], [-sin, zero, cos]]).transpose(2, 0, 1)
    lean = np.array([[np.cos(lean_rad), -np.sin(lean_rad), 0], [np.sin(lean_rad), np.cos(lean_rad), 0], [0, 0, 1]])
    landmarks_camera = (rest + swing) @ R_camera_from_body.transpose(0, 2, 1) @ lean.T
    scores = np.full((count, 33), 0.9)
    scores[:, :11] = face_score
    hands = np.arange(2.0)[None, :, None, None] + np.zeros((count, 2, 21, 3))
    return Track(np.arange(count) / RATE, np.ones(count, bool), 640 + 250 * landmarks_camera[..., :2], scores,
                 np.full(scores.shape, 1.0), landmarks_camera, hands[..., :2], hands,
                 np.tile([0.8, 0.6], (count, 1)))  # fmt: skip


def exchanged(track: Track, frames: slice | np.ndarray) -> Track:
    body, arrays = ARMS_ORDER[LEGS_ORDER], {}
    for name in ("landmarks_px", "scores", "landmarks_camera", "hands_px", "hands_camera", "hand_scores"):
        arrays[name] = getattr(track, name).copy()
        arrays[name][frames] = arrays[name][frames][:, body if arrays[name].shape[1] == 33 else [1, 0]]
    return replace(track, **arrays)


def assert_same(track: Track, expected: Track) -> None:
    for name in ("landmarks_px", "scores", "landmarks_camera", "hands_px", "hands_camera", "hand_scores"):
        np.testing.assert_array_equal(getattr(track, name), getattr(expected, name), err_msg=name)


AWAY = np.full(120, np.pi)
TOWARDS = np.zeros(120)
ROUND = np.linspace(0, 2 * np.pi, 120)


@pytest.mark.parametrize("heading_rad", [AWAY, TOWARDS, ROUND, np.full(120, 1.2)])
@pytest.mark.parametrize("first, last", [(40, 41), (40, 43), (30, 60), (10, 100)])
def test_exchanged_runs_are_put_back(heading_rad, first, last):
    clean = turning(heading_rad)
    assert_same(unswapped(exchanged(clean, slice(first, last))), clean)


def test_a_random_tenth_of_the_frames_is_put_back():
    clean = turning(ROUND)
    frames = np.random.default_rng(5).choice(np.arange(1, 119), 12, replace=False)
    assert_same(unswapped(exchanged(clean, frames)), clean)


@pytest.mark.parametrize("heading_rad", [AWAY, TOWARDS, ROUND, np.linspace(0, 8 * np.pi, 120)])
@pytest.mark.parametrize("lean_rad", [0.0, np.pi / 2, np.pi])
def test_who_turns_lies_or_stands_on_the_hands_is_left_alone(heading_rad, lean_rad):
    clean = turning(heading_rad, lean_rad)
    assert_same(unswapped(clean), clean)


def test_the_face_says_which_side_is_which_over_the_whole_clip():
    clean = turning(TOWARDS)
    assert_same(unswapped(exchanged(clean, slice(None))), clean)


def test_without_a_face_a_whole_clip_stays_as_it_is():
    track = exchanged(turning(AWAY, face_score=0.0), slice(None))
    assert_same(unswapped(track), track)


def test_gaps_stay_gaps_and_do_not_hide_an_exchange():
    clean = turning(AWAY)
    seen = np.ones(120, bool)
    seen[50:55] = False
    arrays = {name: np.where(seen.reshape(-1, *[1] * (getattr(clean, name).ndim - 1)), getattr(clean, name), np.nan)
              for name in ("landmarks_px", "landmarks_camera", "hands_px", "hands_camera")}  # fmt: skip
    gone = replace(clean, seen=seen, scores=clean.scores * seen[:, None], hand_scores=clean.hand_scores * seen[:, None],
                   **arrays)  # fmt: skip
    assert_same(unswapped(exchanged(gone, slice(52, 70))), gone)


def test_exchanging_twice_is_no_exchange():
    order = ARMS_ORDER[LEGS_ORDER]
    moves = order != np.arange(33)
    assert (order[order] == np.arange(33)).all() and not moves[:11].any() and moves[11:].all()
