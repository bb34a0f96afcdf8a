"""What the flow is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.hypotheses.condition import condition_of, number_count
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lift_network import shipped_lifter
from tests.backend.lift.made_up_track import K, reaching_and_stepping

from .made_up_lift import some_lift


def test_every_frame_has_as_many_finite_numbers_as_are_said() -> None:
    condition = condition_of(some_lift())
    assert condition.numbers.shape == (len(some_lift().root_camera), number_count(128))
    assert np.isfinite(condition.numbers).all()


def test_unseen_frames_say_nothing_of_landmarks() -> None:
    track = some_lift().track
    seen = np.arange(len(track.seen)) != 20
    px = np.where(seen[:, None, None], track.landmarks_px, np.nan)
    lift = replace(some_lift(), track=replace(track, seen=seen, landmarks_px=px))
    numbers = condition_of(lift).numbers[20]
    assert np.isfinite(numbers).all() and not numbers[128 : 128 + 6 * 33].any() and numbers[-1] == 0.0


def test_a_larger_picture_of_the_same_lens_is_told_the_same() -> None:
    twice = np.diag([2.0, 2.0, 1.0])
    track, lift = some_lift().track, some_lift()
    larger = replace(track, landmarks_px=2.0 * track.landmarks_px)
    beliefs = replace(lift.beliefs, bias_px=2.0 * lift.beliefs.bias_px)
    np.testing.assert_allclose(condition_of(replace(lift, track=larger, K=twice @ K, beliefs=beliefs)).numbers,
                               condition_of(lift).numbers, atol=1e-9)  # fmt: skip


def test_quick_and_slow_clips_are_told_at_the_lifters_rate() -> None:
    for rate, frames in ((120.0, 90), (12.0, 20)):
        made_up = reaching_and_stepping(frames=frames, rate=rate)
        condition = condition_of(lift_by_network(made_up.track, made_up.body, K, shipped_lifter()))
        steps_s = np.diff(condition.positions) / rate
        assert (1 / 45 <= steps_s).all() and (steps_s <= 1 / 20 + 1e-9).all()
        assert 0.0 == condition.positions[0] <= condition.positions[-1] <= frames - 1
