"""All figures of samples of a made-up person, one of which is the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import RpeaSettings
from bench import metrics
from bench.hypotheses import aggregates
from bench.hypotheses_figures import COLUMNS, COUNTS, MOST, figures_of, mean_of, over_clips, told
from bench.hypotheses_sets import Judged
from motion.landmarks import LIMB_LANDMARKS
from tests.backend.hypotheses.made_up_samples import agreeing, person, trembling

FRAMES, TRUE = 72, 17
BY_N = ("sample", "mean", "rpea", "rpea_per_pose", "best_clip", "best_window", "best_frame", "gaussian_sample",
        "gaussian_best_clip", "gaussian_best_window", "gaussian_best_frame")  # fmt: skip


@pytest.fixture(scope="module")
def samples() -> Samples:
    lift = person(FRAMES)
    lift = replace(lift, track=replace(lift.track, landmarks_px=lift.track.landmarks_px + [3.0, -4.0]))
    return trembling(agreeing(lift, MOST), np.random.default_rng(5), ankles_m=0.06)


@pytest.fixture(scope="module")
def somebody(samples) -> Judged:
    frames = np.arange(2, FRAMES - 3)
    truth = samples.landmarks_camera()[TRUE, frames][:, LIMB_LANDMARKS]
    return Judged("somebody", samples.lift, frames, samples.lift.track.times_s[frames], truth)


@pytest.fixture(scope="module")
def figures(somebody, samples) -> dict:
    control = trembling(agreeing(samples.lift, MOST), np.random.default_rng(6), ankles_m=0.12)
    return figures_of(somebody, samples, control, aggregates(RpeaSettings()),
                      lambda some: np.full((FRAMES, 22), 0.01 * len(some)))  # fmt: skip


@pytest.fixture(scope="module")
def whole(figures) -> dict:
    return over_clips({"somebody": figures, "somebody else": {**figures, "frames": 30}})


def test_errors_are_told_of_all_methods_and_counts(whole):
    for method in ("deterministic", *BY_N):
        for count in COUNTS:
            assert set(COLUMNS) <= set(whole[method][str(count)])
    for measure in ("diversity_mm", "sample_coverage_90", "energy_score"):
        assert set(whole[measure]) == set(whole[f"gaussian_{measure}"]) == {str(count) for count in COUNTS}


def test_the_lift_is_measured_as_other_benches_do(somebody, figures):
    limbs = somebody.lift.points_camera()[somebody.frames][:, LIMB_LANDMARKS]
    assert figures["deterministic"]["mpjpe_mm"] == pytest.approx(metrics.mpjpe_mm(limbs, somebody.truth))
    assert figures["deterministic"]["pa_mpjpe_mm"] == pytest.approx(metrics.pa_mpjpe_mm(limbs, somebody.truth))
    assert figures["deterministic"]["reprojection_px"] == pytest.approx(5.0)


def test_the_best_of_all_is_the_truth_and_of_fewer_only_where_it_is_among_them(figures):
    for method in ("best_clip", "best_window", "best_frame"):
        errors = [figures[method][str(count)]["mpjpe_mm"] for count in COUNTS]
        assert errors[-1] == pytest.approx(0.0, abs=1e-9) and (np.diff(errors) < 0).all()
        assert errors[0] == pytest.approx(figures["sample"]["40"]["mpjpe_mm"])
        assert figures[f"gaussian_{method}"]["40"]["mpjpe_mm"] > 10.0


def test_one_sample_alone_is_what_it_makes_of_itself(somebody, samples):
    alone = Samples(samples.lift, samples.turns_rad[:1], samples.root_camera[:1])
    for aggregate in aggregates(RpeaSettings(lift_share=0.0)).values():
        made, drawn = (told(somebody, points).errors_mm.mean() for points in (
            aggregate(alone).points_camera()[None], alone.landmarks_camera()))  # fmt: skip
        assert made == pytest.approx(drawn)


def test_the_mean_of_many_is_nearer_than_one_and_smoother_than_the_best_of_frames(figures):
    assert figures["mean"]["40"]["mpjpe_mm"] < 0.8 * figures["sample"]["40"]["mpjpe_mm"]
    assert figures["mean"]["5"]["jitter_10m_s3"] < figures["best_frame"]["5"]["jitter_10m_s3"]


def test_a_spread_is_held_against_the_lift_joint_by_joint(somebody, figures):
    limbs = somebody.lift.points_camera()[somebody.frames][:, LIMB_LANDMARKS]
    off = np.array(list(metrics.per_joint_mm(limbs, somebody.truth).values()))
    assert (off < 400.0).all() and figures["coverage_90"]["40"] == 1.0
    assert 0.0 < figures["coverage_90"]["5"] < figures["coverage_90"]["20"] <= 1.0
    assert figures["coverage_90"]["1"] is None


def test_means_are_weighted_and_do_not_count_what_is_unknown():
    trees = [{"a": {"5": 1.0, "1": None}, "b": None}, {"a": {"5": 5.0, "1": 7.0}, "b": None}]
    assert mean_of(trees, [3, 1]) == {"a": {"5": 2.0, "1": 7.0}, "b": None}


def test_a_set_tells_what_rpea_gains_and_by_how_much_more_samples_miss_the_landmarks(figures, whole):
    gain = figures["deterministic"]["mpjpe_mm"] - figures["rpea"]["40"]["mpjpe_mm"]
    assert whole["rpea_gain_mm"] == pytest.approx(gain)
    assert whole["rpea_gain_interval_mm"] == pytest.approx((gain, gain))     # both clips say the same
    assert whole["reprojection_ratio"] == pytest.approx(figures["sample"]["40"]["reprojection_px"] / 5.0)
    assert whole["reprojection_ratio"] > 1.5 and whole["frames"] == figures["frames"] + 30
    assert set(whole["clips"]) == {"somebody", "somebody else"}
