"""The other poses of the active person as thin tinted figures over the one that is shown, where they differ from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import bpy
import numpy as np

from ...motion.arrays import Array
from ..clean_up_take import first_frame_of
from ..curves import curves_of
from ..kept_quality import COLOUR_ICONS
from .coloured_lines import Lines
from .ghost_figure import LINES, posed_by, posed_figures, shown_figure
from .kept_hypotheses import hypotheses_of
from .seen_person import seen_person

_AGREES_M, _DIFFERS_M = 0.03, 0.08   # clean-up alone moves a limb by less than the one
_ALPHA = 0.9
_WIDTH_PX = 3.5
_TINTS = (5, 4, 7, 6, 8)             # of a theme's colours, from 1: blue, green, pink, purple, brown
_MAIN_COLOUR = (0.95, 0.95, 0.95)

Colour = tuple[float, float, float]
_handlers: list[object] = []


@dataclass(frozen=True, eq=False)
class Ghost:
    points: Array   # [27, 3] m in the armature's own space
    colour: Colour


def tint_of(number: int) -> Colour:
    """The colour of a hypothesis."""
    return tuple(bpy.context.preferences.themes[0].strip_color[_TINTS[number % len(_TINTS)] - 1].color)


def icon_of(number: int) -> str:
    """The icon in the colour of a hypothesis."""
    return f"{COLOUR_ICONS}{_TINTS[number % len(_TINTS)]:02}"


def ghosts_of(person: bpy.types.Object, frame: float) -> list[Ghost]:
    """All poses of a person at a scene frame but the one that is shown; the main one is white."""
    poses = list(_poses(person, frame))
    if not poses:
        return []
    colours, wxyz, locations = zip(*poses, strict=True)
    figures = posed_figures(person.data, np.array(wxyz), np.array(locations))
    return [Ghost(points, colour) for points, colour in zip(figures, colours, strict=True)]


def ghost_lines(ghosts: list[Ghost], shown: Array) -> Lines:
    """Each ghost where it differs from the figure that is shown [27, 3] m and from the ghosts before it.

    Towards where they agree it fades out, so that a limb of which all say the same is drawn once.
    """
    figures = [shown, *(ghost.points for ghost in ghosts)]
    return Lines.all_of([Lines.of(ghost.points, LINES, _faded(ghost, np.array(figures[:place])))
                         for place, ghost in enumerate(ghosts, start=1)])  # fmt: skip


def _poses(person: bpy.types.Object, frame: float) -> Iterator[tuple[Colour, Array, Array]]:
    others = hypotheses_of(person)
    if any(kept.is_shown for kept in others):
        yield _MAIN_COLOUR, *posed_by(curves_of(person), frame)
    first = first_frame_of(person)
    for kept in others:
        if not kept.is_shown:
            # Where its strip lies is looked up only when a pose is shown: the person's keys say when it begins.
            yield tint_of(kept.number), *posed_by(kept.curves(), kept.strip.action_frame_start + frame - first)


def _faded(ghost: Ghost, others: Array) -> Array:
    """Colours [27, 4] of a ghost beside the other figures [G, 27, 3] m."""
    off_m = np.linalg.norm(ghost.points - others, axis=-1).min(axis=0)
    share = np.clip((off_m - _AGREES_M) / (_DIFFERS_M - _AGREES_M), 0.0, 1.0)
    return np.column_stack([np.tile(ghost.colour, (len(off_m), 1)), _ALPHA * share * share * (3.0 - 2.0 * share)])


def _draw() -> None:
    context = bpy.context
    if not context.scene.mambocap_uncertainty.ghosts or (person := seen_person(context)) is None:
        return
    ghosts = ghosts_of(person, context.scene.frame_current_final)
    ghost_lines(ghosts, shown_figure(person)).draw(person.matrix_world, _WIDTH_PX)


def register() -> None:
    if not bpy.app.background:
        _handlers.append(bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_VIEW"))


def unregister() -> None:
    while _handlers:
        bpy.types.SpaceView3D.draw_handler_remove(_handlers.pop(), "WINDOW")
