"""From a track to a body in front of the camera, by the lifter that the settings name.

A lifter is a module of backend/lift/lifters with TITLE and NOTE (motion/choices.py), `lift(WantedLift) -> Lift`, and
where there is something to say `check()`, which raises Refusal when it cannot work, and `version()`.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from backend.body.actor import StartingBody
from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.lift.wanted import LiftSettings, WantedLift
from backend.track.tracks import Track
from motion.arrays import Array


def lift_track(
    track: Track, start: StartingBody, K: Array, settings: LiftSettings, device: str, camera: CameraPath | None = None
) -> Lift:
    """Pose and place of one tracked person in the camera's frame. The track must be seen on at least one frame.

    `camera` None: it stands. Raises Refusal where the lifter's own check() does.
    """
    return _lifter(settings).lift(WantedLift(track, start, K, settings, device, camera))


def check_lifter(settings: LiftSettings) -> None:
    """Raises Refusal when the lifter cannot work, as one whose weights are missing or damaged."""
    if check := getattr(_lifter(settings), "check", None):
        check()


def lifter_version(settings: LiftSettings) -> str:
    """What a motion's file says of the lifter: its name, and of a network which weights."""
    version = getattr(_lifter(settings), "version", None)
    return version() if version else settings.lifter


def _lifter(settings: LiftSettings) -> ModuleType:
    # Not above: who only reads settings, or lifts without a network, shall not wait for torch.
    return importlib.import_module(f"backend.lift.lifters.{settings.lifter}")
