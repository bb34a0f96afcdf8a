"""The linear map that a lifter starts from, by least squares: telling rotations from nothing takes hours."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from backend.lift.network.inputs import person_view
from backend.lift.network.lifter import Lifter
from backend.lift.network.rotations import six_from_matrix
from backend.train.batches import Batch
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import truth_of
from backend.train.means import Summed

_RIDGE = 1e-3     # of the mean square of a number


@torch.no_grad()
def fit_first_guess(lifter: Lifter, batches: Iterable[Batch], summed: Summed = lambda values: values) -> None:
    """Set the linear map of `lifter` to what fits the batches best, `summed` adding values over parts of them."""
    count = lifter.first_guess.in_features + 1
    normal = torch.zeros(count, count, dtype=torch.float64)
    beside = torch.zeros(count, lifter.first_guess.out_features, dtype=torch.float64)
    for batch in batches:
        numbers, wanted = (values.double().cpu() for values in _pairs(lifter, batch))
        normal += numbers.T @ numbers
        beside += numbers.T @ wanted
    normal, beside = summed(normal), summed(beside)
    normal += _RIDGE * torch.diag(normal.diagonal().clamp(min=1e-6))
    weights = torch.linalg.solve(normal, beside).float()
    lifter.first_guess.weight.copy_(weights[:-1].T)
    lifter.first_guess.bias.copy_(weights[-1])


def _pairs(lifter: Lifter, batch: Batch) -> tuple[Tensor, Tensor]:
    """Numbers [N, C + 1] of the frames in which somebody was seen, and what the linear map should tell of them."""
    inputs = inputs_of(batch)
    view = person_view(inputs, lifter.wanted.world_landmarks)
    truth = truth_of(batch, inputs.K)
    landmarks, frame = lifter.numbers(inputs, view)
    deeper = (truth.root[..., 2].clamp(min=0.1) / view.depth_m).log()[..., None]
    wanted = torch.cat([six_from_matrix(truth.R_person_from_joint).flatten(2), truth.down, truth.root[..., :2],
                        deeper], -1)  # fmt: skip
    known = inputs.seen & batch.teaching.inside
    numbers = torch.cat([landmarks.flatten(2), frame, torch.ones_like(frame[..., :1])], -1)
    return numbers[known], wanted[known]
