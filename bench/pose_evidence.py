"""Whole poses beside true ones: turns of joints, contacts, and whether doubts are as large as errors."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from backend.lift.beliefs import Beliefs
from motion.arrays import Array, Indices, Mask
from motion.rotations import axis_angle_from_matrix, normalised
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_NAMES, PARENTS, Skeleton

COLUMNS = ("backward_share", "still_precision", "still_recall", "coverage_90")
BY_JOINT = ("rotation_deg", "twist_deg", "swing_deg")
BENT_BACK_DEG = 5.0     # beyond straight
# Of the chi-square distribution with three degrees of freedom: a ball about the mean that holds 90 % of a Gaussian.
_NINE_TENTHS = 6.2514
_STILL = 0.5
_AT_REST_DEG = 1.0
_HIPS = [JOINT["left_hip"], JOINT["right_hip"]]
_PARENTS = np.array(PARENTS[:BODY_JOINT_COUNT])
# The joint that each bone leads to; hands, feet and the head go on as the bone that leads to them.
_LEADS_TO = {"pelvis": "spine1", "spine3": "neck"}
# Joints that bend one way only, the next one, and the axis of the upper bone about which they do, from T-pose.
_HINGES = tuple(
    (JOINT[f"{side}_{name}"], JOINT[f"{side}_{end}"], axis) for side, sign in (("left", -1.0), ("right", 1.0))
    for name, end, axis in (("knee", "ankle", (1.0, 0.0, 0.0)), ("elbow", "wrist", (0.0, sign, 0.0)))
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pose:
    """The body of one person over T frames, in the camera's frame."""

    skeleton: Skeleton
    R_parent_from_joint: Array      # [T, 22, 3, 3]; entry 0 R_camera_from_pelvis
    joints_camera: Array            # [T, 22, 3] m

    def at(self, frames: Indices) -> Self:
        return replace(self, R_parent_from_joint=self.R_parent_from_joint[frames],
                       joints_camera=self.joints_camera[frames])  # fmt: skip


@dataclass(frozen=True, eq=False)
class TruePose(Pose):
    """And what of it is true to life."""

    recorded: Mask                  # [22] whose rotations are
    still: Mask | None              # [T, 6] which of STILL_POINTS rest; None where that is not known


@dataclass
class PoseEvidence:
    """Counts and angles of some frames, to which those of others can be added."""

    turned_deg: dict[str, list[Array]] = field(default_factory=dict)    # by joint, each [3, N]: all, twist, swing
    bent_back: int = 0
    frames: int = 0
    still_right: int = 0
    still_said: int = 0
    still_true: int = 0
    covered: int = 0
    promised: int = 0

    def add(self, other: PoseEvidence) -> None:
        for name, angles in other.turned_deg.items():
            self.turned_deg.setdefault(name, []).extend(angles)
        for name in ("bent_back", "frames", "still_right", "still_said", "still_true", "covered", "promised"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def say_still(self, said: Mask, truth: Mask) -> None:
        self.still_right += int((said & truth).sum())
        self.still_said += int(said.sum())
        self.still_true += int(truth.sum())

    def figures(self) -> dict[str, Any]:
        """COLUMNS, and BY_JOINT as medians by the joint's name; None for what nothing is known of."""
        medians = {name: np.median(np.concatenate(angles, axis=1), axis=1) for name, angles in self.turned_deg.items()}
        return {
            "backward_share": _share(self.bent_back, self.frames),
            "still_precision": _share(self.still_right, self.still_said),
            "still_recall": _share(self.still_right, self.still_true),
            "coverage_90": _share(self.covered, self.promised),
            **{figure: {name: float(median[row]) for name, median in medians.items()} or None
               for row, figure in enumerate(BY_JOINT)},
        }  # fmt: skip


def pose_evidence(pose: Pose, truth: TruePose | None, beliefs: Beliefs | None, frames: Indices) -> PoseEvidence:
    """Of some frames of both; without a truth only what needs none."""
    pose = pose.at(frames)
    evidence = PoseEvidence(bent_back=int(bent_back(pose).sum()), frames=len(frames))
    if truth is None:
        return evidence
    still, truth = truth.still, truth.at(frames)
    turned = turned_deg(pose, truth)
    judged = np.flatnonzero(truth.recorded & _moving(truth))
    evidence.turned_deg = {JOINT_NAMES[joint]: [turned[..., joint]] for joint in judged}
    if beliefs is not None:
        inside = covered(pose, truth, beliefs.sigma_joint_m[frames])[:, truth.recorded[_PARENTS[1:]]]
        evidence.covered, evidence.promised = int(inside.sum()), inside.size
        if still is not None:
            evidence.say_still(beliefs.still[frames] > _STILL, still[frames])
    return evidence


def turned_deg(pose: Pose, truth: TruePose) -> Array:
    """[3, T, 22] by how much joints are turned wrongly: in all, about the bone that each carries, and the bone itself.

    The pelvis against the camera, others against the nearest joint above that was recorded. In the joint's own axes
    the error is swing @ twist.
    """
    error = np.swapaxes(_from_above(truth, truth.recorded), -1, -2) @ _from_above(pose, truth.recorded)
    bones = _bones(truth.skeleton)
    moved = np.einsum("tjab,jb->tja", error, bones)
    turn = axis_angle_from_matrix(error)
    angle = np.linalg.norm(turn, axis=-1)
    along = np.sum(turn * bones, axis=-1) * 0.5 * np.sinc(0.5 * angle / np.pi)   # the quaternion's part along the bone
    twist = 2.0 * np.abs(np.arctan2(along, np.cos(0.5 * angle)))
    swing = np.arctan2(np.linalg.norm(np.cross(bones, moved), axis=-1), np.sum(bones * moved, axis=-1))
    return np.degrees([angle, twist, swing])


def bent_back(pose: Pose) -> Mask:
    """[T] whether a knee or an elbow is bent backwards."""
    offsets = pose.skeleton.offsets
    bends = []
    for joint, end, axis in _HINGES:
        upper = normalised(offsets[joint])
        lower = pose.R_parent_from_joint[:, joint] @ normalised(offsets[end])
        bends.append(np.arctan2(lower @ normalised(np.cross(axis, upper)), lower @ upper))
    return (np.degrees(bends) < -BENT_BACK_DEG).any(axis=0)


def covered(pose: Pose, truth: Pose, sigma_m: Array) -> Mask:
    """[T, 21] whether the true place of each joint about the pelvis lies where 9 in 10 are promised to lie.

    sigma_m [T, 22, 2]: across the ray to the hips (each way), along it.
    """
    gap = (pose.joints_camera - pose.joints_camera[:, :1]) - (truth.joints_camera - truth.joints_camera[:, :1])
    ray = normalised(truth.joints_camera[:, _HIPS].mean(axis=1))
    along = np.einsum("tja,ta->tj", gap, ray)
    across = gap - along[..., None] * ray[:, None]
    distance = np.sum(across**2, axis=-1) / sigma_m[..., 0] ** 2 + along**2 / sigma_m[..., 1] ** 2
    return (distance <= _NINE_TENTHS)[:, 1:]


def _from_above(pose: Pose, recorded: Mask) -> Array:
    """[T, 22, 3, 3] rotations against the nearest recorded joint above; where there is none, against the camera."""
    oriented = np.array(pose.R_parent_from_joint)
    above = np.full(BODY_JOINT_COUNT, -1)
    for joint, parent in enumerate(_PARENTS[1:], start=1):
        oriented[:, joint] = oriented[:, parent] @ oriented[:, joint]
        above[joint] = parent if recorded[parent] else above[parent]
    turned = np.swapaxes(oriented[:, above], -1, -2) @ oriented
    return np.where((above < 0)[:, None, None], oriented, turned)


def _moving(truth: TruePose) -> Mask:
    """[22] joints that are not at rest all the time: whoever poses nothing would be right about those."""
    angle = np.linalg.norm(axis_angle_from_matrix(truth.R_parent_from_joint), axis=-1)
    return np.degrees(angle).max(axis=0) > _AT_REST_DEG


def _bones(skeleton: Skeleton) -> Array:
    """[22, 3] unit vectors along the bone that each joint carries, in its own axes."""
    leads_to = [_LEADS_TO.get(name) or next((JOINT_NAMES[child] for child in range(1, BODY_JOINT_COUNT)
                                             if PARENTS[child] == joint), name)
                for joint, name in enumerate(JOINT_NAMES[:BODY_JOINT_COUNT])]  # fmt: skip
    return normalised(skeleton.offsets[[JOINT[name] for name in leads_to]])


def _share(count: int, of: int) -> float | None:
    return count / of if of else None
