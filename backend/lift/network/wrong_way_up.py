"""Films of the wrong way up: the lifter is shown them turned by half a turn, as nearly all that it learned from."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from backend.lift.network.inputs import HIPS, LifterInputs
from backend.lift.network.lifter import LifterOutputs
from motion.landmarks import LANDMARK

_SHOULDERS = [LANDMARK["left_shoulder"], LANDMARK["right_shoulder"]]
_DOWNWARDS = 0.5    # of the trunk's mean direction, of which 1 points straight down


def is_wrong_way_up(inputs: LifterInputs) -> bool:
    """Whether the only clip's person has the shoulders below the hips most of the time."""
    trunk = (inputs.landmarks_px[..., _SHOULDERS, :] - inputs.landmarks_px[..., HIPS, :]).mean(-2)[inputs.seen]
    directions = torch.nn.functional.normalize(trunk, dim=-1)
    return len(trunk) > 0 and float(directions[:, 1].mean()) > _DOWNWARDS


def turned_over(inputs: LifterInputs) -> LifterInputs:
    """Half a turn about the optical axis."""
    turn = _half_turn(inputs.K)
    centre = 2.0 * inputs.K[:, None, None, :2, 2]
    return replace(
        inputs, landmarks_px=(centre - inputs.landmarks_px) * inputs.seen[..., None, None],
        landmarks_camera=inputs.landmarks_camera @ turn,
        R_camera_from_previous=turn @ inputs.R_camera_from_previous @ turn,
    )  # fmt: skip


def turned_back(told: LifterOutputs) -> LifterOutputs:
    """What was told of inputs turned over, of the camera as it was; the person's view keeps its axes."""
    return replace(told, R_person_from_camera=told.R_person_from_camera @ _half_turn(told.R_person_from_camera),
                   bias_m=-told.bias_m)  # fmt: skip


def _half_turn(like: Tensor) -> Tensor:
    return torch.diag(torch.tensor([-1.0, -1.0, 1.0])).to(like)
