"""What only a network tells of a clip, beside the pose: gravity, path, contacts, and how far its word goes."""

from __future__ import annotations

from dataclasses import dataclass

from motion.arrays import Array, freeze

_SHAPES = {
    "down_camera": "T 3", "down_sigma_rad": "T", "root_velocity": "T 3", "still": "T 6", "sigma_rotation_rad": "T 22",
    "sigma_joint_m": "T 22 2", "bias_px": "T 33 2", "bias_sigma_px": "T 33",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Over the T frames of a track; camera frame as in OpenCV."""

    down_camera: Array          # [T, 3] unit vectors along gravity
    down_sigma_rad: Array       # [T]
    root_velocity: Array        # [T, 3] m/s in the pelvis' frame, to the next frame
    still: Array                # [T, 6] probability that motion.contacts.believe.STILL_POINTS rest
    sigma_rotation_rad: Array   # [T, 22] of each axis of a joint's orientation
    sigma_joint_m: Array        # [T, 22, 2] of joints about the pelvis: across the viewing ray (each way), along it
    bias_px: Array              # [T, 33, 2] by how much landmarks are seen beside where they are
    bias_sigma_px: Array        # [T, 33] each way

    def __post_init__(self) -> None:
        freeze(self, _SHAPES, T=len(self.still))
