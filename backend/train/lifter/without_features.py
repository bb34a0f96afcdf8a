"""Clips whose features are taken away, so that a lifter learns to do without (GVHMR's null conditions)."""

from __future__ import annotations

from dataclasses import replace

from backend.train.batches import Batch
from backend.train.chance import Chance

SHARE = 0.2


def some_without_features(batch: Batch, chance: Chance) -> Batch:
    """The batch, in which SHARE of the windows have features of zero."""
    if batch.features is None:
        return batch
    keep = ~chance.yes(SHARE, len(batch.features))
    return replace(batch, features=batch.features * keep.to(batch.features)[:, None, None])
