"""Rows of frames at the lifter's rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.lift.network.sampling import evened, rows_of, sampled, track_values

from ..made_up_track import reaching_and_stepping


@given(st.integers(1, 500), st.floats(2.0, 480.0))
@settings(deadline=None)
def test_rows_hold_every_frame_once_whatever_the_rate(frame_count: int, rate_hz: float) -> None:
    rows = rows_of(frame_count, rate_hz)
    assert sorted(np.concatenate([row.frames for row in rows])) == list(range(frame_count))
    for row in rows:
        np.testing.assert_array_equal(row.positions[row.kept], row.frames)
        assert row.positions.min() >= 0 and row.positions.max() <= frame_count - 1


@given(st.floats(2.0, 480.0))
@settings(deadline=None)
def test_rows_come_near_the_rate_that_the_network_knows(rate_hz: float) -> None:
    for row in rows_of(1000, rate_hz):
        assert 20.0 <= row.rate_hz <= 45.0
        assert row.rate_hz * np.diff(row.positions) == pytest.approx(rate_hz)


@pytest.mark.parametrize("rate_hz, rows, between", [(30.0, 1, 1.0), (60.0, 2, 2.0), (120.0, 4, 4.0), (15.0, 1, 0.5),
                                                    (10.0, 1, 1 / 3), (24.0, 1, 1.0)])  # fmt: skip
def test_usual_rates(rate_hz: float, rows: int, between: float) -> None:
    found = rows_of(20, rate_hz)
    assert len(found) == rows and np.diff(found[0].positions) == pytest.approx(between)


def test_values_between_frames_lie_between_theirs_and_nothing_is_made_up_beside_a_gap() -> None:
    values = np.array([[0.0], [2.0], [99.0], [4.0]])
    seen = np.array([True, True, False, True])
    told, there = sampled(values, np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]), seen)
    assert told[:, 0].tolist() == [0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 4.0]
    assert there.tolist() == [True, True, True, False, False, False, True]


def test_what_stands_in_frames_where_nobody_is_seen_does_not_matter() -> None:
    track = reaching_and_stepping(frames=9).track
    seen = np.arange(9) != 4
    (row,) = rows_of(9, 12.0)

    def told(unseen: float) -> dict:
        arrays = {name: np.where(seen.reshape(-1, *[1] * (values.ndim - 1)), values, unseen)
                  for name in ("landmarks_px", "landmarks_camera", "scores") for values in [getattr(track, name)]}
        return track_values(replace(track, seen=seen, **arrays), row)

    for name, values in told(np.nan).items():
        np.testing.assert_array_equal(values, told(1e6)[name])


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5])
def test_evening_takes_away_what_differs_from_row_to_row_and_nothing_that_moves_slowly(rows: int) -> None:
    of_row = np.random.default_rng(1).normal(size=(rows, 2))
    frames = np.arange(60)
    steady = 0.1 * frames[:, None] + of_row[frames % rows]
    inside, seen = slice(2 * rows, -2 * rows), np.ones(60, dtype=bool)
    if rows > 1:
        np.testing.assert_allclose(np.diff(evened(steady, rows, seen)[inside], axis=0), 0.1)
    np.testing.assert_allclose(evened(np.ones((60, 3, 3)), rows, seen), 1.0)
    slow = np.sin(0.05 * frames)[:, None]
    np.testing.assert_allclose(evened(slow, rows, seen)[inside], slow[inside], atol=0.01)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_very_short_clips_are_evened_too(frames: int) -> None:
    np.testing.assert_allclose(evened(np.ones((frames, 2)), 4, np.ones(frames, dtype=bool)), 1.0)


def test_evening_does_not_look_at_unseen_frames() -> None:
    values, seen = np.ones((9, 1)), np.ones(9, dtype=bool)
    values[3:6], seen[3:6] = 50.0, False
    told = evened(values, 2, seen)[:, 0]
    assert told[seen].tolist() == [1.0] * 6 and told[4] == 50.0
