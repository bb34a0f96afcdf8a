"""What is said of goals."""

from __future__ import annotations

import pytest

from bench.hypotheses_goals import GOALS, goal_rows, speed_rows

GOOD = {"deterministic": 100.0, "best_clip": 89.0, "best_window": 81.0, "best_frame": 74.0, "gaussian_best_clip": 95.0,
        "gaussian_best_window": 90.0, "gaussian_best_frame": 85.0, "sample": 120.0}  # fmt: skip


def case(**errors: float) -> dict:
    methods = {name: {"40": {"mpjpe_mm": error, "jitter_10m_s3": 8.0}} for name, error in {**GOOD, **errors}.items()}
    methods["deterministic"]["jitter_10m_s3"] = 7.6
    return {**methods, "rpea_gain_interval_mm": (0.4, 2.0), "coverage_90": {"40": 0.93},
             "reprojection_ratio": 1.15}  # fmt: skip


def missed(figures: dict) -> list[str]:
    return [words for _, words, *_, met in goal_rows({"rendered": figures}) if met == "NO"]


def test_whoever_reaches_everything_misses_nothing():
    rows = goal_rows({"rendered": case()})
    assert len(rows) == len(GOALS) and {row[-1] for row in rows} == {"yes"}
    assert rows[0] == ("rendered", "best_clip, N = 40: % better than deterministic", pytest.approx(11.0),
                       "at least 10", "yes")  # fmt: skip


@pytest.mark.parametrize("change, words", [
    ({"best_clip": 91.0}, "best_clip, N = 40: % better than deterministic"),
    ({"best_window": 83.0}, "best_window, N = 40: % better than deterministic"),
    ({"best_frame": 76.0}, "best_frame, N = 40: % better than deterministic"),
    ({"gaussian_best_window": 80.0}, "best_window, N = 40: % better than the Gaussian control's"),
])  # fmt: skip
def test_the_best_of_n_has_bounds(change, words):
    assert missed(case(**change)) == [words]


@pytest.mark.parametrize("key, value, words", [
    ("rpea_gain_interval_mm", (-0.1, 3.0), "rpea: mm better than deterministic, lower end of the interval"),
    ("coverage_90", {"40": 0.97}, "intervals of 90 %, as they are shown, hold the truth in %"),
    ("coverage_90", {"40": 0.8}, "intervals of 90 %, as they are shown, hold the truth in %"),
    ("reprojection_ratio", 1.3, "samples' 2D error over the main motion's"),
])  # fmt: skip
def test_so_have_gain_coverage_and_what_is_seen(key, value, words):
    assert missed({**case(), key: value}) == [words]


def test_a_trembling_sample_is_told():
    figures = case()
    figures["sample"]["40"]["jitter_10m_s3"] = 9.0
    assert missed(figures) == ["samples' jitter over the main motion's"]


@pytest.mark.parametrize("device, seconds, met", [
    ("cpu", 1.4, ["yes"]), ("cpu", 2.1, ["NO"]), ("cuda", 0.1, ["yes", "NO"])])
def test_many_samples_are_held_to_the_time_of_one_on_a_graphics_card_only(device, seconds, met):
    speed = {"device": device, "seconds": seconds, "seconds_count": 10, "clip_s": 10.0,
             "mambocap": {"1": {"ms_per_frame": 0.5}, "40": {"ms_per_frame": 1.1}}}  # fmt: skip
    assert [row[-1] for row in speed_rows(speed)] == met
