"""The lift by the network that ships, refined against the picture."""

from __future__ import annotations

from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lift_network import shipped_lifter
from backend.lift.network.weights import weights_name
from backend.lift.wanted import WantedLift

TITLE = "Network"
NOTE = "The trained network: the truest poses, and how sure it is of them"


def lift(wanted: WantedLift) -> Lift:
    """Tells the proportions of bodies whose bones are not known. Raises Refusal as check() does."""
    lifter = shipped_lifter(device=wanted.device)
    return lift_by_network(wanted.track, wanted.start.body, wanted.K, lifter, wanted.settings.refine, wanted.device,
                           bones_known=wanted.start.bones_known, camera=wanted.camera)  # fmt: skip


def check() -> None:
    """Raises Refusal when the weights are missing or damaged."""
    shipped_lifter(device="cpu")    # as a capture on a processor asks for it: it is read once then


def version() -> str:
    return f"network {weights_name()}"
