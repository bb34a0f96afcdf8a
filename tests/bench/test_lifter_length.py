"""How the lifter's time and memory grow with a clip, told as JSON that `bench speed` writes."""

from __future__ import annotations

import json

import pytest

from bench import lifter_length


@pytest.mark.parametrize("what", lifter_length.LENGTHS)
def test_every_work_runs_on_a_clip_of_any_length(what, monkeypatch):
    monkeypatch.setattr(lifter_length, "_WARM_FRAMES", 2)
    monkeypatch.setattr(lifter_length, "_REPEATS", 1)
    found = lifter_length.measured(what, 7)
    assert found["ms_per_frame"] > 0.0 and found["peak_mb"] >= 0.0


def test_attention_is_spared_the_clip_whose_square_does_not_fit(monkeypatch):
    monkeypatch.setattr(lifter_length, "_measured_apart", lambda what, frames: {"ms_per_frame": 1.0, "peak_mb": frames})
    figures = json.loads(json.dumps(lifter_length.lifter_length()))
    assert figures["layer_peak_mb"] == {"300": 300, "3000": 3_000, "30000": 30_000}
    assert set(figures["attention_ms_per_frame"]) == {"300", "3000"}
