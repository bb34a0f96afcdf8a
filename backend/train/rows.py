"""Data classes of tensors whose first axis is the same: one row for each person, window or camera."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Self

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Rows:
    """Base of data classes whose fields are all [B, ...] tensors, or such rows themselves."""

    def __getitem__(self, chosen: Tensor) -> Self:
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def where(self, condition: Tensor, other: Self) -> Self:
        """These rows where condition [B] holds, elsewhere the others."""
        return self._joined(other, lambda mine, theirs: torch.where(_across(condition, mine), mine, theirs))

    def with_rows(self, chosen: Tensor, rows: Self) -> Self:
        """These rows, but those at the indices `chosen` [N] are `rows` [N]."""
        return self._joined(rows, lambda mine, theirs: mine.index_copy(0, chosen, theirs))

    def _joined(self, other: Self, join: Callable[[Tensor, Tensor], Tensor]) -> Self:
        return type(self)(*(join(getattr(self, field.name), getattr(other, field.name)) for field in fields(self)))


def _across(condition: Tensor, values: Tensor) -> Tensor:
    """condition [B] shaped so that it chooses among rows of values [B, ...]."""
    return condition.reshape(-1, *(1,) * (values.dim() - 1))
