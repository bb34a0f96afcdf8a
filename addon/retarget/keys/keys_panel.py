"""The keys of the active character in the sidebar: fewer of them, and corrections over them. It only draws."""

import bpy

from ...active_character import active_character
from ...curves import actions_of
from ...panel import InSidebar
from ...wrapped_text import draw_wrapped
from .correction_layer import has_correction_layer
from .reduce import full_keys_of, outcome_of


class MAMBOCAP_PT_keys(InSidebar, bpy.types.Panel):
    bl_label = "Keys"
    bl_parent_id = "MAMBOCAP_PT_retarget"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        character = active_character(context)
        return character is not None and bool(actions_of(character))

    def draw(self, context: bpy.types.Context) -> None:
        layout, character = self.layout, active_character(context)
        layout.label(text=character.name, icon="ARMATURE_DATA")
        _draw_reduce(layout, context, character)
        if has_correction_layer(character):
            draw_wrapped(layout, context, f"What you key goes to {character.animation_data.action.name}.", icon="INFO")
            layout.operator("mambocap.remove_correction_layer", icon="X")
        else:
            layout.operator("mambocap.add_correction_layer", icon="NLA")


def _draw_reduce(layout: bpy.types.UILayout, context: bpy.types.Context, character: bpy.types.Object) -> None:
    column = layout.column(align=True)
    column.prop(context.scene, "mambocap_tolerance_mm")
    column.operator("mambocap.reduce_keys", icon="KEYFRAME_HLT").tolerance_mm = context.scene.mambocap_tolerance_mm
    if outcome := outcome_of(character):
        draw_wrapped(layout, context, outcome, icon="CHECKMARK")
    if full_keys_of(character) is not None:
        layout.operator("mambocap.full_keys", icon="LOOP_BACK")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_keys)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_keys)
