"""`python -m bench.one_network NAME DEVICE`: time and memory of one lifting network, in a process of its own."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import torch
from torch import nn

from bench.lifting_networks import FRAMES, built, inputs
from bench.peak_memory import peak_mb

MOST_S = 3.0      # of passes, but for the last one


def measured(name: str, device: str) -> dict[str, Any]:
    """The least time of a pass over FRAMES frames; memory is what building and running adds at its highest."""
    torch.zeros(1, 8, 8, device=device) @ torch.zeros(8, 8, device=device)    # loads the device's libraries
    before_mb = _peak_mb(device)
    network, arguments = built(name, device), inputs(name, device)
    least_s, least_cpu_s = least_seconds(network, arguments, device)
    return {"ms_per_frame": 1000.0 * least_s / FRAMES, "cpu_ms_per_frame": 1000.0 * least_cpu_s / FRAMES,
            "peak_mb": _peak_mb(device) - before_mb,
            "parameters": sum(values.numel() for values in network.parameters())}  # fmt: skip


def least_seconds(network: nn.Module, arguments: tuple, device: str) -> tuple[float, float]:
    """Of several passes, by the clock and of all processor cores together."""
    taken_s, cpu_s = [], []
    with torch.no_grad():
        while sum(taken_s) < MOST_S:
            began_s, cpu_began_s = time.perf_counter(), time.process_time()
            network(*arguments)
            if device == "cuda":
                torch.cuda.synchronize()
            taken_s.append(time.perf_counter() - began_s)
            cpu_s.append(time.process_time() - cpu_began_s)
    return min(taken_s), min(cpu_s)


def _peak_mb(device: str) -> float:
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 2**20
    return peak_mb()


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2])))
