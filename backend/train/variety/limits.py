"""What joints can do, from recordings: how far a joint's turn, given its parent's, is from any that was recorded.

A turn is told by the direction of the bone (swing), the twist about it, and the swing of the parent: an elbow twists
otherwise when the arm is raised (Akhter & Black, "Pose-conditioned joint angle limits", CVPR 2015, for the idea). The
recorded ones are thinned to a grid; nearness to them is the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np
from scipy.spatial import cKDTree

from backend.train.motions.training_clip import TrainingClip
from backend.train.variety.mirrored import OTHER_SIDE, mirrored_rotations
from motion.arrays import Array, Mask
from motion.rotations import quaternion_from_matrix
from motion.skeleton import BODY_JOINT_COUNT, JOINT, PARENTS

FRAME_STEP = 5  # neighbouring frames say the same
_TWIST_WEIGHT, _PARENT_WEIGHT = 0.6, 0.35  # beside the swing's: twists are recorded worse, parents matter less
_CELL = 0.12  # of the grid, about 7 degrees of swing
_FEWEST = 2  # frames in a cell; single ones are mostly faults of recording
_LEFT_OUT_SHARE = 0.15  # of the people, to see how far new poses lie from known ones
_PERCENTILE = 99.5
_LEAST, _MOST = 0.15, 0.45  # no limit is tighter or wider, whatever the clips say


def _bone_axes() -> Array:
    """The direction of each joint's bone at rest, [22, 3]."""
    axes = np.tile([0.0, 1.0, 0.0], (BODY_JOINT_COUNT, 1))
    for side, out in (("left", 1.0), ("right", -1.0)):
        for name in ("collar", "shoulder", "elbow", "wrist"):
            axes[JOINT[f"{side}_{name}"]] = [out, 0.0, 0.0]
        for name in ("hip", "knee"):
            axes[JOINT[f"{side}_{name}"]] = [0.0, -1.0, 0.0]
        for name in ("ankle", "foot"):
            axes[JOINT[f"{side}_{name}"]] = [0.0, 0.0, 1.0]
    return axes


BONE_AXES = _bone_axes()


@dataclass(frozen=True, eq=False)
class JointLimits:
    """The recorded turns of each joint, and how far from them a turn may be."""

    known: tuple[cKDTree | None, ...]  # 22 trees of turn_numbers; None where nothing limits, as for the pelvis
    reach: Array  # [22]

    def beyond(self, R_parent_from_joint: Array) -> Array:
        """How far each joint's turn is from known ones, in shares of its limit, [T, 22]; over 1 is out of limits."""
        shares = np.zeros(R_parent_from_joint.shape[:2])
        for joint, tree in enumerate(self.known):
            if tree is not None:
                numbers = turn_numbers(R_parent_from_joint, joint)
                shares[:, joint] = tree.query(numbers, eps=0.1)[0] / self.reach[joint]
        return shares


def turn_numbers(R_parent_from_joint: Array, joint: int) -> Array:
    """[T, 8]: swing of the bone, twist and swing of the parent, so that distances are about radians."""
    R, axis, parent = R_parent_from_joint[:, joint], BONE_AXES[joint], PARENTS[joint]
    wxyz = quaternion_from_matrix(R)
    twist = 2.0 * np.arctan2(wxyz[:, 1:] @ axis, wxyz[:, 0])
    round_and_round = _TWIST_WEIGHT * np.stack([np.cos(twist), np.sin(twist)], axis=-1)
    before = R_parent_from_joint[:, parent] @ BONE_AXES[parent] if parent > 0 else np.zeros((len(R), 3))
    return np.concatenate([R @ axis, round_and_round, _PARENT_WEIGHT * before], axis=-1)


def fitted_limits(clips: Sequence[TrainingClip], rng: np.random.Generator) -> JointLimits:
    """Limits from clips and their mirror images; joints that a clip does not teach are left out."""
    left_out = _some_subjects(clips, rng)
    trees, reach = [None], [1.0]
    for joint in range(1, BODY_JOINT_COUNT):
        numbers, of_clip = _gathered(clips, joint)
        trees.append(_tree(numbers))
        reach.append(_reach(numbers, left_out[of_clip]))
    return JointLimits(tuple(trees), np.array(reach))


def _some_subjects(clips: Sequence[TrainingClip], rng: np.random.Generator) -> Mask:
    """Which clips [C] are of the people left out."""
    people = sorted({(clip.origin.source, clip.origin.subject) for clip in clips})
    chosen = {person for person in people if rng.uniform() < _LEFT_OUT_SHARE}
    return np.array([(clip.origin.source, clip.origin.subject) in chosen for clip in clips])


def _gathered(clips: Sequence[TrainingClip], joint: int) -> tuple[Array, Array]:
    """turn_numbers [N, 8] of a joint and of the other side's in the mirror, and from which clip [N] they are."""
    parts, of_clip = [np.zeros((0, 8))], [np.zeros(0, int)]
    for index, clip in enumerate(clips):
        R = np.asarray(clip.R_parent_from_joint[::FRAME_STEP], dtype=np.float64)
        for source, rotations in ((joint, R), (int(OTHER_SIDE[joint]), mirrored_rotations(R))):
            if clip.teaches.joints[source]:
                parts.append(turn_numbers(rotations, joint))
                of_clip.append(np.full(len(R), index))
    return np.concatenate(parts), np.concatenate(of_clip)


def _tree(numbers: Array) -> cKDTree | None:
    """The cells of the grid in which there are recorded turns."""
    cells, counts = np.unique(np.round(numbers / _CELL).astype(np.int64), axis=0, return_counts=True)
    kept = cells[counts >= min(_FEWEST, counts.max(initial=1))]
    return cKDTree(kept * _CELL) if len(kept) else None


def _reach(numbers: Array, left_out: Mask) -> float:
    known = _tree(numbers[~left_out])
    if known is None or not left_out.any():
        return _MOST
    distances, _ = known.query(numbers[left_out][:: max(1, int(left_out.sum()) // 4000)], eps=0.1)
    return float(np.clip(np.percentile(distances, _PERCENTILE), _LEAST, _MOST))
