"""A limb that the footage shows wrongly moves on from before to after, on the trunk that carries it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..landmarks import LANDMARK, LANDMARK_NAMES
from ..limb_ik import LIMBS
from ..motion import Camera, Motion
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from ..skeleton import JOINT, JOINT_NAMES
from .edits import Ignore

_SWING_S = 0.1       # over which the speed on either side is measured
_RUNS_ON_S = 0.3     # a limb keeps the speed that it had for so long, and no longer
_ENDS = {"arm": ("elbow", "wrist", "pinky", "index", "thumb"), "leg": ("knee", "ankle", "heel", "foot_index")}


def ignored(motion: Motion, edit: Ignore) -> Motion:
    """The motion with a limb's pose over a stretch taken from what is before and after, and nothing seen of it."""
    frames = np.flatnonzero((motion.times_s >= edit.from_s - 1e-6) & (motion.times_s <= edit.to_s + 1e-6))
    if not len(frames):
        return motion
    joints = _joints(edit.limb)
    R, contacts = np.array(motion.R_parent_from_joint), np.array(motion.contacts)
    R[np.ix_(frames, joints)] = bridged(motion.R_parent_from_joint[:, joints], frames, float(motion.rate))
    channels = [c for c, name in enumerate(motion.contact_names) if _rides_on(edit.limb, name)]
    contacts[np.ix_(frames, channels)] = _between(motion.contacts[:, channels], frames)
    return replace(motion, R_parent_from_joint=R, contacts=contacts,
                   cameras=tuple(_unseen(camera, edit.limb, frames) for camera in motion.cameras))  # fmt: skip


def bridged(R: Array, frames: Array, rate: float) -> Array:
    """Rotations [F, J, 3, 3] for a run of frames from those around it in R [T, J, 3, 3]: a cubic in rotation vectors
    about the last pose before, whose speed at both ends is that of the motion there."""
    before, after = int(frames[0]) - 1, int(frames[-1]) + 1
    if before < 0 or after >= len(R):
        held = R[before] if before >= 0 else R[min(after, len(R) - 1)]
        return np.broadcast_to(held, (len(frames), *held.shape))
    swing = max(1, round(_SWING_S * rate))
    start, goal = _speed(R[max(before - swing, 0) : before + 1]), _speed(R[after : after + swing + 1])
    span = after - before
    runs = min(span, _RUNS_ON_S * rate)
    way = axis_angle_from_matrix(np.swapaxes(R[before], -1, -2) @ R[after])
    u = ((frames - before) / span)[:, None, None]
    cubic = (runs * start * (u - 2 * u**2 + u**3) + way * (3 * u**2 - 2 * u**3) + runs * goal * (u**3 - u**2))
    return R[before] @ matrix_from_axis_angle(cubic)


def _speed(R: Array) -> Array:
    """Turns a frame [J, 3] rad in a joint's own axes, the mean over some frames."""
    if len(R) < 2:
        return np.zeros(R.shape[1:-1])
    return axis_angle_from_matrix(np.swapaxes(R[:-1], -1, -2) @ R[1:]).mean(axis=0)


def _between(values: Array, frames: Array) -> Array:
    """[F, C] straight from the value before a run of frames to the one after; where either lacks, the other is held."""
    before, after = int(frames[0]) - 1, int(frames[-1]) + 1
    first = values[before if before >= 0 else min(after, len(values) - 1)]
    last = values[after] if after < len(values) else first
    share = ((frames - before) / (after - before))[:, None]
    return first + share * (last - first)


def _joints(limb: str) -> list[int]:
    """The joints that turn a limb, its fingers included."""
    joints, side = LIMBS[limb].joints, limb.split("_")[0]
    if limb.endswith("leg"):
        return [*joints, JOINT[f"{side}_foot"]]
    fingers = [j for j, name in enumerate(JOINT_NAMES) if j >= JOINT["left_index1"] and name.startswith(side)]
    return [*joints, *fingers]


def _rides_on(limb: str, point_name: str) -> bool:
    side, kind = limb.split("_")
    words = ("palm", "hand", "elbow") if kind == "arm" else ("heel", "ball", "toe", "knee")
    return point_name.startswith(side) and point_name.endswith(words)


def _unseen(camera: Camera, limb: str, frames: Array) -> Camera:
    side, kind = limb.split("_")
    seen = [LANDMARK[name] for name in LANDMARK_NAMES if name.startswith(side) and name.endswith(_ENDS[kind])]
    scores = np.array(camera.scores)
    scores[np.ix_(frames, seen)] = 0.0
    return replace(camera, scores=scores)
