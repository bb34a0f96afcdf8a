"""Export in the sidebar, the last step. It only draws."""

import bpy

from ..panel import InSidebar
from ..scene_clock import clock_of
from ..wrapped_text import draw_wrapped
from .batch import everybody_in
from .export_buttons import draw_choices
from .outcome import shown_outcome
from .whom import whom

_COUNTED = {"TAKES": ("person", "people"), "RETARGETED": ("character", "characters")}


class MAMBOCAP_PT_export(InSidebar, bpy.types.Panel):
    bl_label = "Export"
    bl_order = 9   # below everything
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return whom(context) is not None or any(everybody_in(context.scene, what) for what in _COUNTED)

    def draw(self, context: bpy.types.Context) -> None:
        layout, panel = self.layout, context.scene.mambocap_export
        layout.row().prop(panel, "what", expand=True)
        is_batch = panel.what != "CHARACTER"
        layout.label(text=_whom(context), icon="ARMATURE_DATA")
        choices = layout.column()
        draw_choices(choices, panel)
        choices.prop(panel, "folder")
        choices.prop(panel, "existing" if is_batch else "name")
        button = layout.column()
        button.scale_y = 1.5
        button.operator("mambocap.export_motion", text="Export All" if is_batch else "Export", icon="EXPORT")
        if outcome := shown_outcome(context):
            draw_wrapped(layout, context, outcome)


def _whom(context: bpy.types.Context) -> str:
    rate = f"{float(clock_of(context.scene).rate):.5g} fps"
    what = context.scene.mambocap_export.what
    if what != "CHARACTER":
        count, (one, several) = len(everybody_in(context.scene, what)), _COUNTED[what]
        return f"{count} {one if count == 1 else several}, {rate}"
    meant = whom(context)
    return f"{meant.in_words}, {rate}" if meant is not None else "Select a person or an armature"


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_export)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_export)
