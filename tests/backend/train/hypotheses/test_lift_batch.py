"""Batches as the product lifts them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.lift.network.lift_network import shipped_lifter
from backend.train.batches import Batch
from backend.train.hypotheses.lift_batch import UNSEEN_WEIGHT, lifted_windows
from backend.train.hypotheses.lifted_windows import FEWEST_SEEN, LiftedWindows
from backend.train.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle
from tests.backend.train.lifter.made_up_training import FRAMES, WINDOWS, some_batch


def seen_in(batch: Batch, window: int, frames: int) -> Batch:
    """The batch with one window in which somebody is seen in the first frames only."""
    seen = batch.detections.seen.clone()
    seen[window, frames:] = False
    return replace(batch, detections=replace(batch.detections, seen=seen))


@pytest.fixture(scope="module")
def windows() -> LiftedWindows:
    return lifted_windows(some_batch(), shipped_lifter())


def test_turns_lead_from_the_lift_to_the_truth(windows: LiftedWindows) -> None:
    """How joints lie to the pelvis is the same from wherever it is seen."""
    batch = some_batch()
    R_true = forward_kinematics(batch.R_parent_from_joint, batch.root_camera, batch.rest_joints)[0].numpy()
    R = matrix_from_axis_angle(windows.turn_rad) @ windows.R_view_from_joint
    to_pelvis, to_pelvis_true = (each[:, :, :1].swapaxes(-1, -2) @ each for each in (R, R_true))
    np.testing.assert_allclose(to_pelvis, to_pelvis_true, atol=1e-4)
    assert np.linalg.norm(windows.turn_rad, axis=-1).mean() > 0.01


def test_windows_are_told_as_clips_are(windows: LiftedWindows) -> None:
    assert len(windows) == WINDOWS and windows.frame_count == FRAMES
    assert np.isfinite(windows.numbers).all() and (windows.sigma_rad > 0.0).all()
    np.testing.assert_array_equal(windows.bones_m[:, 0], 0.0)
    assert (np.linalg.norm(windows.bones_m[:, 1:], axis=-1) > 0.01).all()


def test_who_is_hardly_seen_teaches_nothing() -> None:
    fewer = lifted_windows(seen_in(some_batch(), 1, FEWEST_SEEN - 1), shipped_lifter())
    assert len(fewer) == WINDOWS - 1


def test_frames_in_which_nobody_is_seen_teach_less() -> None:
    windows = lifted_windows(seen_in(some_batch(), 0, FEWEST_SEEN), shipped_lifter())
    inside = some_batch().teaching.inside[0].numpy()
    np.testing.assert_allclose(windows.counts[0, :FEWEST_SEEN], inside[:FEWEST_SEEN])
    np.testing.assert_allclose(windows.counts[0, FEWEST_SEEN:], UNSEEN_WEIGHT * inside[FEWEST_SEEN:])


def test_a_batch_without_anybody_gives_nothing() -> None:
    batch = some_batch()
    nobody = replace(batch.detections, seen=torch.zeros_like(batch.detections.seen))
    assert lifted_windows(replace(batch, detections=nobody), shipped_lifter()) is None
