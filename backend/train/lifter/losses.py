"""What the lifter is judged by while it learns, with the kinds of losses that GVHMR names (Shen et al. 2024, §3.4)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor
from torch.nn import functional

from backend.lift.network.inputs import flat_in_view, turn_to_hips
from backend.lift.network.joints import bones_of, polar_bins
from backend.lift.network.lifter import LifterOutputs
from backend.train.batches import Batch
from backend.train.bodies import BodyFamily
from backend.train.kinematics import attached_points, forward_kinematics, joints_of_orientations
from backend.train.means import Mean, Summed, by_all_counts, mean
from backend.train.motions.training_clip import RATE_HZ
from motion.skeleton import BODY_JOINT_COUNT, PARENTS

_UNSEEN_WEIGHT = 0.3     # of frames in which nobody was seen, and which the network bridges
_ROLLED_FRAMES = 30
_GREATEST_BIAS_M = 0.5   # a landmark that is farther off was seen on another limb
_FARTHEST_M = 2.0        # beside a landmark: seen farther off it teaches no more
_LEAST_DEPTH_M = 0.1
_NORM_EPSILON = 1e-8     # so that a distance of zero has a gradient


@dataclass(frozen=True)
class LossWeights:
    """Of the terms, of which most are metres or radians."""

    orientation: float = 1.0
    local: float = 0.5           # orientations against the parent's
    joints: float = 8.0
    landmarks: float = 4.0
    steps: float = 10.0          # of joints from frame to frame
    reprojection: float = 4.0
    depth: float = 1.0
    down: float = 1.0
    velocity: float = 0.3
    path: float = 0.3
    still: float = 0.2
    body: float = 5.0
    polar: float = 0.1
    rotation_doubt: float = 0.02
    joint_doubt: float = 0.02
    down_doubt: float = 0.02
    bias: float = 2.0
    bias_doubt: float = 0.01


@dataclass(frozen=True, eq=False)
class Truth:
    """What should have been told, in the person's view, and how much each frame counts."""

    R_person_from_joint: Tensor   # [B, T, 22, 3, 3]
    joints: Tensor                # [B, T, 22, 3] m about the pelvis
    landmarks: Tensor             # [B, T, 33, 3] m about the pelvis
    root: Tensor                  # [B, T, 3] m
    down: Tensor                  # [B, T, 3]
    counts: Tensor                # [B, T]


def truth_of(batch: Batch, known_K: Tensor) -> Truth:
    """A batch as the person's views see it, to somebody who takes the lens for that of known_K [B, 3, 3].

    How a body looks tells how it is turned against the ray along which it is truly seen; through a lens that is taken
    to be longer it seems to be so much farther away.
    """
    K, said = batch.views.K, batch.detections
    turn, _ = turn_to_hips(said.landmarks_px, said.seen, K)
    R_camera_from_joint, _ = forward_kinematics(batch.R_parent_from_joint, batch.root_camera, batch.rest_joints)
    root = batch.root_camera[:, :, None]
    farther = torch.ones_like(K[:, 0])
    farther[:, 2] = known_K[:, 0, 0] / K[:, 0, 0]
    return Truth(
        turn[:, :, None] @ R_camera_from_joint,
        (batch.joints_camera - root) @ turn.mT,
        (batch.views.landmarks_camera - root) @ turn.mT,
        (turn @ batch.root_camera[..., None])[..., 0] * farther[:, None],
        (turn @ batch.cameras.down_camera[..., None])[..., 0],
        batch.teaching.inside * torch.where(said.seen, 1.0, _UNSEEN_WEIGHT),
    )


def loss_terms(
    told: LifterOutputs, batch: Batch, known_K: Tensor, family: BodyFamily, summed: Summed = lambda counts: counts
) -> dict[str, Tensor]:
    """Every term of LossWeights, unweighted, of what was told to somebody who takes the lens for known_K [B, 3, 3].

    Of a part of a batch it is what that adds to the whole batch's terms, `summed` adding counts over the parts.
    """
    return by_all_counts(_loss_means(told, batch, known_K, family), summed)


def _loss_means(told: LifterOutputs, batch: Batch, known_K: Tensor, family: BodyFamily) -> dict[str, Mean]:
    truth = truth_of(batch, known_K)
    joints = joints_of_orientations(told.R_person_from_joint, told.rest_joints)
    own_joints = joints_of_orientations(told.R_person_from_joint, batch.rest_joints)
    landmarks = attached_points(told.R_person_from_joint, own_joints, family.landmark_offsets(batch.bodies),
                                family.landmark_joints)  # fmt: skip
    off = _length(joints - truth.joints)
    steps = torch.diff(joints, dim=1) - torch.diff(truth.joints, dim=1)
    beside = told.root_person[..., :2] - truth.root[..., :2]
    terms = {
        "joints": mean(off, truth.counts),
        "landmarks": mean(_length(landmarks - truth.landmarks), truth.counts),
        "steps": mean(_length(steps), torch.minimum(truth.counts[:, 1:], truth.counts[:, :-1])),
        "reprojection": mean(_reprojected(told, landmarks, truth), truth.counts),
        "depth": mean((told.root_person[..., 2] / truth.root[..., 2].clamp(min=_LEAST_DEPTH_M)).log().abs()
                      + _length(beside), truth.counts),
        "down": mean(_length(told.down_person - truth.down), truth.counts),
        "body": _body(told, batch),
        **_rotation_terms(told, truth, batch.teaching.joints),
        **_path_terms(told, batch, truth),
        **_doubt_terms(told, truth, joints),
        **_bias_terms(told, batch, known_K),
    }
    if told.polar_logits is not None:
        wanted = polar_bins(bones_of(truth.landmarks))
        logits = told.polar_logits[..., 1:, :].movedim(-1, 1)
        cross = functional.cross_entropy(logits, wanted[..., 1:], reduction="none")
        terms["polar"] = mean(cross, truth.counts)
    return terms


def weighted(terms: dict[str, Tensor], weights: LossWeights) -> Tensor:
    """The sum that is learned from."""
    named = [(getattr(weights, field.name), terms[field.name]) for field in fields(weights) if field.name in terms]
    return torch.stack([weight * term for weight, term in named]).sum()


def _length(v: Tensor) -> Tensor:
    return (v.square().sum(-1) + _NORM_EPSILON).sqrt()


def _rotation_terms(told: LifterOutputs, truth: Truth, known: Tensor) -> dict[str, Mean]:
    """Chordal distances, of orientations and of rotations against the parent, where [B, 22] they were recorded."""
    above = list(PARENTS[1:BODY_JOINT_COUNT])

    def local(R: Tensor) -> Tensor:
        return R[:, :, above].mT @ R[:, :, 1:]

    counts = truth.counts[..., None] * known[:, None]
    off = _length((told.R_person_from_joint - truth.R_person_from_joint).flatten(-2))
    off_local = _length((local(told.R_person_from_joint) - local(truth.R_person_from_joint)).flatten(-2))
    doubt = told.rotation_log_variance
    squared_rad = _squared_angle(off.detach())
    unlikely = 1.5 * doubt + 0.5 * squared_rad * torch.exp(-doubt)
    return {"orientation": mean(off, counts), "local": mean(off_local, counts[..., 1:]),
            "rotation_doubt": mean(unlikely, counts)}  # fmt: skip


def _squared_angle(chord: Tensor) -> Tensor:
    """rad^2 of rotations whose matrices are so far apart: |R - I|_F = 2 sqrt(2) sin(angle / 2)."""
    return (2.0 * torch.asin((chord / 8.0**0.5).clamp(max=1.0))).square()


def _reprojected(told: LifterOutputs, landmarks: Tensor, truth: Truth) -> Tensor:
    """How far [B, T, 33] landmarks are seen from the true ones, in m at the person's depth, at most _FARTHEST_M."""
    def flat(points: Tensor) -> Tensor:
        return points[..., :2] / points[..., 2:].clamp(min=_LEAST_DEPTH_M)

    off = flat(landmarks + told.root_person[:, :, None]) - flat(truth.landmarks + truth.root[:, :, None])
    return _length(off * truth.root[..., None, 2:]).clamp(max=_FARTHEST_M)


def _body(told: LifterOutputs, batch: Batch) -> Mean:
    """How far bones at rest differ from the true ones, m."""
    above = list(PARENTS[1:BODY_JOINT_COUNT])

    def bones(joints: Tensor) -> Tensor:
        return joints[:, 1:BODY_JOINT_COUNT] - joints[:, above]

    off = _length(bones(told.rest_joints) - bones(batch.rest_joints))
    return mean(off, torch.ones_like(off))


def _path_terms(told: LifterOutputs, batch: Batch, truth: Truth) -> dict[str, Mean]:
    teaching = batch.teaching
    off = told.root_velocity - batch.root_velocity
    counts = truth.counts * (teaching.path & teaching.speed)[:, None]
    R_world_from_pelvis = batch.cameras.R_camera_from_world.mT @ batch.R_parent_from_joint[:, :, 0]
    steps = (R_world_from_pelvis @ off[..., None])[..., 0] / RATE_HZ * (counts > 0)[..., None]
    path = torch.cat([torch.zeros_like(steps[:, :1]), steps.cumsum(1)], 1)
    rolled = _length(path[:, _ROLLED_FRAMES:] - path[:, :-_ROLLED_FRAMES])
    still = functional.binary_cross_entropy_with_logits(told.still_logits, batch.still.float(), reduction="none")
    return {"velocity": mean(_length(off), counts), "path": mean(rolled, counts[:, : rolled.shape[1]]),
            "still": mean(still, truth.counts * teaching.contacts[:, None])}  # fmt: skip


def _doubt_terms(told: LifterOutputs, truth: Truth, joints: Tensor) -> dict[str, Mean]:
    """How unlikely the errors are by the told variances; errors teach the variances and not the other way round."""
    off = (joints - truth.joints).detach()
    across, along = told.joint_log_variance.unbind(-1)
    unlikely = (across + 0.5 * off[..., :2].square().sum(-1) * torch.exp(-across)
                + 0.5 * along + 0.5 * off[..., 2].square() * torch.exp(-along))  # fmt: skip
    tilted = (told.down_person - truth.down).detach().square().sum(-1)
    doubt = told.down_log_variance
    return {"joint_doubt": mean(unlikely[..., 1:], truth.counts),
            "down_doubt": mean(doubt + 0.5 * tilted * torch.exp(-doubt), truth.counts)}  # fmt: skip


def _bias_terms(told: LifterOutputs, batch: Batch, known_K: Tensor) -> dict[str, Mean]:
    off = _length(told.bias_m - bias_of(told, batch, known_K))
    doubt = told.bias_log_variance
    counts = batch.teaching.inside * batch.detections.seen
    return {"bias": mean(off, counts),
            "bias_doubt": mean(doubt + 0.5 * off.detach().square() * torch.exp(-doubt), counts)}  # fmt: skip


def bias_of(told: LifterOutputs, batch: Batch, known_K: Tensor) -> Tensor:
    """By how much landmarks [B, T, 33, 2] m are seen beside the truth, at the depth that the network started from."""
    said, truth = (flat_in_view(points, known_K, told.R_person_from_camera) for points in (
        batch.detections.landmarks_px, batch.views.landmarks_px))  # fmt: skip
    bias = (said - truth) * told.bias_depth_m[..., None, None]
    return bias.clamp(-_GREATEST_BIAS_M, _GREATEST_BIAS_M)
