"""What of a set is judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from backend.lift.network.lift_network import shipped_lifter
from bench import hypotheses_sets
from bench.hypotheses_sets import filmed, judged
from bench.metrics import mpjpe_mm
from bench.reference import Reference
from motion.landmarks import LIMB_LANDMARKS
from tests.backend.lift.made_up_track import K, reaching_and_stepping


@pytest.fixture(scope="module")
def made_up():
    return reaching_and_stepping()


@pytest.fixture
def reference(made_up) -> Reference:
    return Reference("somebody", Path("somebody.mp4"), made_up.track.times_s[:40],
                     made_up.points_camera[:40, LIMB_LANDMARKS], None)  # fmt: skip


def test_frames_on_which_somebody_is_seen_are_judged_as_far_as_the_truth_goes(made_up, reference):
    seen = np.arange(len(made_up.track.times_s)) > 6
    hidden = np.where(seen[:, None], 1.0, np.nan)
    track = replace(made_up.track, seen=seen, landmarks_px=made_up.track.landmarks_px * hidden[..., None],
                    landmarks_camera=made_up.track.landmarks_camera * hidden[..., None])  # fmt: skip
    one = judged(reference, track, K, None, shipped_lifter(), "cpu")
    assert one.frames.tolist() == list(range(7, 40))
    np.testing.assert_array_equal(one.truth, reference.limbs_camera[7:])
    assert mpjpe_mm(one.lift.points_camera()[one.frames][:, LIMB_LANDMARKS], one.truth) < 150.0


def test_a_film_in_which_nobody_is_found_is_left_out(monkeypatch, reference):
    monkeypatch.setattr(hypotheses_sets, "kept_capture", lambda name, film: SimpleNamespace(people=[]))
    assert list(filmed("rendered", [reference], shipped_lifter(), "cpu")) == []
