"""Batches of people who walk, what a lifter would have to say of them, and runs that take seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.inputs import turn_to_hips
from backend.lift.network.joints import POLAR_BINS, bones_of, polar_bins
from backend.lift.network.lifter import Lifter, LifterOutputs
from backend.train.batches import Batch, Batches, BatchSettings
from backend.train.bodies import BodyFamily
from backend.train.endless import EndlessBatches
from backend.train.lifter.losses import loss_terms, truth_of
from backend.train.lifter.trainer import Batchwise, Training
from backend.train.motions.training_clip import Teaches
from backend.train.train_settings import TrainSettings
from tests.backend.train.made_up_clips import several, walking

TINY = LifterConfiguration(joint_width=8, joint_state_size=4, width=16, state_size=4, head_width=16, blocks=1)
QUICK = TrainSettings(steps=6, rate=3e-3, warm_up_steps=1, every=3)
WINDOWS, FRAMES = 4, 40
SURE = 40.0   # logits


@cache
def family() -> BodyFamily:
    return BodyFamily()


@cache
def some_batch(number: int = 0) -> Batch:
    """Walking people, seen without error."""
    return Batches(several(3), None, BatchSettings(WINDOWS, FRAMES), seed=5).batch(number)


@cache
def batch_of(frames: int, teaches: Teaches) -> Batch:
    """Of one clip of so many frames that teaches so much."""
    settings = BatchSettings(2, FRAMES, other_speed_share=0.0, mirrored_share=0.0, exchanged_share=0.0)
    return Batches([walking("walk", frames, 1.0, teaches=teaches)], None, settings, seed=5).batch(0)


def perfect(batch: Batch, known_K: Tensor | None = None) -> LifterOutputs:
    """What there is to be said, with variances of 1."""
    K = batch.views.K if known_K is None else known_K
    truth, frames = truth_of(batch, K), batch.detections.seen.shape
    bins = functional.one_hot(polar_bins(bones_of(truth.landmarks)), POLAR_BINS)
    return LifterOutputs(
        R_person_from_camera=turn_to_hips(batch.detections.landmarks_px, batch.detections.seen, K)[0],
        R_person_from_joint=truth.R_person_from_joint, root_person=truth.root, down_person=truth.down,
        root_velocity=batch.root_velocity, rest_joints=batch.rest_joints, height_m=batch.bodies.height_m,
        still_logits=torch.where(batch.still, SURE, -SURE), rotation_log_variance=torch.zeros(*frames, 22),
        joint_log_variance=torch.zeros(*frames, 22, 2), down_log_variance=torch.zeros(frames),
        bias_m=torch.zeros(*frames, 33, 2), bias_log_variance=torch.zeros(*frames, 33),
        bias_depth_m=torch.full(frames, 3.0), hidden=torch.zeros(*frames, 1),
        polar_logits=SURE * bins,
    )  # fmt: skip


def terms_of(batch: Batch, told: LifterOutputs | None = None, **otherwise: Tensor) -> dict[str, float]:
    """The loss terms of what is perfect but for what is said otherwise, the lens being known."""
    told = replace(told or perfect(batch), **otherwise)
    return {name: float(value) for name, value in loss_terms(told, batch, batch.views.K, family()).items()}


def about_y(degrees: float) -> Tensor:
    """[3, 3]."""
    turn = torch.deg2rad(torch.tensor(degrees))
    cosine, sine, zero, one = turn.cos(), turn.sin(), torch.tensor(0.0), torch.tensor(1.0)
    return torch.stack([cosine, zero, sine, zero, one, zero, -sine, zero, cosine]).view(3, 3)


class Row(EndlessBatches[Batch]):
    """Two batches in turns; which numbers were asked for is kept in `asked`."""

    def __init__(self, name: str, asked: list[tuple[str, int]]) -> None:
        super().__init__(seed=0)
        self.name, self.asked = name, asked

    def batch(self, number: int) -> Batch:
        self.asked.append((self.name, number))
        return some_batch(number % 2)


def tiny_lifter(seed: int = 0) -> Lifter:
    torch.manual_seed(seed)
    lifter = Lifter(TINY)
    lifter.mean_skeleton.copy_(some_batch().rest_joints.mean(0))
    return lifter


def some_training(folder: Path, asked: list[tuple[str, int]] | None = None, settings: TrainSettings = QUICK,
                  shares: Sequence[float] = (70.0, 30.0)) -> Training:  # fmt: skip
    asked = [] if asked is None else asked
    rows = Batchwise([(Row(name, asked), share) for name, share in zip(("drawn", "bank"), shares, strict=False)])
    return Training(tiny_lifter(), rows, {"dev": [some_batch(2)]}, settings, folder)
