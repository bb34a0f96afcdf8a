"""What a body does, as every camera tells it alike: where its joints are and how it turns, in its own frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.lift.lift import Lift
from motion.arrays import Array, Mask, freeze
from motion.filters import gaussian_smoothed
from motion.kinematics import forward_kinematics
from motion.resample import interpolate_linear
from motion.rotations import axis_angle_from_matrix
from motion.skeleton import JOINT

RATE_HZ = 60.0
_SMOOTH_S = 0.03         # a detector's trembling is not the body's
_LONGEST_GAP_S = 0.25
_JOINTS = [JOINT[f"{side}_{name}"] for side in ("left", "right")
           for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")] + [JOINT["head"]]  # fmt: skip
_OTHER_SIDE = [*range(6, 12), *range(6), 12]
# A second of change counts as much as these lengths: speeds tell moments sharply, places tell which of them.
_SPEED_COUNTS_S = 0.15
_TURNS_COUNT_M = 0.15    # of the hips' turns, as if on a lever of this length


@dataclass(frozen=True, eq=False)
class BodySignals:
    """N moments of one clip's own clock, RATE_HZ apart, and S signals in metres."""

    times_s: Array    # [N]
    values: Array     # [N, S], zero where nobody is seen
    seen: Mask        # [N]

    def __post_init__(self) -> None:
        freeze(self, {"times_s": "N", "values": "N S", "seen": "N"}, {"seen": bool}, N=len(self.times_s))


def body_signals(lift: Lift) -> BodySignals:
    """Signals of somebody who is seen, whatever the camera and its place."""
    own_s = lift.track.times_s
    times_s = np.arange(own_s[0], own_s[-1] + 0.5 / RATE_HZ, 1.0 / RATE_HZ)
    joints, turns = _joints_of_pelvis(lift), _turns(lift)
    places = _smooth(interpolate_linear(joints.reshape(len(joints), -1), own_s, times_s))
    speeds = _speeds(places)
    turning = _smooth(interpolate_linear(turns, own_s, times_s))
    values = np.concatenate([places, _SPEED_COUNTS_S * speeds, _TURNS_COUNT_M * turning], axis=1)
    seen = _seen(lift, times_s)
    return BodySignals(times_s, values * seen[:, None], seen)


def _speeds(places: Array) -> Array:
    """[N, S] of places [N, S] by the second; none of a single moment."""
    return np.gradient(places, axis=0) * RATE_HZ if len(places) > 1 else np.zeros_like(places)


def _joints_of_pelvis(lift: Lift) -> Array:
    """[T, J, 3] m of limbs and head, in the frame of the hips."""
    _, joints = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, np.zeros_like(lift.root_camera))
    return (joints[:, _JOINTS] - joints[:, :1]) @ lift.R_parent_from_joint[:, 0]


def _turns(lift: Lift) -> Array:
    """[T, 3] rad/s the pelvis turns about its own axes."""
    R, rate = lift.R_parent_from_joint[:, 0], lift.track.rate
    if len(R) < 2:
        return np.zeros((len(R), 3))
    after = axis_angle_from_matrix(np.swapaxes(R[:-1], -1, -2) @ R[1:]) * rate
    return np.concatenate([after[:1], 0.5 * (after[1:] + after[:-1]), after[-1:]])


def _smooth(values: Array) -> Array:
    return gaussian_smoothed(values, RATE_HZ, _SMOOTH_S)


def _seen(lift: Lift, times_s: Array) -> Mask:
    """Where the person was seen within a moment before and after."""
    seen_s = lift.track.times_s[lift.track.seen]
    after = np.searchsorted(seen_s, times_s).clip(0, len(seen_s) - 1)
    gap = np.minimum(np.abs(seen_s[after] - times_s), np.abs(seen_s[np.maximum(after - 1, 0)] - times_s))
    return gap <= 0.5 * _LONGEST_GAP_S


def mirrored_signals(signals: BodySignals) -> BodySignals:
    """What the same clip would tell if its picture were turned left for right."""
    places, speeds, turns = np.split(signals.values, [3 * len(_JOINTS), 6 * len(_JOINTS)], axis=1)
    values = [_mirror(places), _mirror(speeds), turns * [1.0, -1.0, -1.0]]
    return replace(signals, values=np.concatenate(values, axis=1))


def _mirror(values: Array) -> Array:
    """Joints [N, 3 J] of the other side, to the other side."""
    joints = values.reshape(len(values), -1, 3)[:, _OTHER_SIDE] * [-1.0, 1.0, 1.0]
    return joints.reshape(values.shape)
