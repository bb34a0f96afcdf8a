"""Square pieces of a picture, turned so that the body in them stands upright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from motion.arrays import Array

Rgb = npt.NDArray[np.uint8]

BODY_GROWTH = 1.25      # of a body's circle, as MediaPipe's networks were trained


@dataclass(frozen=True)
class Crop:
    """A square of the picture; its own axes are x right and y down as the body stands."""

    middle_px: tuple[float, float]
    side_px: float
    turn_rad: float     # by which the square is turned clockwise in the picture

    def picture_from_crop(self, size: float) -> Array:
        """[2, 3], from points of the crop drawn as `size` x `size` px to px of the picture."""
        turned = self.side_px / size * self.axes
        return np.column_stack([turned, self.middle_px - turned @ np.full(2, size / 2)])

    def crop_from_picture(self, size: float) -> Array:
        """[2, 3], the inverse of picture_from_crop()."""
        turned = size / self.side_px * self.axes.T
        return np.column_stack([turned, size / 2 - turned @ np.array(self.middle_px)])

    @property
    def axes(self) -> Array:
        """[2, 2], from directions in the crop to directions in the picture."""
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        return np.array([[cos, -sin], [sin, cos]])


def body_crop(middle_px: Array, rim_px: Array) -> Crop:
    """The crop of a body from the middle of its circle [2] and the point of the circle above its head [2].

    These are MediaPipe's two alignment points: of the person detector, and two further landmarks of the pose network.
    """
    up = np.asarray(rim_px) - middle_px
    side_px = 2 * BODY_GROWTH * float(np.linalg.norm(up))
    return Crop((float(middle_px[0]), float(middle_px[1])), max(side_px, 1.0), float(np.arctan2(up[0], -up[1])))


def cut_out(rgb: Rgb, crop: Crop, size: int, mirrored: bool = False,
            beyond: Literal["black", "edge"] = "edge") -> npt.NDArray[np.float32]:  # fmt: skip
    """The crop as `size` x `size` px with values 0..1, [size, size, 3].

    Beyond the picture it is black, or goes on as at its edge: MediaPipe shows its landmark networks the latter, which
    moves their depths by up to 5 cm, and its person detector the former.
    """
    crop_from_picture = crop.crop_from_picture(size)
    if mirrored:
        crop_from_picture = np.array([[-1.0, 0.0, size], [0.0, 1.0, 0.0]]) @ np.vstack([crop_from_picture, [0, 0, 1]])
    border = cv2.BORDER_CONSTANT if beyond == "black" else cv2.BORDER_REPLICATE
    piece = cv2.warpAffine(rgb, crop_from_picture, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)
    return np.multiply(piece, np.float32(1 / 255), dtype=np.float32)


def applied(affine: Array, points: Array) -> Array:
    """Points [..., 2] moved by an affine map [2, 3]."""
    return points @ affine[:, :2].T + affine[:, 2]
