"""`python -m bench.lifter_length WHAT FRAMES`: milliseconds a frame and memory of a clip that long, as JSON.

Each in a process of its own, since a process never gives its peak back.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from backend.lift.network.configuration import FOLDER, LifterConfiguration, read_configuration
from backend.lift.network.frames import BothWays
from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import Lifter
from backend.lift.network.windows import lifted_row
from bench.own_process import measured_apart
from bench.peak_memory import peak_mb
from motion.landmarks import LANDMARK_COUNT

LENGTHS = {"layer": (300, 3_000, 30_000), "network": (300, 3_000, 30_000), "attention": (300, 3_000)}
_WIDTH, _HEAD_WIDTH, _STATES = 192, 64, 16
_WARM_FRAMES, _REPEATS = 64, 3


def lifter_length() -> dict[str, dict[str, float]]:
    """What speed.py prints: of a state-space layer, of full attention as wide, and of the network in its windows."""
    found: dict[str, dict[str, float]] = {}
    for what, lengths in LENGTHS.items():
        runs = {str(frames): _measured_apart(what, frames) for frames in lengths}
        for figure in ("ms_per_frame", "peak_mb"):
            found[f"{what}_{figure}"] = {frames: run[figure] for frames, run in runs.items()}
    return found


def _measured_apart(what: str, frames: int) -> dict[str, Any]:
    return measured_apart("-m", "bench.lifter_length", what, str(frames))


@torch.no_grad()
def measured(what: str, frames: int) -> dict[str, float]:
    """The fastest of some runs; memory is what a run adds to a process that has run a short clip."""
    torch.manual_seed(0)
    work = _WORKS[what]()
    work(_WARM_FRAMES)
    before_mb = peak_mb()
    seconds = min(_seconds(work, frames) for _ in range(_REPEATS))
    return {"ms_per_frame": 1000.0 * seconds / frames, "peak_mb": peak_mb() - before_mb}


def _seconds(work: Callable[[int], object], frames: int) -> float:
    began_s = time.perf_counter()
    work(frames)
    return time.perf_counter() - began_s


def _layer() -> Callable[[int], Tensor]:
    both = BothWays(LifterConfiguration(width=_WIDTH, state_size=_STATES, head_width=_HEAD_WIDTH))
    return lambda frames: both(torch.randn(1, frames, _WIDTH))


def _attention() -> Callable[[int], Tensor]:
    layer = nn.MultiheadAttention(_WIDTH, _WIDTH // 32, batch_first=True).eval()

    def work(frames: int) -> Tensor:
        x = torch.randn(1, frames, _WIDTH)
        return layer(x, x, x, need_weights=False)[0]

    return work


def _network() -> Callable[[int], object]:
    lifter = Lifter(read_configuration(FOLDER / "cpu.json")).eval()
    return lambda frames: lifted_row(lifter, _somebody(frames))


def _somebody(frames: int) -> LifterInputs:
    """Landmarks about the middle of a picture of 1280 x 720; what they show does not change the work."""
    K = torch.tensor([[[1100.0, 0.0, 640.0], [0.0, 1100.0, 360.0], [0.0, 0.0, 1.0]]])
    landmarks_camera = 0.4 * torch.randn(1, frames, LANDMARK_COUNT, 3)
    landmarks_px = K[:, :2, 2] + 300.0 * landmarks_camera[..., :2]
    return LifterInputs(landmarks_px, torch.ones(1, frames, LANDMARK_COUNT), landmarks_camera,
                        torch.ones(1, frames, dtype=torch.bool), K,
                        torch.eye(3).expand(1, frames, 3, 3))  # fmt: skip


_WORKS = {"layer": _layer, "network": _network, "attention": _attention}

if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
