"""Conditional flow matching over the lifter's features: from slow noise to the turns by which a lift may be wrong.

The path is straight, y_t = (1 - t) y_0 + t y_1 with y_0 of slow noise, and the velocity y_1 - y_0 is learned by
regression (FMPose3D; Lipman et al. 2023). Other than there, y is no pose of single frames in joint positions but, over
the whole clip, the rotation vectors of the joints' orientations about the lift, in units of what the lifter expects.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from backend.hypotheses.condition import number_count
from backend.hypotheses.configuration import FlowConfiguration
from backend.lift.network.frames import FrameBlock
from backend.lift.network.inputs import smoothed
from motion.skeleton import BODY_JOINT_COUNT

CHANNELS = 3 * BODY_JOINT_COUNT
_TIME_WAVES = 8
_SIGMA_FRAMES = 4.0


class Flow(nn.Module):
    """A field of velocities for N samples of each of B clips, under the clips' conditions."""

    def __init__(self, wanted: FlowConfiguration) -> None:
        super().__init__()
        self.wanted = wanted
        numbers, width = number_count(wanted.hidden_width), wanted.velocity_width
        self.enter = nn.Linear(numbers, wanted.width)
        self.frame_blocks = nn.ModuleList(FrameBlock(wanted) for _ in range(wanted.blocks))
        self.norm = nn.LayerNorm(wanted.width)
        self.tell = nn.Linear(wanted.width, width)
        self.sample = nn.Linear(CHANNELS, width)
        self.velocity_blocks = nn.ModuleList(VelocityBlock(wanted) for _ in range(wanted.velocity_blocks))
        self.last_norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, CHANNELS)
        nn.init.zeros_(self.leave.weight)
        # Of the data: the numbers' means and spreads, and the whitened turns' spreads.
        self.register_buffer("number_mean", torch.zeros(numbers))
        self.register_buffer("number_spread", torch.ones(numbers))
        self.register_buffer("turn_spread", torch.ones(BODY_JOINT_COUNT, 3))

    def condition(self, numbers: Tensor) -> Tensor:
        """Tokens [B, T, W] of what is told of the frames [B, T, C]."""
        x = self.enter((numbers - self.number_mean) / self.number_spread)
        for block in self.frame_blocks:
            x = block(x)
        return self.tell(self.norm(x))

    def forward(self, y: Tensor, time: Tensor, condition: Tensor) -> Tensor:
        """Velocities [B, N, T, 66] at y [B, N, T, 66], time [B, N] from 0 to 1, under tokens [B, T, W]."""
        x = self.sample(y) + condition[:, None]
        told_time = time_waves(time)
        for block in self.velocity_blocks:
            x = block(x, told_time)
        return self.leave(self.last_norm(x))

    def sigma_rad(self, sigma_rad: Tensor) -> Tensor:
        """The unit of y: [..., 22, 3] of the lifter's own sigma [..., 22]."""
        return sigma_rad[..., None] * self.turn_spread

    @property
    def reach_frames(self) -> int:
        """How far to either side a velocity hears other frames of y."""
        return self.wanted.velocity_blocks * (self.wanted.kernel_frames // 2)


class VelocityBlock(nn.Module):
    """x + a convolution over time, then x + a small perceptron; both under scales and shifts of the flow's time."""

    def __init__(self, wanted: FlowConfiguration) -> None:
        super().__init__()
        width = wanted.velocity_width
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.by_time = nn.Linear(2 * _TIME_WAVES, 4 * width)
        self.over_frames = nn.Conv1d(width, width, wanted.kernel_frames, padding="same", groups=width)
        self.across = nn.Linear(width, width)
        self.inner = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, width))
        nn.init.zeros_(self.by_time.weight)
        nn.init.zeros_(self.by_time.bias)

    def forward(self, x: Tensor, told_time: Tensor) -> Tensor:
        """x [B, N, T, W], told_time [B, N, 16]."""
        scale, shift, inner_scale, inner_shift = self.by_time(told_time)[:, :, None].chunk(4, -1)
        mixed = self.norm(x) * (1.0 + scale) + shift
        mixed = self.over_frames(mixed.flatten(0, 1).mT).mT.unflatten(0, x.shape[:2])
        x = x + self.across(nn.functional.silu(mixed))
        return x + self.inner(self.norm(x) * (1.0 + inner_scale) + inner_shift)


def steady_sigma(sigma_rad: Tensor) -> Tensor:
    """The lifter's sigma [B, T, 22] of orientations without its tremble, which samples would show."""
    return smoothed(sigma_rad.log(), _SIGMA_FRAMES).exp()


def time_waves(time: Tensor) -> Tensor:
    """[..., 16] sines and cosines of a time from 0 to 1."""
    angle = math.pi * time[..., None] * torch.arange(1, _TIME_WAVES + 1, device=time.device)
    return torch.cat([angle.sin(), angle.cos()], -1)
