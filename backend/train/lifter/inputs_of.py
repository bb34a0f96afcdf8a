"""What a lifter would be told of a batch."""

from __future__ import annotations

from backend.lift.network.inputs import LifterInputs
from backend.train.batches import Batch


def inputs_of(batch: Batch) -> LifterInputs:
    said = batch.detections
    return LifterInputs(said.landmarks_px, said.scores, said.landmarks_camera, said.seen, batch.views.K,
                        batch.R_camera_from_previous, batch.features)  # fmt: skip
