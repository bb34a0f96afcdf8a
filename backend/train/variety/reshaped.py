"""A clip on another body: its path as long as its new legs ask for, its feet where they rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.train.motions.training_clip import TrainingClip
from backend.train.variety.figure import Figure
from backend.train.variety.pinned import pinned_feet
from motion.arrays import Array


def reshaped(clip: TrainingClip, rest_joints: Array) -> TrainingClip:
    """The same motion done by a body with other rest joints [55, 3] m.

    The height of the hips over the soles scales with the legs, and so does the path; still soles are pinned.
    """
    old, new = Figure(np.asarray(clip.rest_joints, float)), Figure(np.asarray(rest_joints, float))
    hips_old, hips_new = (figure.rest_joints[[1, 2]].mean(axis=0) - figure.rest_joints[0] for figure in (old, new))
    R = np.asarray(clip.R_parent_from_joint, dtype=np.float64)
    stretch = _standing_height(new) / _standing_height(old)
    hips = clip.root_world + R[:, 0] @ hips_old
    root = stretch * hips - R[:, 0] @ hips_new
    R, root = pinned_feet(new, R, root, clip.still)
    return replace(clip, R_parent_from_joint=R.astype(np.float32), root_world=root.astype(np.float32),
                   rest_joints=np.asarray(rest_joints, np.float32))  # fmt: skip


def _standing_height(figure: Figure) -> float:
    """From the hips to the soles of straight legs, m."""
    return figure.leg_length - float(figure.touching[[0, 1, 3, 4], 1].mean())
