"""Memory by length: the films are as long as said and small, and what captures of them took becomes figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import pytest

from bench import long_capture, reliability_long
from bench.reliability import Amounts
from motion.job import Event, Failure, PersonResult, Result, read_request
from motion.refusal import Refusal

AMOUNTS = Amounts(kills_per_stage=0, mutations=0, captures=0, minutes=3.0, seed=0)
OUTCOME = Result((PersonResult("person_00", 18, 1.0, 18.0, None, 1.0),), "preview.mp4", {"detect": 0.5, "lift": 0.1})


def test_films_are_as_long_as_said_and_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = []

    def measured(*arguments: str) -> dict[str, Any]:
        with av.open(arguments[2]) as film:
            stream = film.streams.video[0]
            frames.append(stream.frames)
            assert stream.width == reliability_long.SMALL_PX and stream.average_rate == reliability_long.RATE
        peaks_mb = {"detect": 500.0, "preview": 600.0 if len(frames) == 1 else 400.0}
        return {"peak_mb": peaks_mb["preview"], "peaks_mb": peaks_mb, "stages_s": {}, "seconds": 2.0,
                "frames": frames[-1]}  # fmt: skip

    monkeypatch.setattr(reliability_long, "measured_apart", measured)
    monkeypatch.setattr(reliability_long, "MINUTE", 6)
    figures = reliability_long.figures(tmp_path, AMOUNTS)
    assert frames == [18, 6]
    assert figures["memory_ratio_3_min"] == 1.5 and figures["long_frames"] == 18
    assert (figures["long_peak_mb"], figures["minute_peak_mb"]) == (600.0, 400.0)


def test_a_capture_tells_its_memory_stage_by_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def job(folder: Path, listener: Any) -> Result:
        request = read_request(folder)
        assert request.preview and request.settings == {"detect": {"model": "lite"}}
        for stage in ("open", "detect", "lift"):
            listener(Event(stage, 0, 0, 0))
        return OUTCOME

    monkeypatch.setattr(long_capture, "run_job", job)
    took = long_capture.main(tmp_path / "film.mp4", tmp_path / "job", {"detect": {"model": "lite"}})
    assert json.loads(json.dumps(took)) == took
    assert list(took["peaks_mb"]) == ["open", "detect", "lift"]
    assert 0 < took["peaks_mb"]["open"] <= took["peaks_mb"]["detect"] <= took["peaks_mb"]["lift"] == took["peak_mb"]
    assert took["frames"] == 18 and took["preview"]


def test_a_capture_that_fails_is_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_capture, "run_job", lambda job, listener: Failure("no-person", "Nobody.", "Look."))
    with pytest.raises(Refusal, match="Nobody"):
        long_capture.main(tmp_path / "film.mp4", tmp_path / "job", {})
