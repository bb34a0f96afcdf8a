from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from backend.lift.network.lifter import USUAL_HEIGHT_M, Lifter
from backend.lift.network.mirror import other_sides
from backend.train.bodies import BodyFamily
from backend.train.lifter.skeletons import fit_skeletons
from backend.train.motions.training_clip import TrainingClip
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES
from tests.backend.train.made_up_clips import walking

from .made_up_training import TINY


def people(count: int, heights_m: torch.Tensor) -> list[TrainingClip]:
    """Clips of people whose bodies are of the open family."""
    family, generator = BodyFamily(), torch.Generator().manual_seed(3)
    shapes = torch.randn(count, len(family.shape_names), generator=generator)
    skeletons = family.bodies(shapes, heights_m.expand(count)).rest_joints.numpy()
    clips = [walking(f"walk{number}", 40, 1.0) for number in range(count)]
    return [replace(clip, rest_joints=skeleton, origin=replace(clip.origin, subject=f"subject{number}"))
            for number, (clip, skeleton) in enumerate(zip(clips, skeletons, strict=True))]  # fmt: skip


def fitted(clips: list[TrainingClip]) -> Lifter:
    lifter = Lifter(TINY)
    fit_skeletons(lifter, clips)
    return lifter


def test_the_mean_has_the_usual_size_whatever_the_people_have():
    small, tall = (fitted(people(6, torch.tensor([height]))) for height in (1.3, 2.0))
    assert torch.allclose(small.mean_skeleton, tall.mean_skeleton, atol=1e-4)
    average = BodyFamily().bodies(torch.zeros(1, 8), torch.tensor([USUAL_HEIGHT_M])).rest_joints[0]
    assert (small.mean_skeleton - average).norm(dim=-1).max() < 0.1


def test_the_mean_is_alike_on_both_sides():
    mean = fitted(people(5, torch.tensor([1.7]))).mean_skeleton
    mirrored = mean[other_sides(JOINT_NAMES)] * torch.tensor([-1.0, 1.0, 1.0])
    assert torch.allclose(mean, mirrored, atol=1e-6)


def test_a_few_numbers_tell_most_of_how_people_differ():
    clips = people(12, torch.tensor([USUAL_HEIGHT_M]))
    lifter = fitted(clips)
    skeletons = torch.from_numpy(np.stack([clip.rest_joints for clip in clips]))[:, :BODY_JOINT_COUNT]
    axes = lifter.skeleton_axes[:, :BODY_JOINT_COUNT].flatten(1)
    size = torch.stack([lifter.mean_skeleton[:BODY_JOINT_COUNT].flatten(), *axes]).T
    told = torch.linalg.lstsq(size, skeletons.flatten(1).T).solution
    left = (skeletons.flatten(1) - (size @ told).T).std() / (skeletons - skeletons.mean(0)).std()
    assert left < 0.3


def test_one_person_alone_gives_no_directions_that_are_not_numbers():
    lifter = fitted(people(1, torch.tensor([1.7])))
    assert lifter.skeleton_axes.isfinite().all() and lifter.mean_skeleton.isfinite().all()
