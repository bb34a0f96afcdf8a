"""What nobody filmed: the plans of `rendered` on other bodies before other cameras, as the model of errors sees them.

Motions, framings, kinds of cameras and the sides from which people are seen are as many as in `rendered`, so that the
simulated detector can be held against the real one; bodies, moments, lenses and distances are drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from backend.body.actor import BodySettings, bodies_of
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from backend.track.tracks import Track
from backend.train.chance import Chance
from backend.train.errors.learned import read_learned
from backend.train.hidden import hidden_by_body
from backend.train.motions.prepared import read_prepared
from backend.train.motions.training_clip import RATE_HZ, Teaches, TrainingClip
from backend.train.views import SimulatedDetections, Views
from bench.accuracy_figures import NOTHING, Measured, shared_figures
from bench.mediapipe_mapped import Mapping
from bench.pose_evidence import Pose, PoseEvidence, pose_evidence
from bench.reference import Reference, of_rendered_clip
from bench.render.camera_paths import camera_path
from bench.render.performance import performed
from bench.render.plan import Plan, read_plans
from bench.rendered import RenderedClip
from motion.arrays import Array
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.landmarks import LANDMARK_COUNT, LIMB_LANDMARKS
from motion.refusal import Refusal
from motion.skeleton import BODY_JOINT_COUNT, JOINT

TAKES, SEED = 4, 12
FEWEST_FRAMES = 30
LIMB_JOINTS = [JOINT[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
               for side in ("left", "right")]  # fmt: skip


def simulated_figures(prepared: Path, mapping: Mapping, lifter: Lifter) -> dict[str, dict[str, Measured]]:
    """By take and method. Raises Refusal for a file that does not hold the motion of the plans."""
    return {clip.name: _measured(track, of_rendered_clip(clip), clip.K, mapping, lifter)
            for clip, track in simulated_tracks(prepared)}  # fmt: skip


def simulated_tracks(prepared: Path) -> Iterator[tuple[RenderedClip, Track]]:
    """Truths and what would reach the lift of them, where enough is seen. Raises Refusal as simulated_figures does."""
    errors, chance = read_learned(wider=0.0), Chance.seeded(SEED)
    for clip in simulated_clips({clip.origin.name: clip for clip in read_prepared(prepared)}, prepared):
        track = simulated_track(clip, errors.detections(views_of(clip), chance))
        if track.seen.sum() >= FEWEST_FRAMES:
            yield clip, track


def simulated_clips(motions: dict[str, TrainingClip], source: Path) -> Iterator[RenderedClip]:
    """Truths without films, TAKES of every plan."""
    chance = np.random.default_rng(SEED)
    plans = [plan for plan in read_plans() if plan.set == "rendered"]
    missing = [name for plan in plans for name in plan.motion.split("+") if name not in motions]
    if missing:
        raise Refusal("no-test-motion", f"{source} does not hold {missing[0]}, which is to be simulated.",
                      "Make it with python -m backend train prepare, of all recordings.")  # fmt: skip
    for take in range(TAKES):
        sides = chance.permutation([plan.side for plan in plans])
        for plan, side in zip(plans, sides, strict=True):
            clips = [motions[name] for name in plan.motion.split("+")]
            room_s = max(0.0, (sum(len(clip.root_world) for clip in clips) - 1) / RATE_HZ - plan.seconds)
            yield acted(replace(plan, name=f"{plan.name} {take + 1}", side=str(side), seed=int(chance.integers(2**31)),
                                start_s=float(chance.uniform(0.0, room_s))), clips)  # fmt: skip


def acted(plan: Plan, clips: list[TrainingClip]) -> RenderedClip:
    """The truth of a plan, which nobody films."""
    performance = performed(plan, clips, read_open_body())
    camera = camera_path(
        plan, performance.points_world(), performance.R_parent_from_joint[:, 0], performance.body.height)
    joints = np.all([clip.teaches.joints for clip in clips], axis=0)
    return RenderedClip(
        film=Path(plan.name),
        words={},
        teaches=Teaches(tuple(map(bool, joints)), contacts=all(clip.teaches.contacts for clip in clips)),
        rate_hz=plan.rate_hz,
        size_px=plan.size_px,
        body=performance.body,
        R_parent_from_joint=performance.R_parent_from_joint,
        root_world=performance.root_world,
        still=performance.still(),
        K=camera.K,
        R_camera_from_world=camera.R_camera_from_world,
        t_camera_from_world=camera.t_camera_from_world,
    )


def views_of(clip: RenderedClip) -> Views:
    """What a detector without errors would see."""
    def tensor(values: object) -> torch.Tensor:
        return torch.as_tensor(np.asarray(values), dtype=torch.float32)[None]

    landmarks = tensor(clip.in_camera(clip.points_world)[:, :LANDMARK_COUNT])
    joints = tensor(clip.in_camera(clip.world[1])[:, :BODY_JOINT_COUNT])
    hidden = hidden_by_body(joints, landmarks, tensor(clip.body.height))
    return Views(landmarks, tensor(clip.K), tensor(clip.size_px), hidden, tensor(clip.rate_hz))


def _measured(
    track: Track, reference: Reference, K: Array, mapping: Mapping, lifter: Lifter
) -> dict[str, Measured]:
    frames = np.flatnonzero(track.seen)
    body = bodies_of([track], K, BodySettings(), None)[0].body
    landmarks = track.landmarks_camera[frames]
    estimates: dict[str, Array | Lift] = {
        "mediapipe": landmarks[:, LIMB_LANDMARKS], "mediapipe_mapped": mapping.limbs(landmarks),
        "direct": lift_direct(track, body, K, DirectSettings()), "network": lift_by_network(track, body, K, lifter),
    }  # fmt: skip
    found = {}
    for name, estimate in estimates.items():
        limbs, evidence = estimate, PoseEvidence()
        if isinstance(estimate, Lift):
            limbs = estimate.points_camera()[frames][:, LIMB_LANDMARKS]
            evidence = pose_evidence(_pose(estimate), reference.pose, estimate.beliefs, frames)
        figures = shared_figures(limbs, reference.limbs_camera[frames], track.times_s[frames])
        found[name] = Measured({**NOTHING, **figures}, evidence)
    return found


def _pose(lift: Lift) -> Pose:
    skeleton = lift.body.skeleton
    joints = forward_kinematics(skeleton, lift.R_parent_from_joint, lift.root_camera)[1]
    return Pose(skeleton, lift.R_parent_from_joint[:, :BODY_JOINT_COUNT], joints[:, :BODY_JOINT_COUNT])


def simulated_track(clip: RenderedClip, said: SimulatedDetections) -> Track:
    """What would reach the lift: positions where somebody is seen, nothing about hands."""
    seen = said.seen[0].numpy()

    def where_seen(values: Array) -> Array:
        return np.where(seen.reshape(-1, *[1] * (values.ndim - 1)), values, np.nan)

    px, camera, scores = (each[0].numpy().astype(float) for each in (
        said.landmarks_px, said.landmarks_camera, said.scores))  # fmt: skip
    nothing = np.full((len(seen), 2, 21, 3), np.nan)
    return Track(clip.times_s, seen, where_seen(px), scores * seen[:, None], np.full(scores.shape, np.nan),
                 where_seen(camera), nothing[..., :2], nothing, np.zeros((len(seen), 2)))  # fmt: skip
