"""What a lifter would be told of a batch."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.cameras.focal import GUESS_OVER_LONG_SIDE
from backend.lift.network.inputs import LifterInputs
from backend.train.batches import Batch


def inputs_of(batch: Batch) -> LifterInputs:
    said = batch.detections
    return LifterInputs(said.landmarks_px, said.scores, said.landmarks_camera, said.seen, known_lens(batch),
                        batch.R_camera_from_previous, batch.features)  # fmt: skip


def known_lens(batch: Batch) -> Tensor:
    """K [B, 3, 3] as the product knows it: of every second window of the whole batch the lens, else the usual guess."""
    K = batch.views.K.clone()
    guess_px = GUESS_OVER_LONG_SIDE * batch.views.size_px.amax(-1).to(K)
    guessed = torch.arange(batch.part.first, batch.part.last, device=K.device) % 2 == 1
    for axis in (0, 1):
        K[:, axis, axis] = torch.where(guessed, guess_px, K[:, axis, axis])
    return K
