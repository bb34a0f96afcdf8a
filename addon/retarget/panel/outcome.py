"""What retargeting did, for the panel."""

from __future__ import annotations

import bpy

from ..retarget_character import Outcome
from .retarget_settings import MambocapRetarget


def beyond_the_scene(settings: MambocapRetarget) -> str:
    """What of the motion that was made the scene does not play, "" where it plays all."""
    scene, words = settings.id_data, []
    if max(settings.made_first, _earliest_start()) < scene.frame_start:
        words.append(f"begins at frame {settings.made_first}, the scene at {scene.frame_start}")
    if settings.made_last > scene.frame_end:
        words.append(f"goes on to frame {settings.made_last}, the scene ends at {scene.frame_end}")
    return f"The motion {' and '.join(words)}" if words else ""


def fit_scene(settings: MambocapRetarget) -> None:
    """Let the scene play all of the motion that was made."""
    scene = settings.id_data
    scene.frame_start = min(scene.frame_start, max(settings.made_first, _earliest_start()))
    scene.frame_end = max(scene.frame_end, settings.made_last)


def _earliest_start() -> int:
    return int(bpy.types.Scene.bl_rna.properties["frame_start"].hard_min)


def show_outcome(settings: MambocapRetarget, outcome: Outcome) -> str:
    """Say in the panel what was done, and how far each limb is from what was asked. Returns it in a sentence."""
    settings.limb_errors.clear()
    for title, degrees in outcome.limb_errors.items():
        error = settings.limb_errors.add()
        error.name, error.degrees, error.solved = title, degrees, outcome.turned_by_solving.get(title, 0.0)
    settings.notes = "\n".join(outcome.notes)
    settings.made_first, settings.made_last = outcome.frames
    settings.outcome = f"{settings.character.name} has the action {outcome.action.name}"
    return settings.outcome
