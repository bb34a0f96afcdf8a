"""One body of the lifts of several views: the mean of their orientations, those counting more that are surer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.lift.lift import Lift
from backend.multiview.rig import Rig
from motion.arrays import Array
from motion.kinematics import local_rotations
from motion.rotations import nearest_rotation
from motion.skeleton import BODY_JOINT_COUNT, JOINT_COUNT, JOINT_NAMES, PARENTS

_LEAST_WEIGHT = 1e-6      # of views that do not see the person: they count where no view does
_LEAST_HAND = 0.02        # of hands that are not seen


def fused_poses(lifts: Sequence[Lift], rig: Rig | None) -> list[Array]:
    """R_parent_from_joint [T, 55, 3, 3] for each lift, entry 0: from the pelvis to its own camera.

    With a rig all are the same body: orientations are brought into one frame and averaged there (chordal mean, by
    the certainty that the network tells). Without one, rotations against the parent are averaged, and every camera
    keeps what it says of the pelvis.
    """
    if len(lifts) == 1:
        return [lifts[0].R_parent_from_joint]
    weights, hands = _weights(lifts), _fused_hands(lifts)
    if rig is None:
        local = _mean([lift.R_parent_from_joint[:, :BODY_JOINT_COUNT] for lift in lifts], weights)
        return [_whole(np.concatenate([lift.R_parent_from_joint[:, :1], local[:, 1:]], axis=1), hands)
                for lift in lifts]  # fmt: skip
    R_first = _mean([R @ _orientations(lift) for R, lift in zip(rig.R_first_from_camera, lifts, strict=True)], weights)
    pose = _whole(_local(R_first), hands)
    return [_seen_from(R, pose) for R in rig.R_first_from_camera]


def fused_sigma_rad(lifts: Sequence[Lift]) -> Array:
    """[T, 22] of the fused orientations: no less than the surest view's, since views err alike."""
    sigmas = np.stack([_sigma_rad(lift) for lift in lifts])
    of_seen = np.where(np.stack([lift.track.seen for lift in lifts])[..., None], sigmas, np.inf).min(axis=0)
    return np.where(np.isfinite(of_seen), of_seen, sigmas.min(axis=0))


def _sigma_rad(lift: Lift) -> Array:
    assert lift.beliefs is not None, "a lift by network tells its doubts"
    return lift.beliefs.sigma_rotation_rad


def _weights(lifts: Sequence[Lift]) -> Array:
    """[V, T, 22]."""
    seen = np.stack([lift.track.seen for lift in lifts])[..., None]
    return np.where(seen, 1.0, _LEAST_WEIGHT) / np.stack([_sigma_rad(lift) for lift in lifts]) ** 2


def _mean(R_of_views: Sequence[Array], weights: Array) -> Array:
    """Rotations [T, J, 3, 3] whose sum of squared distances from those of V views, weights [V, T, J], is least."""
    return nearest_rotation(np.einsum("vtj,vtjab->tjab", weights, np.stack(R_of_views)))


def _orientations(lift: Lift) -> Array:
    """R_camera_from_joint [T, 22, 3, 3]."""
    R = np.array(lift.R_parent_from_joint[:, :BODY_JOINT_COUNT])
    for joint in range(1, BODY_JOINT_COUNT):
        R[:, joint] = R[:, PARENTS[joint]] @ R[:, joint]
    return R


def _local(R_frame_from_joint: Array) -> Array:
    """[T, 22, 3, 3] against the parents."""
    whole = np.broadcast_to(np.eye(3), (len(R_frame_from_joint), JOINT_COUNT, 3, 3)).copy()
    whole[:, :BODY_JOINT_COUNT] = R_frame_from_joint
    return local_rotations(whole)[:, :BODY_JOINT_COUNT]


def _fused_hands(lifts: Sequence[Lift]) -> Array:
    """Rotations [T, 33, 3, 3] of what is not of the body, of each hand by how surely views see it."""
    scores = np.stack([lift.track.hand_scores for lift in lifts]) + _LEAST_HAND            # [V, T, 2]
    side = [int(name.startswith("right")) for name in JOINT_NAMES[BODY_JOINT_COUNT:]]
    return _mean([lift.R_parent_from_joint[:, BODY_JOINT_COUNT:] for lift in lifts], scores[..., side])


def _whole(body: Array, hands: Array) -> Array:
    return np.concatenate([body, hands], axis=1)


def _seen_from(R_first_from_camera: Array, pose_first: Array) -> Array:
    """The pose with the pelvis' orientation in the frame of another camera."""
    return np.concatenate([(R_first_from_camera.T @ pose_first[:, 0])[:, None], pose_first[:, 1:]], axis=1)
