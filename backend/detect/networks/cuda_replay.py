"""Small batches are bound by launching hundreds of operators, so a card is handed all of them as one recording."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Run = Callable[[Tensor], tuple[Tensor, ...]]

# TF32, torch's own choice for convolutions, keeps 10 bits of 23.
EXACT = {"enabled": True, "deterministic": True, "allow_tf32": False, "fp32_precision": "ieee"}
LARGEST_BATCH = 32      # more at once fill a card no better
ONE_RECORDS = threading.Lock()      # torch records in one thread at a time; its flags are everybody's


@dataclass(frozen=True, eq=False)
class Recording:
    """`graph` computes `outputs` from what lies in `pictures`; all keep their places in the card's memory."""

    pictures: Tensor
    outputs: tuple[Tensor, ...]
    graph: torch.cuda.CUDAGraph


class CudaReplay:
    """`run`, recorded once for batches of 1, 2, 4, ... pictures and then replayed."""

    def __init__(self, run: Run, device: torch.device) -> None:
        self._run, self._device = run, device
        self._recordings: dict[int, Recording] = {}
        with torch.cuda.device(device):
            self._stream = torch.cuda.Stream()
            # One memory for all: a replay may overwrite what another left, since outputs are fetched at once.
            self._memory = torch.cuda.graph_pool_handle()

    def __call__(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """Outputs in the processor's memory of pictures [B, side, side, 3] in the processor's memory, B > 0."""
        with torch.cuda.device(self._device):
            parts = [self._replayed(part) for part in pictures.split(LARGEST_BATCH)]
        return tuple(torch.cat(outputs) for outputs in zip(*parts, strict=True))

    def _replayed(self, pictures: Tensor) -> list[Tensor]:
        count = len(pictures)
        size = 1 << (count - 1).bit_length()
        if size not in self._recordings:
            self._recordings[size] = self._recorded(torch.zeros(size, *pictures.shape[1:], device=self._device))
        recording = self._recordings[size]
        recording.pictures[:count].copy_(pictures)
        recording.graph.replay()
        return [output[:count].cpu() for output in recording.outputs]

    def _recorded(self, pictures: Tensor) -> Recording:
        graph = torch.cuda.CUDAGraph()
        with ONE_RECORDS, torch.backends.cudnn.flags(**EXACT):
            self._warm_up(pictures)
            # Only this thread: others may ask for memory meanwhile.
            with torch.cuda.graph(graph, self._memory, self._stream, capture_error_mode="thread_local"):
                outputs = self._run(pictures)
        return Recording(pictures, outputs, graph)

    def _warm_up(self, pictures: Tensor) -> None:
        """Run once unrecorded: what libraries set up at their first call cannot be recorded."""
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            self._run(pictures)
        torch.cuda.current_stream().wait_stream(self._stream)
