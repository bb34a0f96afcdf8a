"""What a landmark's score means: the probability that it lies within a tenth of the trunk's length of the truth.

The network's own visibility says whether a landmark can be seen, not how well it was found: limbs that it guesses at
often lie right, and sure ones wrong. How far the mirrored look's answer lay away says more. A logistic model of both,
with a constant for each landmark, was fitted on rendered people by `python -m bench.calibrate_scores`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from backend.detect.pose import OUTSIDE_SCORE
from motion.arrays import Array
from motion.landmarks import LANDMARK, LANDMARK_COUNT

NEAR_TRUNKS = 0.1                   # what counts as right, in lengths of the trunk
LEAST_VISIBILITY = 0.002            # and one minus it the most that is believed
DOUBT_FLOOR, USUAL_DOUBT = 0.01, 0.04   # in lengths of the trunk; below the floor doubts say nothing more
_MODELS = json.loads((Path(__file__).parent / "scores.json").read_text(encoding="utf-8"))
_TRUNK = [[LANDMARK["left_shoulder"], LANDMARK["right_shoulder"]], [LANDMARK["left_hip"], LANDMARK["right_hip"]]]


def calibrated(visibility: Array, doubts_px: Array, landmarks_px: Array, landmarks_camera: Array) -> Array:
    """Probabilities [N, 33] from visibility, doubts [N, 33] and landmarks [N, 33, 2 and 3].

    A doubt is NaN where there was no second look. Landmarks outside of the picture, whose visibility is OUTSIDE_SCORE
    at most, do not become surer.
    """
    doubts = doubts_px / trunk_px(landmarks_px, landmarks_camera)[:, None]
    once = probability(features(visibility), np.array(_MODELS["once"]))
    twice = probability(features(visibility, np.nan_to_num(doubts)), np.array(_MODELS["twice"]))
    scores = np.where(np.isfinite(doubts), twice, once)
    return np.where(visibility <= OUTSIDE_SCORE, np.minimum(scores, visibility), scores)


def trunk_px(landmarks_px: Array, landmarks_camera: Array) -> Array:
    """Length of the trunk at the body's own scale in the picture, however it is turned, [N] px."""
    flat = landmarks_camera[..., :2]
    places, metres = (points - points.mean(axis=-2, keepdims=True) for points in (landmarks_px, flat))
    px_per_m = np.linalg.norm(places, axis=(-2, -1)) / np.maximum(np.linalg.norm(metres, axis=(-2, -1)), 1e-6)
    shoulders, hips = (landmarks_camera[..., pair, :].mean(axis=-2) for pair in _TRUNK)
    return np.maximum(px_per_m * np.linalg.norm(shoulders - hips, axis=-1), 1.0)


def features(visibility: Array, doubts: Array | None = None) -> Array:
    """What the model sees of landmarks [..., 33], doubts in lengths of the trunk; [..., 33, 1], with doubts 3."""
    seen = np.clip(visibility, LEAST_VISIBILITY, 1 - LEAST_VISIBILITY)
    columns = [np.log(seen / (1 - seen))]
    if doubts is not None:
        doubt = np.log((doubts + DOUBT_FLOOR) / USUAL_DOUBT)
        columns += [doubt, doubt * np.abs(doubt)]
    return np.stack(columns, axis=-1)


def probability(features_of: Array, model: Array) -> Array:
    """[..., 33] of features [..., 33, K]; model [33 + K]: each landmark's constant, each feature's weight."""
    return 1 / (1 + np.exp(-(model[:LANDMARK_COUNT] + features_of @ model[LANDMARK_COUNT:])))
