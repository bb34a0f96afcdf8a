"""The lift by network, brought nearer to the landmarks in the picture."""

from __future__ import annotations

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.lift.network.lift_network import lift_network
from backend.lift.network.lifter import Lifter
from backend.lift.refine.refine import refine
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.trust import trust_in
from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import Body


def lift_by_network(
    track: Track, body: Body, K: Array, lifter: Lifter, refinement: RefineSettings | None = None, device: str = "cpu",
    *, bones_known: bool = False, camera: CameraPath | None = None,
) -> Lift:  # fmt: skip
    """Pose and place of one tracked person in the camera's frame. The track must be seen on at least one frame.

    The body keeps its height, and its bones if they are known; else it gets those that the network tells.
    """
    lift = lift_network(track, body, K, lifter, device, bones_known=bones_known, camera=camera)
    return refine(lift, trust_in(lift), refinement or RefineSettings())
