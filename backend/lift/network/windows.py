"""A row of any length in windows that overlap, all at once, and blended without a seam."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import Lifter, LifterOutputs
from backend.lift.network.mirror import mirrored_inputs, mirrored_outputs
from backend.lift.network.wrong_way_up import is_wrong_way_up, turned_back, turned_over

WINDOW_FRAMES, OVERLAP_FRAMES = 160, 64
WINDOWS_AT_ONCE = 12
_OF_CLIP = ("rest_joints", "height_m")
_ROTATIONS = ("R_person_from_joint",)
_OF_FIRST_LOOK = ("hidden",)   # which means something else in a mirror
_DIRECTIONS = ("down_person",)


@dataclass(frozen=True, eq=False)
class Windows:
    """Where windows [W] start in a row of N frames, and how much each of their frames counts [W, F]."""

    starts: Tensor
    weights: Tensor

    @property
    def frames(self) -> Tensor:
        """[W, F] of the row."""
        return self.starts[:, None] + torch.arange(self.weights.shape[1])


def windows_over(frame_count: int, window: int = WINDOW_FRAMES, overlap: int = OVERLAP_FRAMES) -> Windows:
    """Windows of one length, near to `window`, so that neighbours share `overlap` frames and all frames are covered.

    Weights rise and fall where windows overlap, and add up to 1.
    """
    count = max(1, round((frame_count - overlap) / (window - overlap)))
    window = -(-(frame_count + (count - 1) * overlap) // count)
    starts = torch.linspace(0, frame_count - window, count).round().long()
    places = torch.arange(window, dtype=torch.float32) + 1.0
    weights = torch.minimum(places, window + 1.0 - places).clamp(max=overlap).repeat(len(starts), 1)
    frames = starts[:, None] + torch.arange(window)
    total = torch.zeros(frame_count).index_add_(0, frames.flatten(), weights.flatten())
    return Windows(starts, weights / total[frames])


@torch.no_grad()
def lifted_row(lifter: Lifter, inputs: LifterInputs) -> LifterOutputs:
    """Outputs over a whole row, inputs with B = 1: the mean of what is told of it and of its mirror image."""
    if is_wrong_way_up(inputs):
        return turned_back(_lifted_windows(lifter, turned_over(inputs)))
    return _lifted_windows(lifter, inputs)


def _lifted_windows(lifter: Lifter, inputs: LifterInputs) -> LifterOutputs:
    windows = windows_over(inputs.seen.shape[1])
    told = [_told(lifter, inputs, windows.frames[some]) for some in
            torch.arange(len(windows.starts)).split(WINDOWS_AT_ONCE)]  # fmt: skip
    return blended(told, windows, inputs.seen[0])


def _told(lifter: Lifter, inputs: LifterInputs, frames: Tensor) -> dict[str, Tensor]:
    cut = windows_of(inputs, frames)
    return mean_of_looks(lifter(cut), mirrored_outputs(lifter(mirrored_inputs(cut))))


def mean_of_looks(look: LifterOutputs, in_mirror: LifterOutputs) -> dict[str, Tensor]:
    """By name, windows first, the mean of both looks; rotations are sums of matrices, the surer one counting more.

    Where two looks at a joint are opposed, their plain mean could turn to either side in every frame.
    """
    looks = look, in_mirror
    names = [field.name for field in fields(LifterOutputs) if field.name != "polar_logits"]
    told = {name: 0.5 * (getattr(looks[0], name) + getattr(looks[1], name)) for name in names}
    for name in _ROTATIONS:
        told[name] = sum((-look.rotation_log_variance).exp()[..., None, None] * getattr(look, name) for look in looks)
    for name in _OF_FIRST_LOOK:
        told[name] = getattr(looks[0], name)
    return told


def windows_of(inputs: LifterInputs, frames: Tensor) -> LifterInputs:
    """Windows [W, F] of the only clip."""

    def cut(values: Tensor) -> Tensor:
        return values[0][frames.to(values.device)]

    features = None if inputs.features is None else cut(inputs.features)
    return LifterInputs(cut(inputs.landmarks_px), cut(inputs.scores), cut(inputs.landmarks_camera),
                        cut(inputs.seen), inputs.K.expand(len(frames), 3, 3),
                        cut(inputs.R_camera_from_previous), features)  # fmt: skip


def blended(told: list[dict[str, Tensor]], windows: Windows, seen: Tensor) -> LifterOutputs:
    """One row of what was told of its windows, by name, some windows at a time; seen [N] tells which frames count."""
    count = len(seen)
    whole: dict[str, Tensor | None] = {"polar_logits": None}
    for name in told[0]:
        values = torch.cat([each[name] for each in told])
        if name in _OF_CLIP:
            share = seen.cpu()[windows.frames].float().sum(1).to(values) + 1e-6
            share = (share / share.sum()).reshape(-1, *[1] * (values.ndim - 1))
            whole[name] = (share * values).sum(0, keepdim=True)
            continue
        weights = windows.weights.to(values).reshape(*windows.weights.shape, *[1] * (values.ndim - 2))
        total = values.new_zeros(count, *values.shape[2:])
        total.index_add_(0, windows.frames.flatten().to(values.device), (weights * values).flatten(0, 1))
        whole[name] = _made_whole(name, total)[None]
    return LifterOutputs(**whole)


def _made_whole(name: str, mean: Tensor) -> Tensor:
    if name in _ROTATIONS:
        U, _, Vt = torch.linalg.svd(mean.double())
        sign = torch.ones_like(U[..., 0, :])
        sign[..., 2] = torch.det(U @ Vt)
        return ((U * sign[..., None, :]) @ Vt).to(mean)
    return torch.nn.functional.normalize(mean, dim=-1) if name in _DIRECTIONS else mean
