"""Lifting networks to take the time of, with random weights, and one clip of 243 frames of random input for each."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from backend.lift.network.configuration import FOLDER, read_configuration
from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import Lifter
from backend.lift.published import networks
from bench.peers.gvhmr import BOX, IMAGE, TURN, Gvhmr
from bench.peers.mixste import MixSte
from bench.peers.motion_agformer import MotionAgFormer
from motion.landmarks import LANDMARK_COUNT

FRAMES = 243
OURS = ("mambocap_cpu", "mambocap_gpu")
PEERS: dict[str, Callable[[], nn.Module]] = {
    "motion_agformer_b": lambda: MotionAgFormer(FRAMES), "mixste": lambda: MixSte(FRAMES), "gvhmr": Gvhmr}  # fmt: skip
NAMES = (*OURS, *networks.NAMES, *PEERS)


def built(name: str, device: str) -> nn.Module:
    """A network of NAMES, ready to run."""
    torch.manual_seed(0)
    if name in OURS:
        network: nn.Module = Lifter(read_configuration(FOLDER / f"{name.removeprefix('mambocap_')}.json"))
    else:
        network = PEERS[name]() if name in PEERS else networks.build(name, FRAMES)
    return network.to(device).eval()


def inputs(name: str, device: str) -> tuple:
    """What the network takes of one clip."""
    torch.manual_seed(1)
    if name in OURS:
        return (_ours(device),)
    keypoints = torch.rand(1, FRAMES, 17, 3, device=device)
    beside = [torch.randn(1, FRAMES, size, device=device) for size in (BOX, TURN, IMAGE)] if name == "gvhmr" else []
    return keypoints, *beside


def _ours(device: str) -> LifterInputs:
    def around(*shape: int) -> Tensor:
        return torch.randn(1, FRAMES, *shape, device=device)

    return LifterInputs(
        landmarks_px=500 + 100 * around(LANDMARK_COUNT, 2), scores=torch.rand(1, FRAMES, LANDMARK_COUNT, device=device),
        landmarks_camera=0.3 * around(LANDMARK_COUNT, 3), seen=torch.ones(1, FRAMES, dtype=torch.bool, device=device),
        K=torch.tensor([[[1000.0, 0.0, 500.0], [0.0, 1000.0, 500.0], [0.0, 0.0, 1.0]]], device=device),
        R_camera_from_previous=torch.eye(3, device=device).expand(1, FRAMES, 3, 3))  # fmt: skip
