"""Sentences in panels: Blender's labels are one line each and cut off what is too long."""

import textwrap

import blf
import bpy

_MARGINS_PX = 50.0   # the panel's own, the box's and the icon's, at a scale of 1


def draw_wrapped(layout: bpy.types.UILayout, context: bpy.types.Context, text: str, icon: str = "NONE") -> None:
    """Draw `text` over as many lines as the region's width asks for, `icon` before the first."""
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(_lines(context, text)):
        column.label(text=line, icon=icon if number == 0 else "BLANK1" if icon != "NONE" else "NONE")


def _lines(context: bpy.types.Context, text: str) -> list[str]:
    scale = context.preferences.system.ui_scale
    width_px = context.region.width if context.region is not None else 300.0
    blf.size(0, 11.0 * scale)
    letter_px = max(1.0, blf.dimensions(0, "The quick brown fox")[0] / len("The quick brown fox"))
    letters = int((width_px - _MARGINS_PX * scale) / letter_px)
    return textwrap.wrap(text, max(16, letters)) or [""]
