"""However many threads a process has, it computes the same."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import torch

from backend import threads
from backend.hypotheses.sample import sample_poses
from backend.hypotheses.settings import HypothesesSettings
from backend.hypotheses.weights import shipped_flow
from backend.lift.network.lift_network import lift_network, shipped_lifter
from backend.threads import available_cores, one_torch_thread, use_threads
from tests.backend.lift.made_up_track import K, reaching_and_stepping


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(threads, "_given", None)
    of_torch, of_opencv = torch.get_num_threads(), cv2.getNumThreads()
    yield
    torch.set_num_threads(of_torch)
    cv2.setNumThreads(of_opencv)


def test_a_process_has_all_cores_until_it_is_given_threads() -> None:
    assert threads.threads() == available_cores() >= 1
    use_threads(3)
    assert threads.threads() == 3
    assert torch.get_num_threads() == 1 and cv2.getNumThreads() == 1
    use_threads(0)
    assert threads.threads() == 1


def test_torch_gets_its_threads_back_also_after_an_error() -> None:
    torch.set_num_threads(3)
    with pytest.raises(ValueError), one_torch_thread():
        assert torch.get_num_threads() == 1
        raise ValueError
    assert torch.get_num_threads() == 3


def test_lifts_and_other_poses_are_the_same_to_the_bit() -> None:
    # 17 frames of 16 draws: with four threads torch parts their sums in another way than with one.
    made_up, settings = reaching_and_stepping(frames=17), HypothesesSettings()
    lifts, samples = [], []
    for count in (1, 2, 4):
        torch.set_num_threads(count)
        lifts.append(lift_network(made_up.track, made_up.body, K, shipped_lifter()))
        samples.append(sample_poses(lifts[-1], 4, shipped_flow("cpu"), settings))
    for lift, drawn in zip(lifts[1:], samples[1:], strict=True):
        np.testing.assert_array_equal(lift.R_parent_from_joint, lifts[0].R_parent_from_joint)
        np.testing.assert_array_equal(lift.root_camera, lifts[0].root_camera)
        np.testing.assert_array_equal(drawn.turns_rad, samples[0].turns_rad)
