"""Other poses of a lift that fit the footage, drawn from the flow and brought onto the landmarks."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from backend.hypotheses.condition import Condition, condition_of
from backend.hypotheses.euler import euler
from backend.hypotheses.fit_to_picture import fitted
from backend.hypotheses.flow import CHANNELS, Flow, steady_sigma
from backend.hypotheses.noise import slow_noise
from backend.hypotheses.representatives import grouped
from backend.hypotheses.root_of_samples import roots_of
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import HypothesesSettings
from backend.hypotheses.turns import turns_of
from backend.lift.lift import Lift
from backend.lift.network.inputs import smoothed
from backend.lift.network.windows import windows_over
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.turned import Bones, bones_of, turned
from backend.threads import one_torch_thread
from motion.arrays import Array

_SMOOTHED_FRAMES = 3.0      # so that samples jerk no more than the lift does
_LASTING_SHARE = 1.0        # of the noise's variance: who reaches farther back in one frame does so in all
_DRAWN_FRAMES = 600_000     # of all samples together, whatever the clip's length: it takes most of the time
_LOOKED_AT = 60             # frames of a clip by which samples are told apart
_VALUES_AT_ONCE = 1 << 21   # of samples and frames that go through the flow together; memory does not grow with clips


@one_torch_thread()
def sample_poses(lift: Lift, count: int, flow: Flow, settings: HypothesesSettings) -> Samples:
    """`count` motions of the whole clip. Raises Refusal for a lift that no network made."""
    condition = condition_of(lift)
    draws_each = draws_each_of(len(condition.positions), count, settings)
    drawn = sampled_turns(flow, condition, count * draws_each, settings)
    groups = grouped(_joints_now_and_then(lift, condition, drawn), count, settings.seed)
    turns = turns_of(condition, groups.means(drawn), len(lift.root_camera))
    samples = Samples(lift, turns, roots_of(lift, turns), groups.shares)
    return fitted(samples, RefineSettings(rounds=settings.fit_rounds))


def draws_each_of(frames: int, count: int, settings: HypothesesSettings) -> int:
    """For each of `count` samples as many as wanted, or as there is time for in a clip of so many frames."""
    return max(1, min(settings.draws_each, _DRAWN_FRAMES // (count * frames)))


def _joints_now_and_then(lift: Lift, condition: Condition, turns_view_rad: Array) -> Array:
    """[M, D] m where joints lie about the pelvis in some frames, of turns [M, F, 22, 3] in the view's axes."""
    some = np.unique(np.linspace(0, len(condition.positions) - 1, _LOOKED_AT).astype(int))
    frames = np.round(condition.positions[some]).astype(int)
    turns = np.einsum("mba,nmjb->nmja", condition.R_view_from_camera[some], turns_view_rad[:, some])
    every = bones_of(lift, slice(None))
    bones = Bones(every.bones[frames], every.rides[frames], every.carriers, np.zeros((len(frames), 3)))
    joints = np.stack([turned(bones, each, bones.root).joints for each in turns])
    return joints.reshape(len(joints), -1)


@torch.no_grad()
def sampled_turns(flow: Flow, condition: Condition, count: int, settings: HypothesesSettings) -> Array:
    """Rotation vectors [N, M, 22, 3] in the view's axes at the condition's positions.

    Noise comes in pairs of opposite signs, as the published one comes with its mirror image, so that fewer samples tell
    as much. It is the same over the whole clip and a velocity hears only some frames around it, so that pieces of a
    long clip join without a seam.
    """
    device = flow.turn_spread.device
    tokens = _tokens(flow, torch.from_numpy(condition.numbers.copy()).float().to(device))
    generator = torch.Generator(device).manual_seed(settings.seed)
    half = slow_noise(-(-count // 2), len(tokens), CHANNELS, generator, _LASTING_SHARE)
    noise = settings.noise * torch.cat([half, -half])[:count]
    y = torch.empty_like(noise)
    for part in _pieces(count, len(tokens), flow):
        y[:, part] = _piece(flow, tokens, noise, part, settings.steps)
    del noise
    sigma_rad = steady_sigma(torch.from_numpy(condition.sigma_rad.copy()).float().to(device)[None])[0]
    unit_rad = flow.sigma_rad(sigma_rad).flatten(-2)
    for sample in y.split(1):   # smoothed all at once they would take many times their memory
        sample.copy_(smoothed(sample, _SMOOTHED_FRAMES) * unit_rad)
    return y.unflatten(-1, (-1, 3)).cpu().numpy()


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
