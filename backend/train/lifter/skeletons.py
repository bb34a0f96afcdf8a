"""How people's bones differ: the mean of those who teach, and the few directions in which most of them lie apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from backend.lift.network.lifter import SKELETON_NUMBERS, USUAL_HEIGHT_M, Lifter
from backend.lift.network.mirror import other_sides
from backend.train.bodies import BodyFamily
from backend.train.motions.training_clip import TrainingClip
from motion.arrays import Array
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES, PARENTS

_FINGER_WEIGHT = 0.1    # fingers only follow their hands


def fit_skeletons(lifter: Lifter, clips: Sequence[TrainingClip]) -> None:
    """Set mean and axes of `lifter` (principal components); left and right of the mean are alike."""
    skeletons, weights = _people(clips)
    sides = other_sides(JOINT_NAMES)
    both = np.concatenate([skeletons, skeletons[:, sides] * [-1.0, 1.0, 1.0]])
    weights = np.concatenate([weights, weights])
    mean = np.average(both, axis=0, weights=weights)
    importance = np.where(np.arange(len(JOINT_NAMES)) < BODY_JOINT_COUNT, 1.0, _FINGER_WEIGHT)[:, None]
    apart = (both - mean) * np.sqrt(weights / weights.sum())[:, None, None]
    _, sigmas, axes = np.linalg.svd((apart * importance).reshape(len(both), -1), full_matrices=False)
    axes = axes[:SKELETON_NUMBERS].reshape(-1, *mean.shape) / importance
    lifter.mean_skeleton.copy_(torch.from_numpy(mean))
    lifter.skeleton_axes[: len(axes)] = torch.from_numpy(axes * sigmas[: len(axes), None, None])


def _people(clips: Sequence[TrainingClip]) -> tuple[Array, Array]:
    """Rest joints [N, 55, 3] m of everybody, at USUAL_HEIGHT_M, and the root of how many frames each has [N]."""
    of_person: dict[tuple[str, str], list[TrainingClip]] = {}
    for clip in clips:
        of_person.setdefault((clip.origin.source, clip.origin.subject), []).append(clip)
    skeletons = np.stack([clips[0].rest_joints for clips in of_person.values()]).astype(float)
    frames = np.array([sum(len(clip.root_world) for clip in clips) for clips in of_person.values()], float)
    family = BodyFamily()
    average = family.bodies(torch.zeros(1, len(family.shape_names)), torch.tensor([USUAL_HEIGHT_M]))
    sizes = _bone_sums(skeletons) / _bone_sums(average.rest_joints.double().numpy())
    return skeletons / sizes[:, None, None], np.sqrt(frames)


def _bone_sums(joints: Array) -> Array:
    """[N] m of skeletons [N, 55, 3]."""
    above = list(PARENTS[1:BODY_JOINT_COUNT])
    return np.linalg.norm(joints[:, 1:BODY_JOINT_COUNT] - joints[:, above], axis=-1).sum(axis=-1)
