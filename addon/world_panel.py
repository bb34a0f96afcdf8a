"""What the artist said of the world of the active take, in the sidebar. It only draws."""

import bpy

from . import capture
from .panel import InSidebar
from .say_world import frame_of_footage, looks_through_camera
from .takes import active_take
from .world_hints import TIMES, is_said, lines_of
from .wrapped_text import draw_wrapped

_WORDS = {"upright_at_s": "Upright", "floor_at_s": "On the floor"}
_ICONS = {"upright_at_s": "ARMATURE_DATA", "floor_at_s": "MESH_GRID"}


class MAMBOCAP_PT_world(InSidebar, bpy.types.Panel):
    bl_label = "World"
    bl_parent_id = "MAMBOCAP_PT_takes"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_take(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout, hints = self.layout, context.scene.mambocap.hints
        draw_wrapped(layout, context, "Where the take leans or floats, say what you know:")
        column = layout.column(align=True)
        column.operator("mambocap.upright_here", icon=_ICONS["upright_at_s"])
        column.operator("mambocap.floor_here", icon=_ICONS["floor_at_s"])
        column.operator("mambocap.draw_vertical", icon="GREASEPENCIL")
        if bpy.ops.mambocap.upright_here.poll() and not looks_through_camera(context):
            draw_wrapped(layout, context, "To draw a line, look through the camera first (Numpad 0).", icon="INFO")
        if is_said(hints):
            _draw_said(layout.box().column(align=True), context)
            layout.operator("mambocap.solve_again", icon="FILE_REFRESH")
            if capture.session is not None:
                draw_wrapped(layout, context, "Capturing, see Capture above.", icon="INFO")


def _draw_said(column: bpy.types.UILayout, context: bpy.types.Context) -> None:
    hints = context.scene.mambocap.hints
    for name in TIMES:
        if hints.is_property_set(name):
            _draw_hint(column, context, _WORDS[name], _ICONS[name], getattr(hints, name), name, 0)
    for index, line in enumerate(lines_of(hints.vertical)):
        _draw_hint(column, context, f"Edge {index + 1}", "GREASEPENCIL", line[4], "vertical", index)


def _draw_hint(
    column: bpy.types.UILayout, context: bpy.types.Context, words: str, icon: str, time_s: float, hint: str, index: int
) -> None:
    frame = frame_of_footage(context, time_s)
    row = column.row(align=True)
    row.operator("mambocap.go_to_frame", text=f"{words} at {frame} ({time_s:.2f} s)", icon=icon).frame = frame
    clear = row.operator("mambocap.clear_hint", text="", icon="X")
    clear.hint, clear.index = hint, index


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_world)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_world)
