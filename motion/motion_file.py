"""motion.npz: any AMASS/SMPL-X archive, and ours on top of it (format_version 1)."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Mapping

import numpy as np

from .arrays import Array
from .motion import Camera, Motion
from .refusal import Refusal
from .rotations import axis_angle_from_matrix, matrix_from_axis_angle, smallest_rotation
from .skeleton import JOINT_NAMES, Skeleton
from .whole_files import written_whole

FORMAT_VERSION = 1
LARGEST_FRAME_COUNT = 2_000_000   # 4.6 hours at 120 frames a second: a larger claim is a broken or hostile file
LARGEST_BYTES = 8 * 2**30        # unpacked; a small file that claims more is a bomb

# Numbers a frame of the three AMASS layouts, and where the rest pelvis of that neutral body lies, m: the `trans` of
# a file that does not carry rest joints counts from there.
REST_PELVIS = {165: (0.003, -0.351, 0.012), 156: (-0.002, -0.240, 0.028), 72: (-0.002, -0.223, 0.028)}

_DAMAGED = (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, NotImplementedError, RuntimeError,
            OverflowError, MemoryError, zipfile.BadZipFile, zlib.error)  # fmt: skip


def write_motion(path: Path, motion: Motion) -> None:
    """Write `motion` as an AMASS/SMPL-X archive with our keys on top. Raises Refusal when the disk refuses."""
    with written_whole(path) as stream:
        np.savez_compressed(stream, **_arrays(motion))


def read_motion(path: Path, template: Skeleton) -> Motion:
    """Read our own file or any AMASS/SMPL-X archive.

    `template` gives the rest joints, up to a shift, that a foreign file does not carry. Raises Refusal with a sentence for every
    file that cannot be used; nothing in it is executed.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            if sum(member.file_size for member in archive.zip.infolist()) > LARGEST_BYTES:
                raise NotMotion("it unpacks to more than 8 GB")
            names = set(archive.files)
            return _Reader(path, archive, names).motion(template)
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no file {path}.", "Choose a motion file that exists.") from error
    except _DAMAGED as error:
        why = f": {error}" if isinstance(error, NotMotion) else ""
        raise Refusal("bad-motion-file", f"{path.name} is not a readable motion file{why}.",
                      "Choose a motion.npz of Mambocap or an AMASS or SMPL-X .npz.") from error  # fmt: skip


class NotMotion(ValueError):
    """Why an archive is no motion, in words that follow a colon."""


def _arrays(motion: Motion) -> dict[str, Any]:
    arrays: dict[str, Any] = {
        **_pose_arrays(motion, ""),
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
        "hypotheses": motion.hypotheses,
        "hypotheses_trans": motion.hypotheses_root - motion.skeleton.rest_joints[0],
        "hypotheses_weights": motion.hypotheses_weights,
        "neutral_parts": np.array(["jaw", "eyes", "expression"]),
        "settings": json.dumps(dict(motion.settings), ensure_ascii=False, default=str),
        "versions": json.dumps(dict(motion.versions), ensure_ascii=False),
    }
    arrays.update(_camera_arrays(motion.cameras, motion.frame_count))
    if motion.raw is not None:
        arrays.update(_pose_arrays(motion.raw, "raw_"))
    return arrays


def _pose_arrays(motion: Motion, prefix: str) -> dict[str, Array]:
    axis_angle = axis_angle_from_matrix(motion.R_parent_from_joint)
    return {
        f"{prefix}poses": axis_angle.reshape(motion.frame_count, 165),
        # SMPL-X turns the pelvis about its own joint and adds trans afterwards: pelvis = rest pelvis + trans.
        f"{prefix}trans": motion.root_world - motion.skeleton.rest_joints[0],
    }


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
        "source_times": source_times,
    }


class _Reader:
    """One opened archive; every accessor checks shape and type before anything is believed."""

    def __init__(self, path: Path, archive: Mapping[str, np.ndarray], names: set[str]) -> None:
        self.path, self.archive, self.names = path, archive, names

    def motion(self, template: Skeleton) -> Motion:
        self._refuse_newer()
        poses = self._poses()
        frames = len(poses)
        rest = self._rest_joints(template)
        skeleton = Skeleton(rest)
        trans = self._array("trans", (frames, 3)) if "trans" in self.names else np.zeros((frames, 3))
        motion = Motion(
            skeleton=skeleton,
            rate=self._rate(),
            R_parent_from_joint=matrix_from_axis_angle(poses),
            root_world=trans + rest[0],
            betas=np.ravel(self._numbers("betas"))[:400] if "betas" in self.names else np.zeros(10),
            gender=self._text("gender", "neutral"),
        )
        return self._with_our_keys(motion) if "format_version" in self.names else motion

    def _with_our_keys(self, motion: Motion) -> Motion:
        frames = motion.frame_count
        contact_names = tuple(str(name) for name in self._strings("contact_names"))
        hypotheses = self._numbers("hypotheses", (None, frames, 55, 3), np.zeros((0, frames, 55, 3)))
        count = len(hypotheses)
        rest_pelvis = motion.skeleton.rest_joints[0]
        return replace(
            motion,
            start_s=float(self._numbers("times", (frames,), motion.times_s)[0]) if frames else 0.0,
            seen=self._numbers("seen", (frames,), np.ones(frames)) > 0.5,
            confidence=self._numbers("confidence", (frames, 55), np.ones((frames, 55))),
            contact_names=contact_names,
            contacts=self._numbers("contacts", (frames, len(contact_names)), np.zeros((frames, len(contact_names)))),
            body_shape=self._numbers("body_shape", (None,), np.zeros(0)),
            actor=self._text("actor", ""),
            cameras=self._cameras(frames),
            settings=self._json("settings"),
            versions=self._json("versions"),
            hypotheses=hypotheses,
            hypotheses_root=self._numbers("hypotheses_trans", (count, frames, 3), np.zeros((count, frames, 3))) + rest_pelvis,
            hypotheses_weights=self._numbers("hypotheses_weights", (count,), np.ones(count)),
            raw=self._raw(motion),
        )

    def _raw(self, motion: Motion) -> Motion | None:
        if "raw_poses" not in self.names:
            return None
        frames = motion.frame_count
        poses = self._array("raw_poses", (frames, 165)).reshape(frames, 55, 3)
        root = self._array("raw_trans", (frames, 3)) + motion.skeleton.rest_joints[0]
        return replace(motion, R_parent_from_joint=matrix_from_axis_angle(poses), root_world=root)

    def _cameras(self, frames: int) -> tuple[Camera, ...]:
        if "camera_K" not in self.names:
            return ()
        count = len(self._numbers("camera_K", (None, frames, 3, 3)))
        landmarks = self._numbers("landmarks_2d", (count, frames, 33, 2), np.full((count, frames, 33, 2), np.nan), gaps=True)
        source_times = self._numbers("source_times", (count, None), np.zeros((count, 0)), gaps=True)
        sizes = self._numbers("camera_size", (count, 2))
        offsets = self._numbers("camera_time_offset", (count,), np.zeros(count))
        paths, hashes = self._strings("video_path"), self._strings("video_sha256")
        video_bytes = self._numbers("video_bytes", (count,), np.zeros(count))
        K, R, t = (self._numbers(f"camera_{n}", (count, frames) + s) for n, s in (("K", (3, 3)), ("R", (3, 3)), ("t", (3,))))
        scores = self._numbers("landmarks_2d_scores", (count, frames, 33), np.zeros((count, frames, 33)))
        return tuple(
            Camera(K[c], R[c], t[c], int(sizes[c, 0]), int(sizes[c, 1]), landmarks[c], scores[c], float(offsets[c]),
                   str(paths[c]) if c < len(paths) else "", str(hashes[c]) if c < len(hashes) else "",
                   int(video_bytes[c]), source_times[c][np.isfinite(source_times[c])])
            for c in range(count)
        )  # fmt: skip

    def _rest_joints(self, template: Skeleton) -> Array:
        if "rest_joints" in self.names:
            return self._numbers("rest_joints", (55, 3))
        width = self.archive["poses"].shape[-1] if "poses" in self.names else 165
        return template.rest_joints - template.rest_joints[0] + np.array(REST_PELVIS[width])

    def _refuse_newer(self) -> None:
        if "format_version" in self.names and int(self._numbers("format_version", ())) > FORMAT_VERSION:
            raise Refusal("newer-motion-file", f"{self.path.name} was written by a newer Mambocap.",
                          "Update Mambocap to open it.")  # fmt: skip

    def _poses(self) -> Array:
        """Rotation vectors [T, 55, 3]; joints that the file's body model lacks stay at rest."""
        if "poses" not in self.names:
            parts = [self._split_pose(name, width) for name, width in _SPLIT_POSES]
            frames = max((len(p) for p in parts if p is not None), default=0)
            whole = [p if p is not None else np.zeros((frames, w)) for p, (_, w) in zip(parts, _SPLIT_POSES)]
            return np.concatenate(whole, axis=1).reshape(frames, 55, 3)
        poses = self._numbers("poses", (None, None))
        if poses.shape[1] not in REST_PELVIS:
            raise NotMotion(f"poses must have 165, 156 or 72 numbers a frame, not {poses.shape[1]}")
        whole = np.zeros((len(poses), 55, 3))
        triples = poses.reshape(len(poses), -1, 3)
        whole[:, :22] = triples[:, :22]
        if poses.shape[1] == 165:
            whole = triples
        elif poses.shape[1] == 156:
            whole[:, 25:] = triples[:, 22:]   # SMPL-H has the hands right after the wrists, without jaw and eyes
        return whole

    def _split_pose(self, name: str, width: int) -> Array | None:
        if name not in self.names:
            if name == "root_orient":
                raise NotMotion("it has neither poses nor root_orient")
            return None
        return self._numbers(name, (None, width))

    def _rate(self) -> Fraction:
        if "rate" in self.names:
            numerator, denominator = self._numbers("rate", (2,))
            rate = Fraction(int(numerator), int(denominator)) if denominator else Fraction(0)
        else:
            name = next((n for n in ("mocap_frame_rate", "mocap_framerate", "fps") if n in self.names), None)
            rate = Fraction(float(self._numbers(name, ()))).limit_denominator(1001) if name else Fraction(30)
        if not 1 <= rate <= 2000:
            raise NotMotion(f"its rate of {float(rate):g} frames a second is out of range")
        return rate

    def _array(self, name: str, shape: tuple[int | None, ...]) -> Array:
        return self._numbers(name, shape)

    def _numbers(self, name: str, shape: tuple[int | None, ...] | None = None, default: Array | None = None, gaps: bool = False) -> Array:
        if default is not None and name not in self.names:
            return default
        array = self.archive[name]
        if array.dtype.kind not in "fiub":
            raise NotMotion(f"{name} holds no numbers")
        fits = shape is None or (array.ndim == len(shape) and all(w in (None, n) for w, n in zip(shape, array.shape)))
        if not fits:
            raise NotMotion(f"{name} has the shape {list(array.shape)}")
        if array.ndim and len(array) > LARGEST_FRAME_COUNT:
            raise NotMotion(f"{name} is too long")
        numbers = array.astype(np.float64)
        if not gaps and not np.isfinite(numbers).all():
            raise NotMotion(f"{name} holds numbers that are not finite")
        return numbers

    def _strings(self, name: str) -> list[str]:
        if name not in self.names:
            return []
        array = self.archive[name]
        if array.dtype.kind not in "US":
            raise NotMotion(f"{name} holds no text")
        return [str(text) for text in np.ravel(array)]

    def _text(self, name: str, default: str) -> str:
        if name not in self.names:
            return default
        array = self.archive[name]
        if array.dtype.kind == "S":
            return bytes(np.ravel(array)[0]).decode("utf-8", "replace")
        return str(np.ravel(array)[0]) if array.dtype.kind == "U" else default

    def _json(self, name: str) -> dict[str, Any]:
        value = json.loads(self._text(name, "{}"))
        if not isinstance(value, dict):
            raise NotMotion(f"{name} is not an object")
        return value


_SPLIT_POSES = (("root_orient", 3), ("pose_body", 63), ("pose_jaw", 3), ("pose_eye", 6), ("pose_hand", 90))


def y_up_to_z_up(motion: Motion) -> Motion:
    """A motion whose file had Y up, turned so that Z is up (x stays x, y becomes z, z becomes -y)."""
    R_z_from_y = smallest_rotation(np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]))
    R_parent_from_joint = np.array(motion.R_parent_from_joint)
    R_parent_from_joint[:, 0] = R_z_from_y @ R_parent_from_joint[:, 0]
    return replace(motion, R_parent_from_joint=R_parent_from_joint, root_world=motion.root_world @ R_z_from_y.T)
