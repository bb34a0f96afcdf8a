"""What must hold for any flow's samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import backend.hypotheses.sample as sample
from backend.hypotheses.condition import Condition, condition_of
from backend.hypotheses.sample import sample_poses, sampled_turns
from backend.hypotheses.settings import HypothesesSettings
from backend.lift.network.windows import WINDOW_FRAMES
from motion.kinematics import forward_kinematics
from motion.refusal import Refusal

from .made_up_lift import some_flow, some_lift

SETTINGS = HypothesesSettings()


def long_condition(frames: int) -> Condition:
    """The lift's, to and fro."""
    short = condition_of(some_lift())
    period = 2 * len(short.positions) - 2
    place = np.arange(frames) % period
    place = np.where(place < len(short.positions), place, period - place)
    return Condition(np.arange(frames), short.numbers[place], short.R_view_from_camera[place], short.sigma_rad[place],
                     short.seen[place])  # fmt: skip


def test_bones_keep_their_lengths() -> None:
    samples = sample_poses(some_lift(), 3, some_flow(), SETTINGS)
    skeleton = some_lift().body.skeleton
    for number in range(3):
        lift = samples.lift_of(number)
        _, joints = forward_kinematics(skeleton, lift.R_parent_from_joint, lift.root_camera)
        np.testing.assert_allclose(samples.joints_camera()[number], joints[:, :22], atol=1e-5)
        lengths = np.linalg.norm(joints[:, 20] - joints[:, 18], axis=-1)
        np.testing.assert_allclose(lengths, np.linalg.norm(skeleton.offsets[20]), atol=1e-5)


def test_the_same_seed_gives_the_same_and_another_seed_others() -> None:
    one, same = (sample_poses(some_lift(), 4, some_flow(), SETTINGS).turns_rad for _ in range(2))
    np.testing.assert_array_equal(one, same)
    other = sample_poses(some_lift(), 4, some_flow(), replace(SETTINGS, seed=1)).turns_rad
    assert np.abs(one - other).max() > 0.01


def test_pieces_of_a_long_clip_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    condition, flow = long_condition(3 * WINDOW_FRAMES), some_flow()
    whole = sampled_turns(flow, condition, 2, SETTINGS)
    monkeypatch.setattr(sample, "_VALUES_AT_ONCE", 50 * 2 * flow.wanted.velocity_width)
    np.testing.assert_allclose(sampled_turns(flow, condition, 2, SETTINGS), whole, atol=1e-5)


def test_a_single_frame_can_be_sampled() -> None:
    assert sampled_turns(some_flow(), long_condition(1), 2, SETTINGS).shape == (2, 1, 22, 3)


def test_without_noise_all_samples_are_one() -> None:
    turns = sampled_turns(some_flow(seed=3), condition_of(some_lift()), 3, replace(SETTINGS, noise=0.0))
    np.testing.assert_allclose(turns[1:], turns[:1].repeat(2, axis=0), atol=1e-6)


def test_a_direct_lift_has_no_samples() -> None:
    with pytest.raises(Refusal, match="direct"):
        sample_poses(replace(some_lift(), beliefs=None, features=None), 2, some_flow(), SETTINGS)


@pytest.mark.parametrize("values", [{"samples": -1}, {"samples": 201}, {"steps": 0}, {"steps": 6}])
def test_senseless_numbers_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(Refusal, match="Choose"):
        HypothesesSettings(**values)
