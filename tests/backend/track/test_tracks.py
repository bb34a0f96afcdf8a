from __future__ import annotations

import numpy as np

from tests.backend.multiview.made_up_scene import filmed, rig_about


def test_a_track_that_is_never_seen_says_nothing_at_any_time() -> None:
    (lift,) = filmed(rig_about((0.0,), (0.0,)), 12)
    never = lift.track.unseen(np.arange(5) / 25.0)
    assert not never.seen.any() and not never.scores.any() and not never.hand_scores.any()
    for name in ("landmarks_px", "doubts_px", "landmarks_camera", "hands_px", "hands_camera"):
        array = getattr(never, name)
        assert array.shape == (5, *getattr(lift.track, name).shape[1:]) and np.isnan(array).all(), name
    assert never.rate == 25.0 and never.number == lift.track.number
