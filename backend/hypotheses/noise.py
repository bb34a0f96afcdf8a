"""Noise that is shared along a clip: part of it stays, part of it varies slowly, so that a hypothesis is a motion."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import conv1d

LASTING_SHARE = 0.5        # of the variance, which stays the same over the whole clip, as of the lifter's errors
VARIES_OVER_FRAMES = 12.0  # sigma of the Gaussian that smooths the rest


def slow_noise(
    count: int, frames: int, channels: int, generator: torch.Generator, lasting_share: float = LASTING_SHARE
) -> Tensor:
    """[count, frames, channels], of variance 1 in every frame; frames are about 1/30 s apart.

    What is drawn for one share of the variance does not depend on the share.
    """
    reach = math.ceil(3.0 * VARIES_OVER_FRAMES)
    kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1, device=generator.device) / VARIES_OVER_FRAMES) ** 2)
    kernel = kernel / kernel.square().sum().sqrt()
    white = torch.randn(count * channels, 1, frames + 2 * reach, generator=generator, device=generator.device)
    lasting = torch.randn(count, channels, 1, generator=generator, device=generator.device)
    if lasting_share == 1.0:
        return lasting.expand(-1, -1, frames).transpose(1, 2)
    # One by one: a convolution of all takes many times their memory.
    varying = torch.stack([conv1d(each, kernel[None, None])[:, 0] for each in white.split(channels)])
    both = math.sqrt(lasting_share) * lasting + math.sqrt(1.0 - lasting_share) * varying
    return both.transpose(1, 2)
