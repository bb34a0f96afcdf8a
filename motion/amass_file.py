"""Writing AMASS and SMPL-X archives (npz) for other programs, which ours reads back too (motion_file.read_motion).

Names and widths are those of the AMASS release for SMPL-X ("SMPL-X N", Mahmood et al. 2019) and of the SMPL-X add-on
for Blender: Z up, metres, rotation vectors.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .arrays import Array
from .motion import Motion
from .motion_archive import REST_PELVIS
from .motion_file import FORMAT_VERSION
from .rotations import axis_angle_from_matrix
from .skeleton import JOINT_NAMES
from .whole_files import written_whole

BETA_COUNT = 16   # of AMASS; programs that know ten read the first ten
_PARTS = {"root_orient": (0, 1), "pose_body": (1, 22), "pose_jaw": (22, 23), "pose_eye": (23, 25),
          "pose_hand": (25, 55)}  # fmt: skip


def write_amass(path: Path, motion: Motion) -> None:
    """Write `motion` as others read it. Raises Refusal when the disk refuses.

    Where no SMPL-X file gave the betas they are zero, and `trans` counts from the pelvis of the average SMPL-X body, so
    that it stands where it was captured. The person's own proportions go along in `rest_joints` and `body_shape`.
    """
    with written_whole(path) as stream:
        np.savez_compressed(stream, **_arrays(motion))


def _arrays(motion: Motion) -> dict[str, Any]:
    poses = axis_angle_from_matrix(motion.R_parent_from_joint)
    parts = {name: poses[:, first:end].reshape(len(poses), -1) for name, (first, end) in _PARTS.items()}
    rest_joints = _rest_joints(motion)
    betas = np.zeros(max(BETA_COUNT, len(motion.betas)))
    betas[: len(motion.betas)] = motion.betas
    return {
        "surface_model_type": "smplx", "gender": motion.gender,
        "mocap_frame_rate": float(motion.rate), "mocap_time_length": motion.frame_count / float(motion.rate),
        "trans": motion.root_world - rest_joints[0], "poses": poses.reshape(len(poses), 165), **parts,
        "betas": betas, "num_betas": len(betas),
        "format_version": FORMAT_VERSION, "rest_joints": rest_joints, "joint_names": np.array(JOINT_NAMES),
        "rate": np.array([motion.rate.numerator, motion.rate.denominator], dtype=np.int64),
        "times": motion.times_s, "body_shape": motion.body_shape, "actor": motion.actor,
    }  # fmt: skip


def _rest_joints(motion: Motion) -> Array:
    """The rest joints [55, 3] m, moved to where the average SMPL-X body has its pelvis unless betas say another."""
    joints = motion.skeleton.rest_joints
    return joints if np.any(motion.betas) else joints - joints[0] + np.array(REST_PELVIS[165])
