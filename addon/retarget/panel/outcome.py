"""What retargeting did, for the panel."""

from __future__ import annotations

from ..retarget_character import Outcome
from .retarget_settings import MambocapRetarget


def show_outcome(settings: MambocapRetarget, outcome: Outcome) -> str:
    """Say in the panel what was done, and how far each limb is from what was asked. Returns it in a sentence."""
    settings.limb_errors.clear()
    for title, degrees in outcome.limb_errors.items():
        error = settings.limb_errors.add()
        error.name, error.degrees, error.solved = title, degrees, outcome.turned_by_solving.get(title, 0.0)
    settings.notes = "\n".join(outcome.notes)
    settings.outcome = f"{settings.character.name} has the action {outcome.action.name}"
    return settings.outcome
