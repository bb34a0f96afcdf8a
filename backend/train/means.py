"""Means over a batch of which each process may hold a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

_LEAST = 1e-6   # that counts

Summed = Callable[[Tensor], Tensor]   # values over the parts of a batch


@dataclass(frozen=True, eq=False)
class Mean:
    """Of the rows that are here."""

    total: Tensor    # []
    counts: Tensor   # [] how much counted


def mean(values: Tensor, counts: Tensor) -> Mean:
    """Of values [B, T] or [B, T, N] by counts, of the same shape or [B, T]."""
    counts = counts.reshape(*counts.shape, *[1] * (values.ndim - counts.ndim)).expand_as(values)
    return Mean((values * counts).sum(), counts.sum().to(values))


def by_all_counts(means: Mapping[str, Mean], summed: Summed = lambda values: values) -> dict[str, Tensor]:
    """What these rows add to each mean over the whole batch, whose counts are `summed`; 0 where nothing counts.

    Divided by its own counts, a part in which little counts would weigh as much as one in which much does.
    """
    counts = summed(torch.stack([each.counts for each in means.values()])).clamp(min=_LEAST)
    return {name: each.total / count for (name, each), count in zip(means.items(), counts.unbind(), strict=True)}
