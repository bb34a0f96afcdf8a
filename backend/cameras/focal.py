"""The focal length: from the user, from the file, else a stated guess."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.video.clip import Clip
from backend.video.focal_metadata import FULL_FRAME_LONG_SIDE_MM
from motion.arrays import Array
from motion.refusal import Refusal

# Main cameras of phones have a 26 mm equivalent on a 4:3 sensor (0.75 of its long side); video crops 10 to 15 % of
# it for stabilisation. Webcams of 70 to 78 degrees across the diagonal lie between 0.71 and 0.82.
GUESS_OVER_LONG_SIDE = 0.85


@dataclass(frozen=True)
class CameraSettings:
    """What the user knows of the camera; nothing by default. Raises Refusal for a lens that there is not."""

    focal_mm: float | None = None   # focal length in mm (35 mm equivalent)
    fov_deg: float | None = None    # or the field of view in degrees, along the long side of the picture
    motion: Literal["auto", "static", "turning", "travelling"] = "auto"   # how the camera moved; auto: see the footage
    path_file: str = ""             # the camera's path, solved elsewhere, as a JSON file

    def __post_init__(self) -> None:
        if self.focal_mm is not None and not 4.0 <= self.focal_mm <= 2000.0:
            raise Refusal("bad-focal", f"A focal length of {self.focal_mm:g} mm is not that of a camera.",
                          "Give the 35 mm equivalent, 24 to 30 for the main camera of a phone.")  # fmt: skip
        if self.fov_deg is not None and not 1.0 <= self.fov_deg <= 170.0:
            raise Refusal("bad-fov", f"A field of view of {self.fov_deg:g} degrees is not that of a plain camera.",
                          "Give the angle along the long side of the picture, 55 to 75 for most phones.")  # fmt: skip
        if self.focal_mm is not None and self.fov_deg is not None:
            raise Refusal("two-lenses", "Both a focal length and a field of view are given.", "Give one of the two.")


def focal_px(clip: Clip, settings: CameraSettings) -> tuple[float, str]:
    """Focal length in pixels of the upright picture, and where it is from: "user", "file" or "guess"."""
    long_side = max(clip.width_px, clip.height_px)
    if settings.focal_mm is not None:
        return settings.focal_mm / FULL_FRAME_LONG_SIDE_MM * long_side, "user"
    if settings.fov_deg is not None:
        return 0.5 * long_side / math.tan(math.radians(settings.fov_deg) / 2.0), "user"
    if clip.focal_px is not None:
        return clip.focal_px, "file"
    return GUESS_OVER_LONG_SIDE * long_side, "guess"


def equivalent_mm(focal_px: float, clip: Clip) -> float:
    """The 35 mm equivalent of a focal length in pixels of the clip."""
    return focal_px / max(clip.width_px, clip.height_px) * FULL_FRAME_LONG_SIDE_MM


def guess_in_words(clip: Clip, settings: CameraSettings) -> str:
    """One sentence for the user when the focal length is guessed, else empty."""
    focal, source = focal_px(clip, settings)
    if source != "guess":
        return ""
    long_side = max(clip.width_px, clip.height_px)
    mm = equivalent_mm(focal, clip)
    fov_deg = math.degrees(2.0 * math.atan(0.5 * long_side / focal))
    return (f"{clip.path.name} does not say its lens, so a usual one is taken ({mm:.0f} mm, {fov_deg:.0f} degrees); "
            "give the focal length or the field of view if you know it.")  # fmt: skip


def intrinsics(clip: Clip, settings: CameraSettings) -> Array:
    """K [3, 3] of the upright picture, the principal point in its middle."""
    focal, _ = focal_px(clip, settings)
    return np.array([[focal, 0.0, clip.width_px / 2.0], [0.0, focal, clip.height_px / 2.0], [0.0, 0.0, 1.0]])
