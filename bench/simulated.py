"""Held-out people whom nobody filmed: their motion before virtual cameras, and what the model of errors makes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from backend.body.actor import BodySettings, bodies_of
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from backend.track.tracks import Track
from backend.train.batches import Batch, Batches, BatchSettings
from backend.train.errors.learned import read_learned
from backend.train.motions.prepared import read_prepared
from bench.accuracy_figures import COLUMNS, Figures, shared_figures
from bench.mediapipe_mapped import Mapping
from motion.arrays import Array
from motion.landmarks import LIMB_LANDMARKS
from motion.skeleton import JOINT

WINDOWS, FRAMES, SEED = 48, 120, 12
FEWEST_FRAMES = 30
LIMB_JOINTS = [JOINT[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
               for side in ("left", "right")]  # fmt: skip


def simulated_figures(prepared: Path, mapping: Mapping) -> dict[str, dict[str, Figures]]:
    """By window and method. Raises Refusal for a file that holds no prepared motion."""
    clips = [clip for clip in read_prepared(prepared) if clip.origin.split == "test"]
    settings = BatchSettings(WINDOWS, FRAMES, exchanged_share=0.0)
    batch = Batches(clips, read_learned(wider=0.0), settings, seed=SEED).batch(0)
    found = {}
    for window in range(WINDOWS):
        track = _track(batch, window)
        if track.seen.sum() >= FEWEST_FRAMES:
            name = clips[int(batch.clip[window])].origin.name
            found[f"{window:02d} {name}"] = _figures(track, batch, window, mapping)
    return found


def _figures(track: Track, batch: Batch, window: int, mapping: Mapping) -> dict[str, Figures]:
    frames = np.flatnonzero(track.seen)
    truth = batch.joints_camera[window].numpy().astype(float)[frames][:, LIMB_JOINTS]
    K = batch.views.K[window].numpy().astype(float)
    (body,) = bodies_of([track], K, BodySettings(), None)
    lift = lift_direct(track, body, K, DirectSettings())
    landmarks = track.landmarks_camera[frames]
    estimates = {
        "mediapipe": landmarks[:, LIMB_LANDMARKS], "mediapipe_mapped": mapping.limbs(landmarks),
        "direct": lift.points_camera()[frames][:, LIMB_LANDMARKS],
    }  # fmt: skip
    return {name: {**dict.fromkeys(COLUMNS), **shared_figures(limbs, truth, track.times_s[frames])}
            for name, limbs in estimates.items()}  # fmt: skip


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
