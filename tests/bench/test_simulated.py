"""What is simulated is like `rendered` in everything that makes people hard to see."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import bench.simulated
from backend.cameras.projection import projected
from bench.simulated import TAKES, simulated_clips
from motion.refusal import Refusal
from tests.bench.render.made_clip import marching
from tests.bench.render.made_plan import planned

PLANS = [planned(set="rendered", name="near", side="left"),
         planned(set="rendered", name="far", framing="small", side="back", camera="pan")]  # fmt: skip
SOURCE = Path("prepared.npz")


@pytest.fixture(autouse=True)
def two_plans(monkeypatch):
    monkeypatch.setattr(bench.simulated, "read_plans", lambda: PLANS)


def test_every_plan_is_acted_by_other_bodies_before_other_cameras_that_are_inside_the_recording():
    clips = list(simulated_clips({"made/marcher": marching()}, SOURCE))
    assert Counter(clip.name.split()[0] for clip in clips) == {"near": TAKES, "far": TAKES}
    assert len({round(clip.body.height, 4) for clip in clips}) == len({clip.K[0, 0] for clip in clips}) == len(clips)
    for clip in clips:
        assert len(clip.root_world) == round(PLANS[0].seconds * PLANS[0].rate_hz) and not clip.teaches.contacts
        seen_px = projected(clip.in_camera(clip.points_world), clip.K)
        assert ((seen_px > 0) & (seen_px < clip.size_px)).all(axis=-1).mean() > 0.95


def test_the_same_takes_are_drawn_every_time():
    first, again = (next(simulated_clips({"made/marcher": marching()}, SOURCE)) for _ in range(2))
    np.testing.assert_array_equal(first.in_camera(first.points_world), again.in_camera(again.points_world))


def test_motion_that_is_missing_is_named():
    with pytest.raises(Refusal) as refused:
        list(simulated_clips({}, SOURCE))
    assert refused.value.sentence == "prepared.npz does not hold made/marcher, which is to be simulated."
