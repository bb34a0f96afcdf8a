"""Data classes of tensors whose first axis is the same: one row for each person, window or camera."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Rows:
    """Base of data classes whose fields are all [B, ...] tensors, or such rows themselves."""

    def __getitem__(self, chosen: Tensor) -> Self:
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))
