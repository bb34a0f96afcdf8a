"""How far held-out poses are from the nearest one that training shows: what variety is worth, before any network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch

from backend.train.motions.training_clip import TrainingClip
from backend.train.variety.figure import Figure
from backend.train.variety.mirrored import mirrored_rotations
from motion.arrays import Array
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT

_CANDIDATES = 12  # nearest by the root mean square, of which the nearest by the mean distance is taken
_ROWS = 256  # poses compared at once
# The first word found in a clip's action decides.
GROUPS = (
    ("floor", ("lie", "floor", "roll", "crawl", "push", "sit-up", "situp", "kneel", "sleep", "fall", "dive", "deposit",
               "breakdance", "hands and feet")),
    ("sitting", ("sit", "chair", "motorcycle", "driv", "stool")),
    ("dance", ("dance", "salsa", "ballet", "arabesque", "breakdance", "spin")),
    ("fight, sport", ("kick", "geri", "punch", "box", "swat", "sword", "karate", "kata", "martial", "empi", "heian",
                      "oiduki", "uke", "barai", "bassai", "attack", "throw", "basketball", "cartwheel", "flip",
                      "handspring", "balance", "hit", "fight", "block")),
    ("jump, hop", ("jump", "hop", "leap")),
    ("run", ("run", "jog", "sprint")),
    ("squat, bend", ("squat", "bend", "crouch", "duck", "pick", "scoop", "elbowtoknee", "stretch", "range of motion")),
    ("walk", ("walk", "step", "strafe", "turn", "meander", "sneak", "stealth", "march")),
    ("idle", ("idle", "stand", "wait")),
)  # fmt: skip


def group_of(action: str) -> str:
    """The group of actions that a clip's action belongs to."""
    lowered = action.lower()
    return next((name for name, words in GROUPS if any(word in lowered for word in words)), "gestures, work")


def pose_numbers(
    clips: Sequence[TrainingClip], frame_step: int, upright: bool = False, mirrored: bool = False
) -> Array:
    """Joints [N, 22, 3] m about the pelvis of every frame_step-th frame, all on one skeleton.

    In the axes of the pelvis; `upright`: only turned about the vertical, so that lying is not standing. `mirrored` adds
    the mirror images.
    """
    poses = [np.zeros((0, BODY_JOINT_COUNT, 3), np.float32)]
    poses += [joints_about_pelvis(clip.R_parent_from_joint[::frame_step], upright, mirrored) for clip in clips]
    return np.concatenate(poses)


def joints_about_pelvis(R_parent_from_joint: Array, upright: bool = False, mirrored: bool = False) -> Array:
    """Joints [N, 22, 3] m of rotations [N, 22, 3, 3], as pose_numbers has them; mirror images come last."""
    R = np.array(R_parent_from_joint, dtype=np.float64)
    R = np.concatenate([R, mirrored_rotations(R)]) if mirrored else R
    R[:, 0] = _facing_one_way(R[:, 0]) if upright else np.eye(3)
    return _figure().posed(R, np.zeros((len(R), 3)))[1].astype(np.float32)


@cache
def _figure() -> Figure:
    return Figure(read_open_body().shaped([]).skeleton.rest_joints)


def _facing_one_way(R_world_from_pelvis: Array) -> Array:
    """Turned about the vertical until the pelvis' left, or where that is upright its back, points along x."""
    left, ahead = R_world_from_pelvis[..., 0], R_world_from_pelvis[..., 2]
    level = np.where((np.abs(left[:, 2]) < 0.9)[:, None], left, ahead)
    turn = -np.arctan2(level[:, 1], level[:, 0])
    return matrix_from_axis_angle(turn[:, None] * np.array([0.0, 0.0, 1.0])) @ R_world_from_pelvis


def nearest_mm(poses: Array, shown: Array) -> Array:
    """Mean distance [N] mm over the joints from poses [N, 22, 3] to the nearest of those shown [M, 22, 3]."""
    targets, known = torch.as_tensor(poses), torch.as_tensor(shown)
    flat = known.flatten(1)
    lengths = (flat * flat).sum(1)
    found = []
    for rows in targets.split(_ROWS):
        # The pose's own length is the same for all, so that it is left out of the comparison.
        near = (lengths - 2.0 * rows.flatten(1) @ flat.T).topk(min(_CANDIDATES, len(flat)), largest=False).indices
        found.append((known[near] - rows[:, None]).norm(dim=-1).mean(-1).amin(1))
    return 1000.0 * torch.cat(found).numpy()
