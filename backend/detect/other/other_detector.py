"""Detectors that say themselves who is in a picture: files of keypoints, and modules of this folder.

A module is one when it declares TITLE and NOTE (motion/choices.py) and has the functions of `DetectorModule`. Its name
is then a choice of `--detector` and of the panel in Blender.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from backend.detect.other.other_pose import OtherPose
from backend.video.clip import Clip
from backend.video.pictures import Picture


class OtherDetector(Protocol):
    """Sees each picture of one clip once, the first one first."""

    def people_in(self, picture: Picture) -> list[OtherPose]:
        """Everybody in a picture. Our network sees them too, for depth and for landmarks that are not given.

        Who has no landmark at all is nobody.
        """
        ...


class DetectorModule(Protocol):
    """What a detector's module has."""

    def open_detector(self, clip: Clip, device: str) -> OtherDetector:
        """Ready to look at a clip, on a device of torch. Raises Refusal for what the user can mend."""
        ...

    def reads(self, clip: Clip) -> Sequence[Path]:
        """The files besides the footage that decide what it finds. Kept findings hold while their bytes do."""
        ...


def detector_module(name: str) -> DetectorModule:
    return cast(DetectorModule, importlib.import_module(f"backend.detect.other.{name}"))
