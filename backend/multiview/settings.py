"""What the user knows of several cameras, and how their views are brought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class MultiviewSettings:
    """Of a take of several clips; nothing is known by default."""

    calibration_file: str = ""   # cameras calibrated elsewhere: OpenCV or Anipose TOML, COLMAP, Blender cameras
    synchronised: bool = False   # all clips began at the same moment
    sound: bool = True           # let sound, where all clips have it, help to find when each began
    fusion: Literal["best", "network", "triangulation"] = "best"   # what makes one body of all views
