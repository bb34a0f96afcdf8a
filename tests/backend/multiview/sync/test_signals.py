from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.multiview.sync.signals import RATE_HZ, body_signals, mirrored_signals
from tests.backend.multiview.made_up_scene import filmed, rig_about


def test_every_camera_tells_the_same_signals() -> None:
    first, second = (body_signals(lift) for lift in filmed(rig_about((0.0, 110.0), (0.0, 0.0))))
    assert np.allclose(first.values, second.values, atol=1e-6)
    assert np.ptp(first.values, axis=0).max() > 0.2


def test_moments_lie_at_the_rate_whatever_the_rate_of_the_clip() -> None:
    (lift,) = filmed(rig_about((0.0,), (0.0,)), frames=31)
    signals = body_signals(lift)
    assert np.allclose(np.diff(signals.times_s), 1.0 / RATE_HZ)
    assert signals.times_s[-1] == lift.track.times_s[-1]


def test_a_single_picture_has_no_speeds() -> None:
    (lift,) = filmed(rig_about((0.0,), (0.0,)), frames=1)
    signals = body_signals(lift)
    assert len(signals.times_s) == 1 and np.isfinite(signals.values).all()


def test_nothing_is_told_while_nobody_is_seen() -> None:
    (lift,) = filmed(rig_about((0.0,), (0.0,)), frames=90)
    seen = np.ones(90, dtype=bool)
    seen[30:60] = False
    signals = body_signals(replace(lift, track=replace(lift.track, seen=seen)))
    hidden = (signals.times_s > 1.15) & (signals.times_s < 1.85)
    assert not signals.seen[hidden].any() and not signals.values[hidden].any()
    assert signals.seen[signals.times_s < 0.95].all()


def test_the_mirror_image_of_a_mirror_image_is_the_clip() -> None:
    signals = body_signals(filmed(rig_about((0.0,), (0.0,)))[0])
    assert np.allclose(mirrored_signals(mirrored_signals(signals)).values, signals.values)
    assert not np.allclose(mirrored_signals(signals).values, signals.values, atol=0.05)
