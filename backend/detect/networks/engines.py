"""Which library runs a network."""

from __future__ import annotations

import importlib.util
from typing import Literal

from backend.detect.networks.network import Network
from backend.threads import threads as all_threads

Engine = Literal["litert", "torch"]


def best_engine(device: str) -> Engine:
    """The quickest engine for a device of torch ("cpu", "cuda", "cuda:1") among those that are installed."""
    if device.startswith("cuda") or not importlib.util.find_spec("ai_edge_litert"):
        return "torch"
    return "litert"


def open_network(network: bytes, engine: Engine, device: str = "cpu", threads: int = 0,
                 at_once: int = 1) -> Network:  # fmt: skip
    """A TFLite network ready to run.

    `device` is torch's word; LiteRT runs on the processor. `threads` 0 means all of this process; torch has one number
    of threads for the whole process and keeps it. LiteRT shares them among `at_once` pictures. Raises NotANetwork, and
    Refusal when the engine lacks an operator.
    """
    if engine == "litert":
        from backend.detect.networks.litert_network import LiteRtNetwork
        return LiteRtNetwork(network, threads or all_threads(), at_once)
    from backend.detect.networks.torch_network import TorchNetwork
    return TorchNetwork(network, device)
