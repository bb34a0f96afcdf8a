"""The focal length: from the user, from the file, else a stated guess."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from backend.video.clip import Clip
from motion.arrays import Array
from motion.refusal import Refusal

# Main cameras of phones have a 26 mm equivalent on a 4:3 sensor (0.75 of its long side); video crops 10 to 15 % of
# it for stabilisation. Webcams of 70 to 78 degrees across the diagonal lie between 0.71 and 0.82.
GUESS_OVER_LONG_SIDE = 0.85
FULL_FRAME_LONG_SIDE_MM = 36.0


@dataclass(frozen=True)
class CameraSettings:
    """What the user knows of the camera; nothing by default."""

    focal_mm: float | None = None   # 35 mm equivalent, over the long side of the picture
    fov_deg: float | None = None    # field of view along the long side of the picture


def focal_px(clip: Clip, settings: CameraSettings) -> tuple[float, str]:
    """Focal length in pixels of the upright picture, and where it is from: "user", "file" or "guess"."""
    long_side = max(clip.width_px, clip.height_px)
    if settings.focal_mm is not None:
        if not 4.0 <= settings.focal_mm <= 2000.0:
            raise Refusal("bad-focal", f"A focal length of {settings.focal_mm:g} mm is not that of a camera.",
                          "Give the 35 mm equivalent, 24 to 30 for the main camera of a phone.")  # fmt: skip
        return settings.focal_mm / FULL_FRAME_LONG_SIDE_MM * long_side, "user"
    if settings.fov_deg is not None:
        if not 1.0 <= settings.fov_deg <= 170.0:
            raise Refusal("bad-fov", f"A field of view of {settings.fov_deg:g} degrees is not that of a plain camera.",
                          "Give the angle along the long side of the picture, 55 to 75 for most phones.")  # fmt: skip
        return 0.5 * long_side / math.tan(math.radians(settings.fov_deg) / 2.0), "user"
    if clip.focal_px is not None:
        return clip.focal_px, "file"
    return GUESS_OVER_LONG_SIDE * long_side, "guess"


def intrinsics(clip: Clip, settings: CameraSettings) -> Array:
    """K [3, 3] of the upright picture, the principal point in its middle."""
    focal, _ = focal_px(clip, settings)
    return np.array([[focal, 0.0, clip.width_px / 2.0], [0.0, focal, clip.height_px / 2.0], [0.0, 0.0, 1.0]])
