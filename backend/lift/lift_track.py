"""From a track to a body in front of the camera, by the lifter that the settings name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from backend.body.actor import StartingBody
from backend.cameras.camera_path import CameraPath
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from backend.lift.lift import Lift
from backend.lift.refine.settings import RefineSettings
from backend.track.tracks import Track
from motion.arrays import Array


@dataclass(frozen=True)
class LiftSettings:
    """How landmarks become rotations."""

    lifter: Literal["network", "direct"] = "network"   # direct is closed form: quicker to start, less true
    direct: DirectSettings = field(default_factory=DirectSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)   # of what the network tells


def lift_track(
    track: Track, start: StartingBody, K: Array, settings: LiftSettings, device: str, camera: CameraPath | None = None
) -> Lift:
    """Pose and place of one tracked person in the camera's frame. The track must be seen on at least one frame.

    `camera` None: it stands. The network tells the proportions of bodies whose bones are not known. Raises Refusal when
    its weights are missing or damaged.
    """
    if settings.lifter == "direct":
        return lift_direct(track, start.body, K, settings.direct)
    # Not above: the direct lift, and whoever only reads settings, shall not wait for torch.
    from backend.lift.lift_by_network import lift_by_network
    from backend.lift.network.lift_network import shipped_lifter

    lifter = shipped_lifter(device=device)
    return lift_by_network(track, start.body, K, lifter, settings.refine, device, bones_known=start.bones_known,
                           camera=camera)  # fmt: skip


def check_lifter(settings: LiftSettings) -> None:
    """Raises Refusal when the network's weights are missing or damaged."""
    if settings.lifter == "network":
        from backend.lift.network.lift_network import shipped_lifter

        shipped_lifter()


def lifter_version(settings: LiftSettings) -> str:
    """What a motion's file says of the lifter: its kind, and of a network which weights."""
    if settings.lifter == "direct":
        return "direct"
    from backend.lift.network.weights import weights_name

    return f"network {weights_name()}"
