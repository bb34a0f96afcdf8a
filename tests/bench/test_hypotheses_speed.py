"""Ours beside FMPose3D's network, both small here."""

from __future__ import annotations

import pytest

from backend.hypotheses.settings import HypothesesSettings
from bench import fmpose3d, hypotheses_speed
from bench.hypotheses_speed import speed_figures
from tests.backend.hypotheses.made_up_lift import some_flow, some_lift


def test_every_row_of_theirs_is_told_in_frames_of_ours(monkeypatch):
    monkeypatch.setattr(fmpose3d, "WIDTH", 32)
    monkeypatch.setattr(fmpose3d, "BLOCKS", 2)
    monkeypatch.setattr(hypotheses_speed, "_placed_sample", lambda lifter, device: (some_lift(), None))
    monkeypatch.setattr(hypotheses_speed, "_in_world", lambda main, samples, settings: None)
    clock = iter(range(10_000))
    monkeypatch.setattr(hypotheses_speed.time, "perf_counter", lambda: float(next(clock)))
    figures = speed_figures(None, some_flow(), HypothesesSettings(), "cpu")
    frames = len(some_lift().root_camera)
    assert figures["mambocap"]["40"]["frames_per_s"] == pytest.approx(frames)       # each work takes a tick of a second
    ratios = {what: row["mambocap_over_this"] for what, row in figures["fmpose3d"].items()}
    assert ratios == {"1": frames / 4, "40 and rpea": frames, "1, 40 frames at once": frames / 40}
    assert figures["seconds"] == 1.0 and figures["seconds_count"] == 10
