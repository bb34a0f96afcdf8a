"""motion.npz: any AMASS/SMPL-X archive, and ours on top of it (format_version 1)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from .arrays import Array
from .motion import Camera, Motion
from .motion_archive import MotionArchive, NotMotion
from .open_archive import DAMAGED, TooMuch, opened
from .refusal import Refusal
from .rotations import axis_angle_from_matrix, smallest_rotation
from .runs import in_turn
from .skeleton import JOINT_NAMES, Skeleton
from .whole_files import written_whole

FORMAT_VERSION = 1
LARGEST_BYTES = 8 * 2**30        # unpacked; a small file that claims more is a bomb


def write_motion(path: Path, motion: Motion) -> None:
    """Write `motion` as an AMASS/SMPL-X archive with our keys on top. Raises Refusal when the disk refuses."""
    with written_whole(path) as stream:
        _write_archive(stream, _arrays(motion))


def read_motion(path: Path, template: Skeleton) -> Motion:
    """Read our own file or any AMASS/SMPL-X archive.

    `template` gives the rest joints, up to a shift, that a foreign file does not carry. Raises Refusal with a sentence
    for every file that cannot be used; nothing in it is executed.
    """
    try:
        with opened(path, LARGEST_BYTES) as archive:
            return MotionArchive(path, archive, FORMAT_VERSION).motion(template)
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no file {path}.", "Choose a motion file that exists.") from error
    except DAMAGED as error:
        why = f": {error}" if isinstance(error, (NotMotion, TooMuch)) else ""
        raise Refusal("bad-motion-file", f"{path.name} is not a readable motion file{why}.",
                      "Choose a motion.npz of Mambocap or an AMASS or SMPL-X .npz.") from error  # fmt: skip


def _write_archive(stream: IO[bytes], arrays: Iterable[tuple[str, Any]]) -> None:
    """As np.savez_compressed writes it, but each array is made when its turn has come."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in arrays:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asanyarray(values), allow_pickle=False)


def _arrays(motion: Motion) -> Iterator[tuple[str, Any]]:
    """Names and values in the order of the file."""
    yield from _pose_arrays(motion, "")
    yield from _small_arrays(motion).items()
    rest_pelvis = motion.skeleton.rest_joints[0]
    yield "hypotheses", _in_steps(motion.hypotheses)
    yield "hypotheses_trans", _in_steps(motion.hypotheses_root - rest_pelvis)
    yield from _words_and_spread(motion).items()
    yield from _camera_arrays(motion.cameras, motion.frame_count).items()
    if motion.raw is not None:
        yield from _pose_arrays(motion.raw, "raw_")
        yield "raw_contact_names", np.array(motion.raw.contact_names, dtype=np.str_)
        yield "raw_contacts", motion.raw.contacts.astype(np.float32)


def _small_arrays(motion: Motion) -> dict[str, Any]:
    return {
        "betas": motion.betas,
        "gender": motion.gender,
        "mocap_frame_rate": float(motion.rate),
        "surface_model_type": "smplx",
        "format_version": FORMAT_VERSION,
        "rate": np.array([motion.rate.numerator, motion.rate.denominator], dtype=np.int64),
        "times": motion.times_s,
        "rest_joints": motion.skeleton.rest_joints,
        "joint_names": np.array(JOINT_NAMES),
        "seen": motion.seen,
        "confidence": motion.confidence.astype(np.float32),
        "contact_names": np.array(motion.contact_names, dtype=np.str_),
        "contacts": motion.contacts.astype(np.float32),
        "body_shape": motion.body_shape,
        "actor": motion.actor,
    }


def _words_and_spread(motion: Motion) -> dict[str, Any]:
    return {
        "hypotheses_weights": motion.hypotheses_weights,
        "hypotheses_choices": json.dumps([choice.to_dict() for choice in motion.choices], ensure_ascii=False),
        "spread": motion.spread_m.astype(np.float32),
        "neutral_parts": np.array(["jaw", "eyes", "expression"]),
        "settings": json.dumps(dict(motion.settings), ensure_ascii=False, default=str),
        "versions": json.dumps(dict(motion.versions), ensure_ascii=False),
        "quality": json.dumps(dict(motion.quality), ensure_ascii=False),
    }


def _in_steps(values: Array) -> Array:
    """Values in steps of 0.12 mrad or mm, far finer than such poses are known: they pack into 60 % of the bytes."""
    steps = np.empty(values.shape, np.float32)
    for some in in_turn(values.shape[1]):
        steps[:, some] = np.rint(values[:, some] * 2.0**13) / 2.0**13
    return steps


def _pose_arrays(motion: Motion, prefix: str) -> Iterator[tuple[str, Array]]:
    poses = np.empty((motion.frame_count, 55, 3))
    for some in in_turn(motion.frame_count):
        poses[some] = axis_angle_from_matrix(motion.R_parent_from_joint[some])
    yield f"{prefix}poses", poses.reshape(motion.frame_count, 165)
    # SMPL-X turns the pelvis about its own joint and adds trans afterwards: pelvis = rest pelvis + trans.
    yield f"{prefix}trans", motion.root_world - motion.skeleton.rest_joints[0]


def _camera_arrays(cameras: tuple[Camera, ...], frames: int) -> dict[str, Any]:
    def stacked(name: str, tail: tuple[int, ...]) -> Array:
        return np.array([getattr(c, name) for c in cameras]).reshape((len(cameras), frames) + tail)

    longest = max((len(c.source_times_s) for c in cameras), default=0)
    source_times = np.full((len(cameras), longest), np.nan)
    for row, camera in zip(source_times, cameras):
        row[: len(camera.source_times_s)] = camera.source_times_s
    return {
        "camera_K": stacked("K", (3, 3)),
        "camera_R": stacked("R_camera_from_world", (3, 3)),
        "camera_t": stacked("t_camera_from_world", (3,)),
        "landmarks_2d": stacked("landmarks_px", (33, 2)).astype(np.float32),
        "landmarks_2d_scores": stacked("scores", (33,)).astype(np.float32),
        "camera_size": np.array([(c.width_px, c.height_px) for c in cameras], dtype=np.int64).reshape(-1, 2),
        "camera_time_offset": np.array([c.time_offset_s for c in cameras], dtype=np.float64),
        "video_path": np.array([c.video_path for c in cameras], dtype=np.str_),
        "video_sha256": np.array([c.video_sha256 for c in cameras], dtype=np.str_),
        "video_bytes": np.array([c.video_bytes for c in cameras], dtype=np.int64),
        "camera_kind": np.array([c.kind for c in cameras], dtype=np.str_),
        "camera_confidence": np.array([c.confidence for c in cameras], dtype=np.float64),
        "source_times": source_times,
    }


def y_up_to_z_up(motion: Motion) -> Motion:
    """A motion whose file had Y up, turned so that Z is up (x stays x, y becomes z, z becomes -y)."""
    R_z_from_y = smallest_rotation(np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]))
    R_parent_from_joint = np.array(motion.R_parent_from_joint)
    R_parent_from_joint[:, 0] = R_z_from_y @ R_parent_from_joint[:, 0]
    return replace(motion, R_parent_from_joint=R_parent_from_joint, root_world=motion.root_world @ R_z_from_y.T)
