from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.multiview.rig import Rig, alone
from backend.multiview.take_grid import take_grid
from tests.backend.lift.made_up_track import reaching_and_stepping

K = np.eye(3)


def _rig(*starts_s: float, clock_rate: float = 1.0) -> Rig:
    count = len(starts_s)
    rates = np.array([1.0] + [clock_rate] * (count - 1))
    return Rig(np.broadcast_to(K, (count, 3, 3)), np.broadcast_to(K, (count, 3, 3)), np.zeros((count, 3)),
               np.array(starts_s), rates)  # fmt: skip


def test_one_clip_alone_has_its_own_frames() -> None:
    grid = take_grid(Fraction(30), alone(K), np.array([[0.0, 44 / 30]]))
    assert np.array_equal(grid.times_s, np.arange(45) / 30.0)
    assert np.array_equal(grid.take_times_s, grid.times_s)
    assert grid.time_offset_s(alone(K), 0) == 0.0


@given(st.floats(-5.0, 5.0), st.floats(0.9, 1.1))
def test_the_take_lasts_from_the_first_beginning_to_the_last_end(start_s: float, clock_rate: float) -> None:
    rig, spans = _rig(0.0, start_s, clock_rate=clock_rate), np.array([[0.0, 4.0], [0.0, 3.0]])
    grid = take_grid(Fraction(30000, 1001), rig, spans)
    frame_s = 1001 / 30000
    begin, end = min(0.0, start_s), max(4.0, start_s + 3.0 / clock_rate)
    assert begin - 1e-4 <= grid.times_s[0] < begin + frame_s
    assert end - frame_s < grid.times_s[-1] <= end + 1e-4
    assert np.allclose(grid.times_s - grid.zero_s, grid.take_times_s)
    assert 0.0 <= grid.take_times_s[0] <= frame_s + 1e-9


@given(st.floats(-5.0, 5.0))
def test_no_camera_begins_before_the_take(start_s: float) -> None:
    rig = _rig(0.0, start_s)
    grid = take_grid(Fraction(25), rig, np.array([[0.0, 4.0], [0.0, 3.0]]))
    offsets = [grid.time_offset_s(rig, view) for view in (0, 1)]
    assert max(offsets) <= 1e-3 / 25
    assert -1 / 25 < max(offsets)


def test_a_picture_is_shown_when_its_camera_took_it_however_its_clock_drifts() -> None:
    rig = _rig(0.0, -2.0, clock_rate=1.001)
    grid = take_grid(Fraction(30), rig, np.array([[0.0, 4.0], [0.0, 600.0]]))
    own_s = np.array([0.0, 300.0, 600.0])
    shown_s = own_s / 1.001 - grid.time_offset_s(rig, 1)
    assert np.allclose(shown_s, rig.first_times_s(1, own_s) - grid.zero_s)


def test_what_the_first_camera_saw_stays_as_it_is() -> None:
    track = reaching_and_stepping().track
    rig = _rig(0.0, -0.51)
    grid = take_grid(Fraction(30), rig, np.array([[0.0, 44 / 30], [0.0, 3.0]]))
    there = grid.track(track, rig, 0)
    assert np.array_equal(there.times_s, grid.times_s)
    assert there.seen.sum() == 45
    assert np.array_equal(there.landmarks_px[there.seen], track.landmarks_px)


def test_another_camera_is_asked_at_its_own_time() -> None:
    track = reaching_and_stepping().track
    rig = _rig(0.0, -0.5)
    grid = take_grid(Fraction(60), rig, np.array([[0.0, 1.0], [0.0, 44 / 30]]))
    there = grid.track(track, rig, 1)
    frame = int(np.argmin(np.abs(grid.times_s - 0.25)))
    expected = [np.interp(0.75, track.times_s, track.landmarks_px[:, 15, axis]) for axis in (0, 1)]
    assert np.allclose(there.landmarks_px[frame, 15], expected)
