"""Held-out people whom nobody filmed: their motion before virtual cameras, and what the model of errors makes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from backend.body.actor import BodySettings, bodies_of
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from backend.lift.lift import Lift
from backend.lift.network.lift_network import lift_network
from backend.lift.network.lifter import Lifter
from backend.track.tracks import Track
from backend.train.batches import Batch, Batches, BatchSettings
from backend.train.errors.learned import read_learned
from backend.train.motions.prepared import read_prepared
from bench.accuracy_figures import NOTHING, Measured, shared_figures
from bench.mediapipe_mapped import Mapping
from bench.pose_evidence import Pose, PoseEvidence, TruePose, pose_evidence
from motion.arrays import Array
from motion.kinematics import forward_kinematics
from motion.landmarks import LIMB_LANDMARKS
from motion.skeleton import BODY_JOINT_COUNT, JOINT, Skeleton

WINDOWS, FRAMES, SEED = 48, 120, 12
FEWEST_FRAMES = 30
LIMB_JOINTS = [JOINT[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
               for side in ("left", "right")]  # fmt: skip


def simulated_figures(prepared: Path, mapping: Mapping, lifter: Lifter) -> dict[str, dict[str, Measured]]:
    """By window and method. Raises Refusal for a file that holds no prepared motion."""
    clips = [clip for clip in read_prepared(prepared) if clip.origin.split == "test"]
    settings = BatchSettings(WINDOWS, FRAMES, exchanged_share=0.0)
    batch = Batches(clips, read_learned(wider=0.0), settings, seed=SEED).batch(0)
    found = {}
    for window in range(WINDOWS):
        track = _track(batch, window)
        if track.seen.sum() >= FEWEST_FRAMES:
            name = clips[int(batch.clip[window])].origin.name
            found[f"{window:02d} {name}"] = _measured(track, batch, window, mapping, lifter)
    return found


def _measured(track: Track, batch: Batch, window: int, mapping: Mapping, lifter: Lifter) -> dict[str, Measured]:
    frames = np.flatnonzero(track.seen)
    limbs = batch.joints_camera[window].numpy().astype(float)[frames][:, LIMB_JOINTS]
    K = batch.views.K[window].numpy().astype(float)
    (body,) = bodies_of([track], K, BodySettings(), None)
    landmarks = track.landmarks_camera[frames]
    estimates: dict[str, Array | Lift] = {
        "mediapipe": landmarks[:, LIMB_LANDMARKS], "mediapipe_mapped": mapping.limbs(landmarks),
        "direct": lift_direct(track, body, K, DirectSettings()), "network": lift_network(track, body, K, lifter),
    }  # fmt: skip
    truth, found = _true_pose(batch, window), {}
    for name, estimate in estimates.items():
        points, evidence = estimate, PoseEvidence()
        if isinstance(estimate, Lift):
            points = estimate.points_camera()[frames][:, LIMB_LANDMARKS]
            evidence = pose_evidence(_pose(estimate), truth, estimate.beliefs, frames)
        found[name] = Measured({**NOTHING, **shared_figures(points, limbs, track.times_s[frames])}, evidence)
    return found


def _pose(lift: Lift) -> Pose:
    skeleton = lift.body.skeleton
    joints = forward_kinematics(skeleton, lift.R_parent_from_joint, lift.root_camera)[1]
    return Pose(skeleton, lift.R_parent_from_joint[:, :BODY_JOINT_COUNT], joints[:, :BODY_JOINT_COUNT])


def _true_pose(batch: Batch, window: int) -> TruePose:
    rest_joints, R, joints = (each[window].numpy().astype(float) for each in (
        batch.rest_joints, batch.R_parent_from_joint, batch.joints_camera))  # fmt: skip
    still, recorded = (each[window].numpy().astype(bool) for each in (batch.still, batch.teaching.joints))
    return TruePose(Skeleton(rest_joints), R, joints, recorded, still if batch.teaching.contacts[window] else None)


def _track(batch: Batch, window: int) -> Track:
    """What would reach the lift: positions where somebody is seen, nothing about hands."""
    said = batch.detections
    seen = said.seen[window].numpy()
    times_s = np.arange(len(seen)) / float(batch.views.rate_hz[window])

    def where_seen(values: Array) -> Array:
        return np.where(seen.reshape(-1, *[1] * (values.ndim - 1)), values, np.nan)

    px, camera, scores = (each[window].numpy().astype(float) for each in (
        said.landmarks_px, said.landmarks_camera, said.scores))  # fmt: skip
    nothing = np.full((len(seen), 2, 21, 3), np.nan)
    return Track(times_s, seen, where_seen(px), scores * seen[:, None], np.full(scores.shape, np.nan),
                 where_seen(camera), nothing[..., :2], nothing, np.zeros((len(seen), 2)))  # fmt: skip
