"""How long a step of the scan is before training."""

from __future__ import annotations

import math

import torch
from torch import Tensor

_LEAST, _GREATEST, _FLOOR = 1e-3, 0.1, 1e-4   # Gu and Dao 2023, §3.6, and mamba_ssm


def starting_bias(count: int) -> Tensor:
    """The bias [count] under the softplus that gives steps drawn log-uniformly from 0.001 to 0.1."""
    low, high = math.log(_LEAST), math.log(_GREATEST)
    dt = torch.exp(low + (high - low) * torch.rand(count)).clamp(min=_FLOOR)
    return dt + torch.log(-torch.expm1(-dt))
