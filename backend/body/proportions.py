"""Body proportions from a track: the lengths that the footage shows, where it can be trusted."""

from __future__ import annotations

import numpy as np

from backend.body.bones import body_of_height
from backend.cameras.projection import rays, root_by_reprojection
from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import Body, BodyModel
from motion.landmarks import LANDMARK

# Segments by landmark pairs; both sides of a body have one length.
_SEGMENTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("left_hip", "left_knee"), ("right_hip", "right_knee")),
    (("left_knee", "left_ankle"), ("right_knee", "right_ankle")),
    (("left_shoulder", "left_elbow"), ("right_shoulder", "right_elbow")),
    (("left_elbow", "left_wrist"), ("right_elbow", "right_wrist")),
    (("left_shoulder", "left_hip"), ("right_shoulder", "right_hip")),
    (("left_shoulder", "right_shoulder"),),
    (("left_hip", "right_hip"),),
)
_FLAT = np.cos(np.deg2rad(35.0))   # a segment nearer to the picture plane than this shows its length
_SURE_SCORE = 0.7
_FEWEST_FRAMES = 8
_LENGTH_SIGMA = 0.07               # of a measured length, relative: the landmarks' constant errors, not their noise
_STEP = 0.1                        # of a shape number, to see how lengths answer


def measured_shape(track: Track, K: Array, model: BodyModel, height_m: float) -> Array:
    """Shape numbers [S], each about 0 +- 1, whose proportions fit the footage best; zeros where it shows nothing.

    One camera cannot know the size, so that only ratios of lengths count: the common factor is left free. Ridge
    regression of log lengths, linear in the shape.
    """
    average = body_of_height(model, np.zeros(0), height_m)
    measured, frames = _seen_lengths(track, K, average)
    known = frames >= _FEWEST_FRAMES
    if known.sum() < 3:
        return np.zeros(len(model.shape_names))
    answer, expected = _log_lengths(model, height_m)
    difference = np.log(measured[known]) - expected[known]
    return _ridge(answer[known], difference)


def _ridge(answer: Array, difference: Array) -> Array:
    """Shape [S] with unit prior for difference = answer @ shape + a common factor, each +- _LENGTH_SIGMA."""
    count = answer.shape[1]
    design = np.concatenate([answer, np.ones((len(answer), 1))], axis=1) / _LENGTH_SIGMA
    prior = np.diag([1.0] * count + [1e-6])
    return np.linalg.solve(design.T @ design + prior, design.T @ (difference / _LENGTH_SIGMA))[:count]


def _log_lengths(model: BodyModel, height_m: float) -> tuple[Array, Array]:
    """How the log of each segment's length answers to each shape number [G, S], and its value on average [G]."""
    def logs(shape: Array) -> Array:
        body = model.shaped(shape)
        return np.log(_lengths(body) * height_m / body.height)

    expected = logs(np.zeros(0))
    columns = [(logs(_STEP * unit) - expected) / _STEP for unit in np.eye(len(model.shape_names))]
    return np.stack(columns, axis=1), expected


def _lengths(body: Body) -> Array:
    return np.array([_length(body.points, pairs) for pairs in _SEGMENTS])


def _length(points: Array, pairs: tuple[tuple[str, str], ...]) -> float:
    return float(np.mean([np.linalg.norm(points[LANDMARK[a]] - points[LANDMARK[b]]) for a, b in pairs]))


def _seen_lengths(track: Track, K: Array, average: Body) -> tuple[Array, Array]:
    """Median length of each segment [G] m where it lies flat to the camera, and over how many views of it [G]."""
    points = _points_on_rays(track, K, average)
    scores = track.scores[track.seen]
    lengths, counts = np.ones(len(_SEGMENTS)), np.zeros(len(_SEGMENTS))
    for index, pairs in enumerate(_SEGMENTS):
        seen = np.concatenate([_flat_lengths(points, scores, LANDMARK[a], LANDMARK[b]) for a, b in pairs])
        counts[index] = len(seen)
        if len(seen):
            lengths[index] = np.median(seen)
    return lengths, counts


def _flat_lengths(points: Array, scores: Array, first: int, second: int) -> Array:
    bone = points[:, second] - points[:, first]
    length = np.linalg.norm(bone, axis=-1)
    flat = np.linalg.norm(bone[:, :2], axis=-1) > _FLAT * length
    return length[flat & (np.minimum(scores[:, first], scores[:, second]) > _SURE_SCORE)]


def _points_on_rays(track: Track, K: Array, average: Body) -> Array:
    """Landmarks [S, 33, 3] m of the seen frames: on their viewing rays, at the depth that the detector believes."""
    landmarks, pixels = track.landmarks_camera[track.seen], track.landmarks_px[track.seen]
    size = _lengths(average)
    own = np.array([np.median([_length(frame, pairs) for frame in landmarks]) for pairs in _SEGMENTS])
    landmarks = landmarks * np.median(size / own)
    root = root_by_reprojection(landmarks, pixels, track.scores[track.seen], K)
    depth = np.maximum(root[:, None, 2] + landmarks[..., 2], 0.1)
    return rays(pixels, K) * depth[..., None]
