"""What a camera makes of light: exposure, tint, contrast, vignette, soft focus, motion blur, noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from motion.arrays import Array

NOISE_PLANES = 8


@dataclass(frozen=True, eq=False)
class Look:
    """One camera's way with a scene."""

    gains: Array             # [3] of red, green, blue
    lift: float              # added to all: a haze when positive, contrast when negative
    vignette: float          # darkness of the corners, 0..1
    blur_px: float           # standard deviation of the optics' blur
    noise: float             # standard deviation, of 1
    shutter: float           # share of a frame's time during which it is open; 0: sharp


def random_look(rng: np.random.Generator) -> Look:
    """Mostly clean pictures, some dim, tinted, soft or noisy."""
    exposure = float(np.exp(rng.normal(0.05, 0.22)))
    lift = rng.normal(-0.02, 0.04)
    return Look(
        gains=exposure * (1.0 - lift) * rng.normal(1.0, 0.05, 3), lift=lift, vignette=max(0.0, rng.normal(0.0, 0.2)),
        blur_px=rng.uniform(0.45, 0.8) if rng.random() < 0.85 else rng.uniform(0.8, 1.6),
        noise=0.025 * rng.random() ** 2, shutter=rng.uniform(0.2, 0.8) if rng.random() < 0.3 else 0.0,
    )  # fmt: skip


def gain_map(look: Look, size_px: tuple[int, int], device: torch.device) -> Tensor:
    """[H, W, 3] factor of each pixel."""
    width, height = size_px
    x = torch.linspace(-1, 1, width, device=device) ** 2
    y = torch.linspace(-1, 1, height, device=device) ** 2
    falloff = 1.0 - look.vignette * 0.5 * (x + y[:, None])
    return falloff[..., None] * torch.tensor(look.gains, dtype=torch.float32, device=device)


def noise_planes(rng: np.random.Generator, look: Look, size_px: tuple[int, int], device: torch.device) -> Tensor:
    """[NOISE_PLANES, H, W, 1] int16 of brightness, in steps of 8 bits; frame t takes plane t modulo NOISE_PLANES."""
    noise = rng.standard_normal((NOISE_PLANES, size_px[1], size_px[0], 1), dtype=np.float32)
    return torch.from_numpy(np.rint(255.0 * look.noise * noise).astype(np.int16)).to(device)


def blurred(layers: Tensor, blur_px: float) -> Tensor:
    """[T, H, W, C] under a Gaussian of `blur_px`; sums of shifted copies, which a CPU does far faster than conv2d."""
    reach = 1 if blur_px < 0.75 else 2 if blur_px < 1.1 else 3
    taps = np.exp(-0.5 * (np.arange(reach + 1) / blur_px) ** 2)
    taps /= taps[0] + 2 * taps[1:].sum()
    for axis in (1, 2):
        size = layers.shape[axis]
        result = layers * taps[0]
        for shift in range(1, min(reach, size - 1) + 1):
            ahead, back = (part.narrow(axis, start, size - shift) for part, start in ((layers, shift), (layers, 0)))
            result.narrow(axis, 0, size - shift).add_(ahead, alpha=taps[shift])
            result.narrow(axis, shift, size - shift).add_(back, alpha=taps[shift])
            for edge, missing in ((0, 0), (size - 1, size - shift)):     # as if the borders went on
                result.narrow(axis, missing, shift).add_(layers.narrow(axis, edge, 1), alpha=taps[shift])
        layers = result
    return layers
