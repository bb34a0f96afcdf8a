"""Other poses of a lift that fit the footage, drawn from the flow and brought onto the landmarks."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.hypotheses.condition import Condition, condition_of
from backend.hypotheses.euler import euler
from backend.hypotheses.flow import CHANNELS, Flow, steady_sigma
from backend.hypotheses.noise import slow_noise
from backend.hypotheses.root_of_samples import roots_of
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import HypothesesSettings
from backend.hypotheses.turns import turns_of
from backend.lift.lift import Lift
from backend.lift.network.inputs import smoothed
from backend.lift.network.windows import windows_over
from motion.arrays import Array

_SMOOTHED_FRAMES = 3.0      # less than what the flow learns from, which is as smooth as five make it
_VALUES_AT_ONCE = 1 << 21   # of samples and frames that go through the flow together; memory does not grow with clips


def sample_poses(lift: Lift, count: int, flow: Flow, settings: HypothesesSettings) -> Samples:
    """`count` motions of the whole clip. Raises Refusal for a lift that no network made."""
    condition = condition_of(lift)
    turns = turns_of(condition, sampled_turns(flow, condition, count, settings), len(lift.root_camera))
    return Samples(lift, turns, roots_of(lift, turns))


@torch.no_grad()
def sampled_turns(flow: Flow, condition: Condition, count: int, settings: HypothesesSettings) -> Array:
    """Rotation vectors [N, M, 22, 3] in the view's axes at the condition's positions.

    Noise runs on over the whole clip and a velocity hears only some frames around it, so that pieces of a long clip
    join without a seam.
    """
    device = flow.turn_spread.device
    tokens = _tokens(flow, torch.from_numpy(condition.numbers.copy()).float().to(device))
    generator = torch.Generator(device).manual_seed(settings.seed)
    noise = flow.noise_scale * slow_noise(count, len(tokens), CHANNELS, generator)
    y = torch.cat([_piece(flow, tokens, noise, part, settings.steps) for part in _pieces(count, len(tokens), flow)], 1)
    sigma_rad = steady_sigma(torch.from_numpy(condition.sigma_rad.copy()).float().to(device)[None])[0]
    turns = smoothed(y, _SMOOTHED_FRAMES).unflatten(-1, (-1, 3)) * flow.sigma_rad(sigma_rad)
    return turns.double().cpu().numpy()


def _tokens(flow: Flow, numbers: Tensor) -> Tensor:
    """[M, W] of numbers [M, C], window by window as long as the lifter's, faded into each other."""
    windows = windows_over(len(numbers))
    total = numbers.new_zeros(len(numbers), flow.wanted.velocity_width)
    for frames, weights in zip(windows.frames.to(numbers.device), windows.weights.to(numbers), strict=True):
        total.index_add_(0, frames, weights[:, None] * flow.condition(numbers[frames][None])[0])
    return total


def _pieces(count: int, frames: int, flow: Flow) -> list[slice]:
    length = max(1, _VALUES_AT_ONCE // (count * flow.wanted.velocity_width))
    return [slice(start, min(start + length, frames)) for start in range(0, frames, length)]


def _piece(flow: Flow, tokens: Tensor, noise: Tensor, frames: slice, steps: int) -> Tensor:
    """y [N, frames, 66] of some frames, computed with as many beside them as all steps hear."""
    reach = steps * flow.reach_frames
    around = slice(max(0, frames.start - reach), frames.stop + reach)
    condition = tokens[None, around]
    y = euler(lambda y, time: flow(y, time, condition), noise[None, :, around], steps)[0]
    start = frames.start - around.start
    return y[:, start : start + frames.stop - frames.start]
