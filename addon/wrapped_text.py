"""Sentences in panels: Blender's labels are one line each and cut off what is too long."""

from collections.abc import Callable

import blf
import bpy

_MARGINS_PX = 92.0   # of a label in a box of a sidebar at a scale of 1: tabs, panel, box and icon


def draw_wrapped(layout: bpy.types.UILayout, context: bpy.types.Context, text: str, icon: str = "NONE") -> None:
    """Draw `text` over as many lines as the region's width asks for, `icon` before the first."""
    scale = context.preferences.system.ui_scale
    width_px = context.region.width if context.region is not None else 300.0
    blf.size(0, context.preferences.ui_styles[0].widget.points * scale)
    lines = wrapped(drawable(text), width_px - _MARGINS_PX * scale, lambda part: blf.dimensions(0, part)[0])
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(lines):
        column.label(text=line, icon=icon if number == 0 else "BLANK1" if icon != "NONE" else "NONE")


def drawable(text: str) -> str:
    """The text with a question mark for each byte of a file's name that is no text: Blender refuses to draw those."""
    return text.encode("utf-8", "replace").decode("utf-8")


def wrapped(text: str, width_px: float, measure_px: Callable[[str], float]) -> list[str]:
    """The lines of `text` no wider than `width_px`; only a word that is wider itself stands over."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure_px(longer) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]
