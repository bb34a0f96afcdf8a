"""Batches as the product would lift them: the shipped lifter, its refinement, and how far the truth lies from there."""

from __future__ import annotations

import numpy as np
import torch

from backend.body.actor import BodySettings, bodies_of
from backend.cameras.camera_path import CameraPath
from backend.hypotheses.condition import condition_of
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from backend.track.tracks import Track
from backend.train.batches import Batch
from backend.train.hypotheses.lifted_windows import FEWEST_SEEN, LiftedWindows
from backend.train.kinematics import forward_kinematics
from backend.train.lifter.inputs_of import known_lens
from motion.arrays import Array
from motion.kinematics import forward_kinematics as posed
from motion.rotations import axis_angle_from_matrix
from motion.skeleton import BODY_JOINT_COUNT, PARENTS

UNSEEN_WEIGHT = 0.3
_TRACK_HZ = 30.0         # whatever the clip's rate: the lifter takes windows of 20 to 45 Hz as they are


def lifted_windows(batch: Batch, lifter: Lifter) -> LiftedWindows | None:
    """Those windows of a batch in which somebody is seen long enough; None where there are none.

    Somebody's bones and size are told by the lift, as where nothing is known of them.
    """
    K = known_lens(batch).numpy().astype(float)
    R_true, _ = forward_kinematics(batch.R_parent_from_joint, batch.root_camera, batch.rest_joints)
    rows = []
    for window in range(len(K)):
        if int(batch.detections.seen[window].sum()) < FEWEST_SEEN:
            continue
        track = _track(batch, window)
        body = bodies_of([track], K[window], BodySettings(), None)[0].body
        lift = lift_by_network(track, body, K[window], lifter, camera=_camera(batch, window))
        counts = batch.teaching.inside[window].numpy() * np.where(track.seen, 1.0, UNSEEN_WEIGHT)
        rows.append(_window(lift, R_true[window].numpy().astype(float), counts, batch.teaching.joints[window].numpy()))
    if not rows:
        return None
    return LiftedWindows(**{name: np.stack([row[name] for row in rows]) for name in rows[0]})


def _window(lift: Lift, R_camera_from_joint_true: Array, counts: Array, known: Array) -> dict[str, Array]:
    assert lift.beliefs is not None
    condition = condition_of(lift)
    R, _ = posed(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    to_view = condition.R_view_from_camera[:, None]
    R_view, R_view_true = to_view @ R[:, :BODY_JOINT_COUNT], to_view @ R_camera_from_joint_true
    rest = lift.body.skeleton.rest_joints[:BODY_JOINT_COUNT]
    bones = rest - rest[np.maximum(PARENTS[:BODY_JOINT_COUNT], 0)]
    return {
        "numbers": condition.numbers, "R_view_from_joint": R_view, "sigma_rad": condition.sigma_rad,
        "turn_rad": axis_angle_from_matrix(R_view_true @ R_view.swapaxes(-1, -2)),
        "sigma_joint_m": lift.beliefs.sigma_joint_m, "bones_m": bones, "counts": counts, "known": known,
    }  # fmt: skip


def _track(batch: Batch, window: int) -> Track:
    said = batch.detections
    seen = said.seen[window].numpy()
    frames = len(seen)

    def where_seen(values: torch.Tensor) -> Array:
        array = values[window].numpy().astype(float)
        return np.where(seen.reshape(-1, *[1] * (array.ndim - 1)), array, np.nan)

    scores = said.scores[window].numpy().astype(float) * seen[:, None]
    no_hands = np.full((frames, 2, 21, 3), np.nan)
    return Track(np.arange(frames) / _TRACK_HZ, seen, where_seen(said.landmarks_px), scores,
                 np.full(scores.shape, np.nan), where_seen(said.landmarks_camera), no_hands[..., :2], no_hands,
                 np.zeros((frames, 2)))  # fmt: skip


def _camera(batch: Batch, window: int) -> CameraPath:
    """A camera that turns as the batch says; where it goes is not asked for by the lift."""
    R_camera_from_previous = batch.R_camera_from_previous[window].numpy().astype(float)
    R_first_from_camera = np.empty_like(R_camera_from_previous)
    R_first_from_camera[0] = np.eye(3)
    for frame in range(1, len(R_camera_from_previous)):
        R_first_from_camera[frame] = R_first_from_camera[frame - 1] @ R_camera_from_previous[frame].T
    frames = len(R_first_from_camera)
    return CameraPath(np.arange(frames) / _TRACK_HZ, R_first_from_camera, np.zeros((frames, 3)), "turning", 1.0)
