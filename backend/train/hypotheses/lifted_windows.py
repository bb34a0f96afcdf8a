"""What the flow learns from: windows as the lifter and its refinement left them, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from backend.small_archives import DAMAGED
from motion.arrays import Array, Mask, check_shape
from motion.refusal import Refusal
from motion.whole_files import written_whole

FEWEST_SEEN = 20   # frames, below which a window teaches nothing

_STORED = {"numbers": np.float16, "R_view_from_joint": np.float32, "sigma_rad": np.float32, "turn_rad": np.float32,
           "sigma_joint_m": np.float32, "bones_m": np.float32, "counts": np.float32, "known": bool}  # fmt: skip
_SHAPES = {"numbers": "W T C", "R_view_from_joint": "W T 22 3 3", "sigma_rad": "W T 22", "turn_rad": "W T 22 3",
           "sigma_joint_m": "W T 22 2", "bones_m": "W 22 3", "counts": "W T", "known": "W 22"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class LiftedWindows:
    """W windows of T frames in the views of backend/hypotheses/condition.py."""

    numbers: Array             # [W, T, C] of a Condition
    R_view_from_joint: Array   # [W, T, 22, 3, 3] as lifted and refined
    sigma_rad: Array           # [W, T, 22] of each axis, as the lifter told it
    turn_rad: Array            # [W, T, 22, 3] in the view's axes, from the lifted orientation to the true
    sigma_joint_m: Array       # [W, T, 22, 2] of joints about the pelvis: across the ray (each way), along it
    bones_m: Array             # [W, 22, 3] from a joint's parent to the joint in the T-pose, of the pelvis zero
    counts: Array              # [W, T] how much a frame teaches; 0 beyond a clip's end
    known: Mask                # [W, 22] which joints' rotations were recorded

    def __post_init__(self) -> None:
        for name, shape in _SHAPES.items():
            check_shape(name, getattr(self, name), shape, W=len(self.numbers), T=self.numbers.shape[1])

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def frame_count(self) -> int:
        return self.numbers.shape[1]

    def during(self, frames: slice) -> LiftedWindows:
        """The same windows over some of their frames."""
        return replace(self, **{name: getattr(self, name)[:, frames] for name, shape in _SHAPES.items()
                                if shape.startswith("W T")})  # fmt: skip


def write_windows(path: Path, windows: LiftedWindows) -> None:
    """Raises Refusal when the disk refuses."""
    with written_whole(path) as stream:
        np.savez(stream, **{name: np.asarray(getattr(windows, name), dtype) for name, dtype in _STORED.items()})


def read_windows(paths: Sequence[Path]) -> LiftedWindows:
    """Of several files, one after the other. Raises Refusal for what holds no windows."""
    parts: dict[str, list[Array]] = {name: [] for name in _STORED}
    for path in paths:
        try:
            with np.load(path, allow_pickle=False) as archive:
                for name in _STORED:
                    parts[name].append(archive[name])
        except DAMAGED as error:
            raise Refusal("bad-windows", f"{path} holds no lifted windows.",
                          "Make them with python -m backend train windows.") from error  # fmt: skip
    return LiftedWindows(**{name: np.concatenate(arrays) for name, arrays in parts.items()})
