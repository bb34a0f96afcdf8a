"""Which library runs a network."""

from __future__ import annotations

import importlib.util
import os
from typing import Literal

from backend.detect.networks.network import Network

Engine = Literal["litert", "torch"]


def best_engine(device: str) -> Engine:
    """The quickest engine for a device of torch ("cpu", "cuda", "cuda:1") among those that are installed."""
    if device.startswith("cuda") or not importlib.util.find_spec("ai_edge_litert"):
        return "torch"
    return "litert"


def open_network(network: bytes, engine: Engine, device: str = "cpu", threads: int = 0,
                 at_once: int = 1) -> Network:  # fmt: skip
    """A TFLite network ready to run.

    `device` is torch's word; LiteRT runs on the processor. `threads` 0 means one for every core; torch has one number
    of threads for the whole process and keeps it. LiteRT shares them among `at_once` pictures. Raises NotANetwork, and
    Refusal when the engine lacks an operator.
    """
    if engine == "litert":
        from backend.detect.networks.litert_network import LiteRtNetwork
        return LiteRtNetwork(network, threads or available_cores(), at_once)
    from backend.detect.networks.torch_network import TorchNetwork
    return TorchNetwork(network, device)


def available_cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
