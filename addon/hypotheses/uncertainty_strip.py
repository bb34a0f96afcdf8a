"""A strip over the timeline and its sister editors: how unsure the active person is, and the frames to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import blf
import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader

from ...motion.arrays import Array
from ...motion.hypotheses.to_check import ToCheck
from ..clean_up_take import active_person, first_frame_of, rate_of
from .to_check_words import short_words
from .uncertainty_kept import Uncertainty, uncertainty_of
from .uncertainty_overlay import colours_of

COLUMN_PX = 2.0
# Times the interface's scale. The ruler is Blender's own; below it the scroll bar of a low timeline hides everything.
_RULER_PX, _STRIP_PX, _GAP_PX = 23.0, 5.0, 3.0
_ROOM_PX = 24.0   # for a name, above the scroll bar
_TEXT_POINTS = 9.0
_GROUND = (0.0, 0.0, 0.0, 0.35)
_TEXT = (1.0, 1.0, 1.0, 0.9)
_FRAMES_SHOWN_IN = {"TIMELINE", "DOPESHEET", "ACTION", "FCURVES"}   # not in those without a scene's frames

_handlers: list[tuple[type[bpy.types.Space], object]] = []


@dataclass(frozen=True)
class Ruler:
    """Which frame an editor has where."""

    left_frame: float    # at px 0
    frames_a_px: float

    def px(self, frame: float) -> float:
        return (frame - self.left_frame) / self.frames_a_px


def columns(severity: Array, first_frame: float, ruler: Ruler, width_px: float) -> tuple[Array, Array]:
    """Left edges [N] px of the columns of an editor in which a person moves, and the worst severity [N] in each.

    severity [T] of keys from `first_frame` on. What is narrower than a column is seen all the same.
    """
    edges_px = np.arange(0.0, width_px, COLUMN_PX)
    rows = ruler.left_frame + edges_px * ruler.frames_a_px - first_frame + 0.5   # a key counts half a frame each way
    starts = np.floor(rows).astype(np.int64)
    stops = np.maximum(np.floor(rows + COLUMN_PX * ruler.frames_a_px).astype(np.int64), starts + 1)
    inside = (stops > 0) & (starts < len(severity))
    starts, stops = np.clip(starts[inside], 0, len(severity) - 1), np.clip(stops[inside], 1, len(severity))
    bounds = np.column_stack([starts, stops]).ravel()
    worst = np.maximum.reduceat(np.append(severity, 0.0), bounds)[::2] if len(bounds) else np.zeros(0)
    return edges_px[inside], worst


def labels(stretches: Sequence[ToCheck], first_frame: float, ruler: Ruler, widths_px: Sequence[float],
           width_px: float) -> list[tuple[int, float]]:  # fmt: skip
    """Which stretches are named, and from which px on: the worst first, none over another one's name."""
    named: list[tuple[int, float]] = []
    for number, stretch in enumerate(stretches):
        left = ruler.px(first_frame + stretch.first)
        free = all(left + widths_px[number] < other or left > other + widths_px[place] for place, other in named)
        if free and left + widths_px[number] > 0.0 and left < width_px:
            named.append((number, left))
    return named


def _draw() -> None:
    context = bpy.context
    if not context.scene.mambocap_uncertainty.strip or not _shows_frames(context.space_data):
        return
    person = active_person(context)
    known = uncertainty_of(person, float(rate_of(person, context.scene))) if person is not None else None
    if known is None:
        return
    gpu.state.blend_set("ALPHA")
    _draw_strip(known, first_frame_of(person), context.region, context.preferences.system.ui_scale)
    gpu.state.blend_set("NONE")


def _draw_strip(known: Uncertainty, first: float, region: bpy.types.Region, scale: float) -> None:
    ruler, bottom = _ruler_of(region), region.height - _RULER_PX * scale
    top = bottom + _STRIP_PX * scale
    edges, worst = columns(known.severity(known.spread_m.max(axis=1)), first, ruler, region.width)
    if len(edges):
        _draw_boxes(edges[:1], edges[-1:] + COLUMN_PX, np.array([_GROUND]), bottom, top)
        _draw_boxes(edges, edges + COLUMN_PX, colours_of(worst), bottom, top)
    if bottom > _ROOM_PX * scale:
        _draw_names(known.to_check, first, ruler, region.width, bottom - _GAP_PX * scale, scale)


def _shows_frames(space: bpy.types.Space) -> bool:
    return getattr(space, "mode", "TIMELINE") in _FRAMES_SHOWN_IN


def _ruler_of(region: bpy.types.Region) -> Ruler:
    left, right = (region.view2d.region_to_view(x, 0.0)[0] for x in (0.0, float(region.width)))
    return Ruler(left, max(right - left, 1e-6) / max(region.width, 1))


def _draw_boxes(lefts: Array, rights: Array, colours: Array, bottom: float, top: float) -> None:
    shader = gpu.shader.from_builtin("SMOOTH_COLOR")
    corners = [np.stack([x, np.full(len(x), y), np.zeros(len(x))], axis=-1)
               for x, y in ((lefts, bottom), (rights, bottom), (rights, top), (lefts, top))]  # fmt: skip
    halves = 4 * np.arange(len(lefts))[:, None, None] + np.array([[0, 1, 2], [0, 2, 3]])
    content = {"pos": np.stack(corners, axis=1).reshape(-1, 3).astype(np.float32),
               "color": np.repeat(colours, 4, axis=0).astype(np.float32)}  # fmt: skip
    batch_for_shader(shader, "TRIS", content, indices=halves.reshape(-1, 3).astype(np.int32)).draw(shader)


def _draw_names(
    stretches: Sequence[ToCheck], first: float, ruler: Ruler, width_px: float, top: float, scale: float
) -> None:  # fmt: skip
    blf.size(0, _TEXT_POINTS * scale)
    blf.color(0, *_TEXT)
    blf.enable(0, blf.SHADOW)   # keys lie there, too
    blf.shadow(0, 5, 0.0, 0.0, 0.0, 1.0)
    names = [f"{number} {short_words(stretch)}" for number, stretch in enumerate(stretches, start=1)]
    sizes = [blf.dimensions(0, name) for name in names]
    for number, left in labels(stretches, first, ruler, [size[0] + _GAP_PX * scale for size in sizes], width_px):
        blf.position(0, max(left, _GAP_PX * scale), top - sizes[number][1], 0.0)
        blf.draw(0, names[number])
    blf.disable(0, blf.SHADOW)


def register() -> None:
    if bpy.app.background:
        return
    for space in (bpy.types.SpaceDopeSheetEditor, bpy.types.SpaceGraphEditor, bpy.types.SpaceNLA):
        _handlers.append((space, space.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL")))


def unregister() -> None:
    while _handlers:
        space, handler = _handlers.pop()
        space.draw_handler_remove(handler, "WINDOW")
