"""Readers of motions, bodies and recordings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from bench.made_up_recordings import made_up_acclaim, made_up_bvh, made_up_smartbody
from bench.reliability_reader import Reader, finite
from motion.amass_file import write_amass
from motion.body import BodyModel, read_open_body
from motion.motion_file import read_motion, write_motion
from motion.quality.card import card_from
from motion.recordings.open_recording import open_recording
from motion.smplx_file import read_smplx
from tests.motion.made_up import made_up_motion
from tests.smplx_model import write_smplx_model

FRAMES = 7
_WIDTHS = {"root_orient": 3, "pose_body": 63, "pose_jaw": 3, "pose_eye": 6, "pose_hand": 90}


@cache
def _open_body() -> BodyModel:
    return read_open_body()


def _chance() -> np.random.Generator:
    return np.random.default_rng(1)


def _own_motion(folder: Path) -> None:
    write_motion(folder / "motion.npz", made_up_motion(_chance(), FRAMES))


def _amass(folder: Path) -> None:
    write_amass(folder / "motion.npz", made_up_motion(_chance(), FRAMES))


def _older_amass(folder: Path) -> None:
    np.savez(folder / "motion.npz", poses=_chance().normal(size=(FRAMES, 156)), trans=np.zeros((FRAMES, 3)),
             betas=np.zeros(16), gender=np.array("male"), mocap_framerate=120.0)  # fmt: skip


def _split_smplx(folder: Path) -> None:
    parts = {name: _chance().normal(size=(FRAMES, width)) for name, width in _WIDTHS.items()}
    np.savez(folder / "motion.npz", trans=np.zeros((FRAMES, 3)), mocap_frame_rate=60.0, **parts)


def _read_motion(folder: Path) -> bool:
    motion = read_motion(folder / "motion.npz", _open_body().shaped(np.zeros(8)).skeleton)
    card_from(motion.quality)
    return finite(motion.R_parent_from_joint, motion.root_world, motion.confidence, motion.contacts, motion.betas,
                  motion.times_s, motion.hypotheses, motion.hypotheses_root, motion.skeleton.rest_joints)  # fmt: skip


def _smplx_model(folder: Path) -> None:
    write_smplx_model(folder / "SMPLX_NEUTRAL.npz", 80, posedirs=None, hands_componentsl=None, hands_componentsr=None)


def _read_smplx(folder: Path) -> bool:
    model = read_smplx(folder / "SMPLX_NEUTRAL.npz", _open_body())
    return finite(model.vertices, model.joints, model.weights, model.joint_shapes)


def _recording(name: str, files: dict[str, bytes]) -> Reader:
    def write(folder: Path) -> None:
        for each, content in files.items():
            (folder / each).write_bytes(content)

    def read(folder: Path) -> bool:
        recording = open_recording(folder / name)
        assert recording.rate_hz > 0, "a rate that is none"
        return finite(recording.joint_from_parent, recording.R_parent_from_joint, recording.rest_joints)

    return Reader(write, read, 1.5)


MOTION_READERS: dict[str, Reader] = {
    "motion.npz": Reader(_own_motion, _read_motion, 2.0),
    "motion AMASS": Reader(_amass, _read_motion),
    "motion AMASS 2019": Reader(_older_amass, _read_motion),
    "motion SMPL-X": Reader(_split_smplx, _read_motion),
    "SMPL-X model": Reader(_smplx_model, _read_smplx),
    "BVH": _recording("walk.bvh", made_up_bvh()),
    "ASF/AMC": _recording("walk.amc", made_up_acclaim()),
    "SK/SKM": _recording("walk.skm", made_up_smartbody()),
}
