"""What speaks for and against exchanged sides in a track: how a body goes on, how it is built, and how rare it is.

A state of a frame is arms + 2 legs, 1 for each that is exchanged. What a step costs depends only on which of them it
changes; what a frame costs, on which joints would point against each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.track.sides import ARMS_ORDER, LEGS_ORDER
from backend.track.tracks import Track
from motion.arrays import Array, Indices
from motion.landmarks import LANDMARK


@dataclass(frozen=True)
class SideCosts:
    """In units of the logarithm of a likelihood; chosen on clips of training subjects."""

    speed_heights_s: float = 0.45   # usual in the picture, heights of the body
    noise_heights: float = 0.008
    speed_m_s: float = 1.8          # usual of landmarks in metres
    noise_m: float = 0.05
    most_surprise: float = 7.7      # nearly three deviations: beyond, a landmark is wrong rather than quick
    picture: float = 0.5            # of the mean surprise in the picture
    metres: float = 0.5             # and in metres
    turn: float = 2.6               # of hips or shoulders that turn by half a circle between two pictures
    turn_s: float = 0.2             # in which a dancer may turn so far that it tells nothing
    face_s: float = 29.0            # of a second with the ears against the shoulders
    twist_s: float = 7.0            # of a second with the hips against the shoulders
    bend_s: float = 4.3             # of a second with knees and feet that bend to the back
    longest_s: float = 0.2          # that one picture can speak for
    exchanged_s: float = 1.7        # of a second with anything exchanged, so that an undecided clip stays as it is
    part: float = 4.5               # of a change of arms or legs alone between pictures 1/30 s apart or less
    body: float = 4.9               # of a change of both


STATES = np.arange(4)
_ARMS_SIGN, _LEGS_SIGN = 1.0 - 2.0 * (STATES & 1), 1.0 - 2.0 * (STATES >> 1)
_LIMBS = (([11, 12, 13, 14, 15, 16], ARMS_ORDER), ([23, 24, 25, 26, 27, 28], LEGS_ORDER))
_FACE, _EARS, _BELOW_HIPS = [0, 7, 8], ("left_ear", "right_ear"), slice(LANDMARK["left_knee"], None)
_SHOULDERS, _HIPS = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")
_LEGS = tuple([LANDMARK[f"{side}_{part}"] for part in ("hip", "knee", "ankle", "heel", "foot_index")]
              for side in ("left", "right"))  # fmt: skip
_LEAST_AXIS_M = 0.05        # for a direction
_USUAL_BEND_M2 = 0.08       # twice that of a foot at right angles to its shin
_USUAL_STEP_S, _LEAST_CHANGE_COST = 1 / 30, 1.0


def height_px(track: Track, frames: Indices) -> float:
    """Of the body in the picture, across the landmarks' box; the median over `frames`, in which it is seen."""
    return float(np.median(np.linalg.norm(np.ptp(track.landmarks_px[frames], axis=1), axis=-1)))


def step_costs(track: Track, frames: Indices, costs: SideCosts) -> Array:
    """[N - 1, 4] of each step between `frames` [N] by what it changes: motion that no body makes."""
    steps_s = np.diff(track.times_s[frames])
    usual_px = height_px(track, frames) * np.hypot(costs.speed_heights_s * steps_s, costs.noise_heights)
    usual_m = np.hypot(costs.speed_m_s * steps_s, costs.noise_m)
    landmarks_camera, scores = track.landmarks_camera[frames], track.scores[frames]
    tells_turn = costs.turn / (1 + (steps_s / costs.turn_s) ** 2)[:, None]
    change = _change_costs(steps_s, costs)
    for (limbs, order), names, changed in zip(_LIMBS, (_SHOULDERS, _HIPS), (STATES & 1, STATES >> 1), strict=True):
        in_picture = _surprise(track.landmarks_px[frames], usual_px, scores, limbs, order, costs.most_surprise)
        in_metres = _surprise(landmarks_camera, usual_m, scores, limbs, order, costs.most_surprise)
        ways = costs.picture * in_picture + costs.metres * in_metres
        ways = ways + tells_turn * _turned(_axis(landmarks_camera, names))
        change = change + ways[:, changed]
    return change


def _surprise(places: Array, usual: Array, scores: Array, limbs: list[int], order: Indices, most: float) -> Array:
    """Of a step [N - 1] of places [N, 33, D] against what is `usual` [N - 1], sides kept and changed: [N - 1, 2]."""
    ways = []
    for after in (limbs, order[limbs]):
        weight = np.sqrt(scores[:-1, limbs] * scores[1:, after])
        moved = np.linalg.norm(places[1:, after] - places[:-1, limbs], axis=-1) / usual[:, None]
        ways.append(np.mean(weight * np.minimum(moved**2, most), axis=-1))
    return np.stack(ways, axis=-1)


def _turned(axis: Array) -> Array:
    """How far directions [N, 3] turn from frame to frame, kept and changed: [N - 1, 2], 1 for half a circle."""
    cosine = _cosine(axis[:-1], axis[1:])
    return (1 - np.stack([cosine, -cosine], axis=-1)) / 2


def _change_costs(steps_s: Array, costs: SideCosts) -> Array:
    """Of exchanging as such [N - 1, 4]: the more time, the likelier."""
    rare = np.log(np.minimum(1.0, _USUAL_STEP_S / steps_s))[:, None] + [costs.part, costs.part, costs.body]
    return np.concatenate([np.zeros((len(steps_s), 1)), np.maximum(rare, _LEAST_CHANGE_COST)], axis=1)


def frame_costs(track: Track, frames: Indices, costs: SideCosts) -> Array:
    """[N, 4] of each frame in each state: a face, hips, knees or feet that would point the wrong way."""
    landmarks_camera, scores = track.landmarks_camera[frames], track.scores[frames]
    lasting_s = np.minimum(np.gradient(track.times_s[frames]), costs.longest_s)[:, None]
    ears, shoulders, hips = (_axis(landmarks_camera, names, least) for names, least in (
        (_EARS, 0.0), (_SHOULDERS, _LEAST_AXIS_M), (_HIPS, _LEAST_AXIS_M)))  # fmt: skip
    face, legs = scores[:, _FACE].min(axis=-1), scores[:, _BELOW_HIPS].mean(axis=-1)
    cost = np.where(STATES > 0, costs.exchanged_s, 0.0)
    cost = cost + _against(costs.face_s * face * _cosine(ears, shoulders), _ARMS_SIGN)
    cost = cost + _against(costs.twist_s * _cosine(shoulders, hips), _ARMS_SIGN * _LEGS_SIGN)
    cost = cost + _against(costs.bend_s * legs * _bending(landmarks_camera, hips), _LEGS_SIGN)
    return cost * lasting_s


def _against(agreement: Array, sign: Array) -> Array:
    """[N, 4] for agreements [N] that the states turn round where their sign [4] is -1."""
    return np.maximum(0.0, -agreement[:, None] * sign)


def _bending(landmarks_camera: Array, hips: Array) -> Array:
    """How much knees and ankles bend about the hips' axis [N, 3] the way that they can, -1 to 1, [N]."""
    hinge = np.zeros(hips.shape)
    for leg in _LEGS:
        hip, knee, ankle, heel, toe = landmarks_camera[:, leg].transpose(1, 0, 2)
        hinge += np.cross(toe - heel, ankle - knee) + np.cross(knee - hip, ankle - knee)
    length = np.linalg.norm(hips, axis=-1)
    return np.tanh(np.sum(hinge * hips, axis=-1) / np.where(length > 0, length, 1.0) / _USUAL_BEND_M2)


def _axis(landmarks_camera: Array, names: tuple[str, str], least_m: float = _LEAST_AXIS_M) -> Array:
    """From the right landmark to the left, [N, 3]; zero where they are too near for a direction."""
    left, right = (landmarks_camera[:, LANDMARK[name]] for name in names)
    far = np.linalg.norm(left - right, axis=-1, keepdims=True) >= least_m
    return np.where(far, left - right, 0.0)


def _cosine(first: Array, second: Array) -> Array:
    """Of the angle between rows; 0 where one of them is no direction."""
    lengths = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
    return np.where(lengths > 0, np.sum(first * second, axis=-1) / np.where(lengths > 0, lengths, 1.0), 0.0)
