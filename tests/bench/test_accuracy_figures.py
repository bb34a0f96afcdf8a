import numpy as np
import pytest

from bench.accuracy_figures import COLUMNS, NOTHING, Measured, mean_of, shared_figures, together
from bench.metrics import LIMB_NAMES
from bench.pose_evidence import PoseEvidence


def row(frames: int, **known: float) -> dict:
    return {**dict.fromkeys(COLUMNS), **known, "frames": frames}


def test_clips_count_by_their_frames_and_what_is_unknown_does_not_count():
    mean = mean_of([row(10, mpjpe_mm=50.0), row(30, mpjpe_mm=90.0, pa_mpjpe_mm=40.0), row(0)])
    assert mean["mpjpe_mm"] == pytest.approx(80.0)
    assert mean["pa_mpjpe_mm"] == 40.0 and mean["floating_mm"] is None and mean["frames"] == 40


def test_a_motion_that_is_right_has_no_error_and_one_that_is_too_large_only_before_alignment():
    truth = np.cumsum(np.random.default_rng(0).normal(scale=0.01, size=(40, 12, 3)), axis=0)
    truth += np.random.default_rng(1).normal(scale=0.4, size=(1, 12, 3))
    times_s = np.arange(40) / 30
    right, large = (shared_figures(scale * truth, truth, times_s) for scale in (1.0, 1.2))
    assert right["mpjpe_mm"] < 1e-6 and right["accel_error_m_s2"] < 1e-6
    assert large["mpjpe_mm"] > 30 and large["pa_mpjpe_mm"] < 1e-6


def test_what_is_wrong_with_one_joint_is_said_of_that_joint():
    truth = np.random.default_rng(2).normal(scale=0.4, size=(12, 12, 3))
    wrong = truth.copy()
    wrong[:, LIMB_NAMES.index("left_wrist")] += [0.03, 0.0, -0.04]
    by_joint = shared_figures(wrong, truth, np.arange(12) / 30)["per_joint_mm"]
    assert by_joint.pop("left_wrist") == pytest.approx(50.0)
    assert max(by_joint.values()) < 1e-9


def test_medians_of_turns_are_of_all_frames_of_all_clips_and_not_of_clips():
    def clip(degrees: float, frames: int) -> Measured:
        return Measured(row(frames), PoseEvidence({"head": [np.full((3, frames), degrees)]}))

    clips = [clip(10.0, 50), clip(20.0, 10), clip(30.0, 10), Measured({**NOTHING, "frames": 0}, PoseEvidence())]
    told = together(clips)
    assert told["rotation_deg"] == told["twist_deg"] == {"head": 10.0}
    assert told["frames"] == 70 and told["still_recall"] is None and told["per_joint_mm"]["left_hip"] is None
