"""What is known of the other views."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.lift.network.inputs import person_view
from backend.lift.network.lift_network import shipped_lifter
from backend.multiview.fuse.network.others import camera_turns, landmarks_first, others_of
from motion.landmarks import LIMB_LANDMARKS

from .made_up_views import around, inputs_of_views, together_of


@pytest.mark.parametrize("angle", [0.6, -2.0])
def test_turns_between_cameras_are_found_from_the_bodies_alone(angle: float) -> None:
    made, rig = around(angle)
    inputs = inputs_of_views(made)
    told = shipped_lifter()(inputs)
    turns = camera_turns(told, inputs.seen[None], together_of(rig))[0].double().numpy()
    off = turns[0, 1].T @ rig.R_first_from_camera[1]
    assert np.rad2deg(np.arccos(np.clip((np.trace(off) - 1.0) / 2.0, -1.0, 1.0))) < 20.0
    np.testing.assert_allclose(turns[1, 0], turns[0, 1].T, atol=1e-4)


def test_landmarks_meet_where_they_are() -> None:
    """Up to the detector's bias, which the network expects and which made-up detections lack."""
    made, rig = around(1.2, -1.6)
    inputs = inputs_of_views(made)
    told = shipped_lifter()(inputs)
    unbiased = replace(told, bias_m=torch.zeros_like(told.bias_m))
    found = landmarks_first(unbiased, person_view(inputs), inputs, together_of(rig))
    truth = made[0].points_camera[:, LIMB_LANDMARKS]
    off = np.linalg.norm(found.points[0][:, LIMB_LANDMARKS].numpy() - truth, axis=-1)
    assert off.mean() < 0.01


def test_nothing_is_said_where_no_other_view_sees_the_person() -> None:
    made, rig = around(1.2)
    inputs = inputs_of_views(made)
    seen = inputs.seen.clone()
    seen[1, 20:] = False
    inputs = replace(inputs, seen=seen, scores=inputs.scores * seen[..., None],
                     landmarks_px=inputs.landmarks_px * seen[..., None, None])  # fmt: skip
    told = shipped_lifter()(inputs)
    others = others_of(told, person_view(inputs), inputs, together_of(rig))
    assert (others.numbers[0, 0, 20:] == 0.0).all() and (others.numbers[0, 0, :20] != 0.0).any()
    assert (others.numbers[0, 1] != 0.0).any(-1).all()
    assert not others.any[0, 0, 20:].any() and others.any[0, 1].all()
