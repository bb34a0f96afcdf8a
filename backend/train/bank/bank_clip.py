"""What the product's detector said of one rendered clip, beside the truth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.small_archives import DAMAGED
from backend.train.motions.training_clip import Teaches
from motion.arrays import check_shape
from motion.whole_files import written_whole

Floats = npt.NDArray[np.float32]
SHAPES = {
    "landmarks_camera": "T 33 3", "joints_camera": "T 22 3", "hidden": "T 33", "K": "3 3", "size_px": "2",
    "R_camera_from_world": "T 3 3",
    "seen": "T", "said_px": "T 33 2", "said_camera": "T 33 3", "scores": "T 33", "doubts_px": "T 33", "features": "T F",
}  # fmt: skip
MOTION_SHAPES = {"R_parent_from_joint": "T 22 3 3", "rest_joints": "55 3", "still": "T 6",
                 "t_camera_from_world": "T 3"}  # fmt: skip


@dataclass(frozen=True)
class BankOrigin:
    """How a clip of the bank was made."""

    index: int
    recording: str      # Origin.name of the motion
    source: str
    subject: str
    part: str           # "fit", or "kept" out of every fit
    camera: str         # kind of camera
    rate_hz: float
    body_height_m: float


@dataclass(frozen=True, eq=False)
class BankMotion:
    """How the person of a clip truly moved, T frames: what a lifter shall say."""

    R_parent_from_joint: Floats         # [T, 22, 3, 3]; entry 0 R_camera_from_pelvis
    rest_joints: Floats                 # [55, 3] m, of the body that was filmed: T-pose, Y up, facing +Z
    still: npt.NDArray[np.bool_]        # [T, 6] STILL_POINTS
    t_camera_from_world: Floats         # [T, 3] m
    teaches: Teaches

    def __post_init__(self) -> None:
        for name, shape in MOTION_SHAPES.items():
            check_shape(name, getattr(self, name), shape, T=len(self.still))


@dataclass(frozen=True, eq=False)
class BankClip:
    """T pictures of one person; px of the picture, m, camera frame as in OpenCV."""

    origin: BankOrigin
    landmarks_camera: Floats            # [T, 33, 3] true, absolute
    joints_camera: Floats               # [T, 22, 3] true, absolute
    hidden: npt.NDArray[np.bool_]       # [T, 33] by body or furniture, told by the renderer's depths
    K: Floats                           # [3, 3]
    size_px: npt.NDArray[np.int64]      # [2] width, height
    R_camera_from_world: Floats         # [T, 3, 3]
    seen: npt.NDArray[np.bool_]         # [T] whether the detector found the person; the rest is zero where not
    said_px: Floats                     # [T, 33, 2]
    said_camera: Floats                 # [T, 33, 3] about the middle of the hips
    scores: Floats                      # [T, 33] calibrated
    doubts_px: Floats                   # [T, 33]
    features: npt.NDArray[np.float16]   # [T, F] the network's last, the mean over their cells
    motion: BankMotion | None = None    # of T frames too; samples that travel go without

    def __post_init__(self) -> None:
        if self.motion is not None and len(self.motion.still) != len(self.seen):
            raise ValueError(f"motion of {len(self.motion.still)} frames beside {len(self.seen)} pictures")
        for name, shape in SHAPES.items():
            check_shape(name, getattr(self, name), shape, T=len(self.seen))


def write_bank_clip(path: Path, clip: BankClip) -> None:
    """Appears whole or not at all."""
    arrays = {name: getattr(clip, name) for name in SHAPES}
    if clip.motion is not None:
        arrays |= {name: getattr(clip.motion, name) for name in MOTION_SHAPES}
        arrays["teaches"] = np.array(json.dumps(asdict(clip.motion.teaches)))
    with written_whole(path) as stream:
        np.savez_compressed(stream, origin=np.array(json.dumps(asdict(clip.origin))), **arrays)


def read_bank(folder: Path) -> list[BankClip]:
    """All clips of a bank, in order; damaged ones are left out."""
    clips = [clip for path in sorted(folder.glob("[0-9]*.npz")) if (clip := _read(path)) is not None]
    return sorted(clips, key=lambda clip: clip.origin.index)


def _read(path: Path) -> BankClip | None:
    try:
        with np.load(path, allow_pickle=False) as archive:
            origin = BankOrigin(**json.loads(str(archive["origin"])))
            return BankClip(origin, **{name: archive[name] for name in SHAPES}, motion=_motion(archive))
    except DAMAGED:
        return None


def _motion(archive: Mapping[str, np.ndarray]) -> BankMotion | None:
    if "teaches" not in archive:
        return None
    teaches = json.loads(str(archive["teaches"]))
    teaches["joints"] = tuple(teaches["joints"])
    return BankMotion(**{name: archive[name] for name in MOTION_SHAPES}, teaches=Teaches(**teaches))
