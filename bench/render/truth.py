"""What is true of a rendered clip, as it is kept beside the film; the film shows exactly these numbers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np

from backend.train.motions.training_clip import TrainingClip
from bench.render.camera_paths import CameraPath
from bench.render.performance import Performance
from bench.render.plan import Plan
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix
from motion.skeleton import BODY_JOINT_COUNT
from motion.whole_files import written_whole

FORMAT_VERSION = 1
_FINE = 1e-4   # rad and m to which the truth is rounded before it is rendered


def write_truth(
    path: Path, plan: Plan, clips: list[TrainingClip], performance: Performance, camera: CameraPath
) -> None:
    """Rotation vectors in radians, lengths in metres, Z up, floor at z = 0; read by bench/rendered.py."""
    turns = axis_angle_from_matrix(performance.R_parent_from_joint)
    origin = clips[0].origin
    teaches = [asdict(clip.teaches) for clip in clips]
    taught = {f"teaches_{name}": np.all([np.atleast_1d(each[name]) for each in teaches], axis=0) for name in teaches[0]}
    words = {"motion": plan.motion, "source": origin.source, "subject": origin.subject, "action": origin.action,
             "licence": origin.licence, "category": plan.category, "camera": plan.camera, "side": plan.side,
             "framing": plan.framing, "place": plan.place, "extra": plan.extra}  # fmt: skip
    arrays = {
        "format_version": np.int64(FORMAT_VERSION),
        "rate_hz": np.float64(performance.rate_hz),
        "size_px": np.array(plan.size_px),
        "body_turns": _fine(turns[:, :BODY_JOINT_COUNT]),
        "hand_turns": _fine(turns[0, BODY_JOINT_COUNT:]),
        "root_world": _fine(performance.root_world),
        "body_shape": performance.body.shape.astype(np.float32),
        "body_scale": np.float64(performance.body.scale),
        "rest_joints": performance.body.skeleton.rest_joints.astype(np.float32),
        "still": performance.still(),
        "K": camera.K.astype(np.float32),
        "camera_turns": axis_angle_from_matrix(camera.R_camera_from_world).astype(np.float32),
        "t_camera_from_world": camera.t_camera_from_world.astype(np.float32),
    }
    with written_whole(path) as stream:
        np.savez_compressed(stream, **arrays, **taught, **{name: np.array(word) for name, word in words.items()})


def _fine(values: Array) -> Array:
    return (np.round(values / _FINE) * _FINE).astype(np.float32)
