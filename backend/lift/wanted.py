"""What a lifter is asked for, and what may be chosen about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.body.actor import StartingBody
from backend.cameras.camera_path import CameraPath
from backend.lift.direct.lift_direct import DirectSettings
from backend.lift.refine.settings import RefineSettings
from backend.track.tracks import Track
from motion.arrays import Array


@dataclass(frozen=True)
class LiftSettings:
    """How landmarks become rotations."""

    lifter: str = "network"   # direct is closed form: quicker to start, less true
    direct: DirectSettings = field(default_factory=DirectSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)   # of what the network tells


@dataclass(frozen=True, eq=False)
class WantedLift:
    """One tracked person, seen on at least one frame."""

    track: Track                    # landmarks in px of the upright picture and in m, camera's axes; NaN where unseen
    start: StartingBody             # skeleton, height, and whether its bones are known
    K: Array                        # [3, 3] px
    settings: LiftSettings
    device: str                     # of torch
    camera: CameraPath | None       # how the camera turned; None: it stands
