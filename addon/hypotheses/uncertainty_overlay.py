"""The bones of the active person in the colour of their uncertainty, drawn over them at the current frame.

Drawn, not given to the bones: their own colours are the artist's, and a colour that changes with the frame would be a
change of the file at every frame, for undo and for other add-ons to stumble over.
"""

from __future__ import annotations

import bpy
import numpy as np

from ...motion.arrays import Array
from ..clean_up_take import first_frame_of, rate_of
from .coloured_lines import Lines
from .ghost_figure import JOINT_OF_POINT, LINES, shown_figure
from .seen_person import seen_person
from .uncertainty_kept import uncertainty_of

_WIDTH_PX = 7.0
_ALPHA = 0.85
# From unsure to worst, told apart by the colour-blind, too: yellow, orange, red.
_COLOURS = np.array([[0.95, 0.9, 0.25], [0.95, 0.55, 0.1], [0.85, 0.1, 0.1]])

_handlers: list[object] = []


def colours_of(severity: Array) -> Array:
    """Colours [..., 4] of severities [...] from 0, which is not seen, to 1."""
    place = np.clip(severity, 0.0, 1.0) * (len(_COLOURS) - 1)
    tints = [np.interp(place, np.arange(len(_COLOURS)), _COLOURS[:, channel]) for channel in range(3)]
    return np.stack([*tints, _ALPHA * np.clip(4.0 * severity, 0.0, 1.0)], axis=-1)


def severity_now(person: bpy.types.Object, scene: bpy.types.Scene) -> Array:
    """[22] of a person's joints at the current frame; 0 outside of the motion and where nothing is known."""
    known = uncertainty_of(person, float(rate_of(person, scene)))
    row = round(scene.frame_current_final - first_frame_of(person))
    if known is None or not 0 <= row < len(known.spread_m):
        return np.zeros(22)
    return known.severity(known.spread_m[row])


def uncertain_lines(shown: Array, severity: Array) -> Lines:
    """The bones of a figure [27, 3] m whose joints are unsure [22]."""
    return Lines.of(shown, LINES, colours_of(severity[JOINT_OF_POINT]))


def _draw() -> None:
    context = bpy.context
    if not context.scene.mambocap_uncertainty.bones or (person := seen_person(context)) is None:
        return
    lines = uncertain_lines(shown_figure(person), severity_now(person, context.scene))
    lines.draw(person.matrix_world, _WIDTH_PX)


def register() -> None:
    if not bpy.app.background:
        _handlers.append(bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_VIEW"))


def unregister() -> None:
    while _handlers:
        bpy.types.SpaceView3D.draw_handler_remove(_handlers.pop(), "WINDOW")
