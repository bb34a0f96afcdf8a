"""Clips with errors of one model or the other, by chance."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch

from backend.train.chance import Chance
from backend.train.views import DetectorErrors, SimulatedDetections, Views


@dataclass(frozen=True)
class MixedErrors:
    """`share` of the clips have errors of `one`, the rest those of `other`."""

    one: DetectorErrors
    other: DetectorErrors
    share: float = 0.5

    def detections(self, views: Views, chance: Chance) -> SimulatedDetections:
        is_one = chance.yes(self.share, len(views.K))
        said, otherwise = (model.detections(views, chance) for model in (self.one, self.other))

        def chosen(name: str) -> torch.Tensor:
            values = getattr(said, name)
            return torch.where(is_one.reshape(-1, *[1] * (values.ndim - 1)), values, getattr(otherwise, name))

        return SimulatedDetections(*(chosen(field.name) for field in fields(SimulatedDetections)))
