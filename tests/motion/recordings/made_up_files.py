"""Writes a recording as a BVH file, for tests of those who read one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motion.arrays import Array
from motion.recordings.recording import Recording


def write_bvh(path: Path, recording: Recording, units_per_m: float = 100.0) -> Path:
    """Places are told of the root alone; joints turn by Z, X and Y."""
    hierarchy, order = _hierarchy(recording, 0, units_per_m)
    angles_deg = zxy_degrees(recording.R_parent_from_joint[:, order]).reshape(len(recording.joint_from_parent), -1)
    table = np.hstack([units_per_m * recording.joint_from_parent[:, 0], angles_deg])
    rows = "".join(" ".join(f"{number:.5f}" for number in row) + "\n" for row in table)
    path.write_text(f"HIERARCHY\n{hierarchy}MOTION\nFrames: {len(table)}\n"
                    f"Frame Time: {1.0 / recording.rate_hz:.7f}\n{rows}")  # fmt: skip
    return path


def zxy_degrees(R: Array) -> Array:
    """Angles [..., 3] of turns [..., 3, 3] that are Rz @ Rx @ Ry."""
    z = np.arctan2(-R[..., 0, 1], R[..., 1, 1])
    x = np.arcsin(np.clip(R[..., 2, 1], -1.0, 1.0))
    y = np.arctan2(-R[..., 2, 0], R[..., 2, 2])
    return np.degrees(np.stack([z, x, y], axis=-1))


def _hierarchy(recording: Recording, joint: int, units_per_m: float) -> tuple[str, list[int]]:
    """The joint with all below it, and their numbers in the order in which they stand there."""
    parent = recording.parents[joint]
    from_parent = recording.rest_joints[joint] - (recording.rest_joints[parent] if parent >= 0 else 0.0)
    places, kind = ("", "JOINT") if parent >= 0 else ("Xposition Yposition Zposition ", "ROOT")
    text = (f"{kind} {recording.joint_names[joint]}\n{{\nOFFSET {' '.join(map(str, units_per_m * from_parent))}\n"
            f"CHANNELS {6 if places else 3} {places}Zrotation Xrotation Yrotation\n")  # fmt: skip
    order = [joint]
    for child in (number for number, above in enumerate(recording.parents) if above == joint):
        below, order_below = _hierarchy(recording, child, units_per_m)
        text, order = text + below, order + order_below
    return text + "}\n", order
