"""Left and right put back where the detector exchanged them.

A detector that mistakes a back for a front exchanges the sides of the whole body for some frames. Two states a frame,
as it is or exchanged, and the cheapest way through the clip (Viterbi 1967): what costs is motion that no body makes
between two frames, a face that looks to the back of its body, and exchanging as such.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.track.tracks import Track
from motion.arrays import Array, Indices, Mask
from motion.landmarks import LANDMARK, LANDMARK_NAMES, LIMB_LANDMARKS

USUAL_SPEED_HEIGHTS_S, PIXEL_NOISE_HEIGHTS = 0.45, 0.012     # in the picture, heights of the body
USUAL_SPEED_M_S, LANDMARK_NOISE_M = 1.8, 0.05                # of landmarks in metres
MOST_SURPRISE = 9.0         # three deviations: beyond, a landmark is wrong rather than quick
TURN_COST = 4.0             # of hips that turn by half a circle between two frames
LEAST_HIPS_M = 0.05         # apart, for a direction
FACE_COST_S = 15.0          # of a second with the face to the back
EXCHANGED_COST_S = 1.5      # of a second in the exchanged state, so that an undecided clip stays as it is
CHANGE_COST = 4.6           # of a change of state: about one picture in a hundred begins or ends an exchange

FIRST_OF_BODY = LANDMARK["left_shoulder"]       # the face does not take part in exchanges
HIPS = LANDMARK["left_hip"], LANDMARK["right_hip"]
SHOULDERS = LANDMARK["left_shoulder"], LANDMARK["right_shoulder"]
FACE = LANDMARK["nose"], LANDMARK["left_ear"], LANDMARK["right_ear"]


def unswapped(track: Track) -> Track:
    """`track` with left and right of body and hands exchanged in the frames where the detector confused them."""
    frames = np.flatnonzero(track.seen)
    if len(frames) < 2:
        return track
    exchanged = np.zeros(len(track.seen), bool)
    exchanged[frames] = _cheapest_way(*_costs(track, frames))
    return _exchanged_in(track, exchanged)


def _costs(track: Track, frames: Indices) -> tuple[Array, Array, Array]:
    """Of each frame in both states [N, 2], and of each step [N - 1] that keeps and that changes the sides."""
    steps_s = np.diff(track.times_s[frames])
    after = [array[frames[1:]] for array in (track.landmarks_px, track.landmarks_camera, track.scores)]
    before = [array[frames[:-1]] for array in (track.landmarks_px, track.landmarks_camera, track.scores)]
    height_px = float(np.median(np.linalg.norm(np.ptp(track.landmarks_px[frames], axis=1), axis=-1)))
    keeping = _surprise(before, after, steps_s, height_px)
    changing = _surprise(before, [array[:, exchanged_order()] for array in after], steps_s, height_px) + CHANGE_COST
    usual_step_s = float(np.median(steps_s))
    return _face_costs(track, frames) * usual_step_s + [0.0, EXCHANGED_COST_S * usual_step_s], keeping, changing


def _surprise(before: list[Array], after: list[Array], steps_s: Array, height_px: float) -> Array:
    """How unlikely it is that a body goes from one frame to the next, [N - 1]."""
    limbs = list(LIMB_LANDMARKS)
    weight = np.sqrt(before[2][:, limbs] * after[2][:, limbs])
    usual_px = height_px * np.hypot(USUAL_SPEED_HEIGHTS_S * steps_s, PIXEL_NOISE_HEIGHTS)
    usual_m = np.hypot(USUAL_SPEED_M_S * steps_s, LANDMARK_NOISE_M)
    surprise = np.zeros(len(steps_s))
    for first, second, usual in ((before[0], after[0], usual_px), (before[1], after[1], usual_m)):
        moved = np.linalg.norm(second[:, limbs] - first[:, limbs], axis=-1) / usual[:, None]
        surprise += np.mean(weight * np.minimum(moved**2, MOST_SURPRISE), axis=-1)
    return surprise + TURN_COST * (1 - _cosine(_hip_axis(before[1]), _hip_axis(after[1]))) / 2


def _face_costs(track: Track, frames: Indices) -> Array:
    """Cost of a second in each frame and state [N, 2]: the left hip must lie on the left of where the face looks."""
    nose, left_ear, right_ear = (track.landmarks_camera[frames][:, n] for n in FACE)
    looking = nose - (left_ear + right_ear) / 2
    left_of_face = np.cross(_up(track.landmarks_camera[frames]), looking)
    agreement = _cosine(left_of_face, _hip_axis(track.landmarks_camera[frames]))
    sureness = FACE_COST_S * track.scores[frames][:, FACE].min(axis=-1)
    return np.stack([np.maximum(0, -agreement) * sureness, np.maximum(0, agreement) * sureness], axis=-1)


def _hip_axis(landmarks_camera: Array) -> Array:
    """From the right hip to the left, [N, 3]; zero where they are too near for a direction."""
    axis = landmarks_camera[:, HIPS[0]] - landmarks_camera[:, HIPS[1]]
    return np.where(np.linalg.norm(axis, axis=-1, keepdims=True) >= LEAST_HIPS_M, axis, 0.0)


def _up(landmarks_camera: Array) -> Array:
    """From the hips to the shoulders, [N, 3]."""
    return landmarks_camera[:, SHOULDERS].mean(axis=1) - landmarks_camera[:, HIPS].mean(axis=1)


def _cosine(first: Array, second: Array) -> Array:
    """Of the angle between rows; 1 where one of them is no direction."""
    lengths = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
    return np.where(lengths > 0, np.sum(first * second, axis=-1) / np.where(lengths > 0, lengths, 1.0), 1.0)


def _cheapest_way(frame_costs: Array, keeping: Array, changing: Array) -> Mask:
    """The states [N] with the least cost in all."""
    cost = frame_costs[0]
    came_from = np.zeros(frame_costs.shape, np.int64)
    for n in range(1, len(frame_costs)):
        ways = cost[:, None] + np.where(np.eye(2, dtype=bool), keeping[n - 1], changing[n - 1])
        came_from[n] = ways.argmin(axis=0)
        cost = ways.min(axis=0) + frame_costs[n]
    states = [int(cost.argmin())]
    for n in range(len(frame_costs) - 1, 0, -1):
        states.append(int(came_from[n, states[-1]]))
    return np.array(states[::-1], dtype=bool)


def exchanged_order() -> Indices:
    """The landmarks [33] with left and right of the body exchanged and the face as it is."""
    other = {"left": "right", "right": "left"}

    def partner(name: str) -> str:
        side, _, part = name.partition("_")
        return f"{other[side]}_{part}" if LANDMARK[name] >= FIRST_OF_BODY else name

    return np.array([LANDMARK[partner(name)] for name in LANDMARK_NAMES])


def _exchanged_in(track: Track, exchanged: Mask) -> Track:
    def with_orders(array: Array, order: Indices | list[int]) -> Array:
        return np.where(exchanged.reshape(-1, *[1] * (array.ndim - 1)), array[:, order], array)

    body, hands = exchanged_order(), [1, 0]
    return replace(
        track, landmarks_px=with_orders(track.landmarks_px, body), scores=with_orders(track.scores, body),
        doubts_px=with_orders(track.doubts_px, body),
        landmarks_camera=with_orders(track.landmarks_camera, body), hands_px=with_orders(track.hands_px, hands),
        hands_camera=with_orders(track.hands_camera, hands), hand_scores=with_orders(track.hand_scores, hands),
    )  # fmt: skip
