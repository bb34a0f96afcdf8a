"""Which library runs a network."""

from __future__ import annotations

import importlib.util
import os
from typing import Literal

from backend.detect.networks.network import Network
from backend.detect.networks.pruning import without_outputs

Engine = Literal["litert", "torch"]


def best_engine(device: str) -> Engine:
    """The quickest engine for a device of torch ("cpu", "cuda", "cuda:1") among those that are installed."""
    if device.startswith("cuda") or not importlib.util.find_spec("ai_edge_litert"):
        return "torch"
    return "litert"


def open_network(network: bytes, engine: Engine, device: str = "cpu", threads: int = 0,
                 without: tuple[str | int, ...] = (), at_once: int = 1) -> Network:  # fmt: skip
    """A network ready to run: a TFLite file without the outputs that are named or numbered in `without`.

    `device` is torch's word; LiteRT runs on the processor. `threads` 0 means one for every core; torch has one number
    of threads for the whole process and keeps it. LiteRT shares them among `at_once` pictures. Raises NotANetwork, and
    Refusal when the engine lacks an operator.
    """
    pruned = without_outputs(network, without)
    if engine == "litert":
        from backend.detect.networks.litert_network import LiteRtNetwork
        return LiteRtNetwork(pruned, threads or available_cores(), at_once)
    from backend.detect.networks.torch_network import TorchNetwork
    return TorchNetwork(pruned, device)


def available_cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
