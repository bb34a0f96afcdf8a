"""Repairs of the active person in the sidebar, below its clean-up. It only draws."""

import bpy

from ..motion.refusal import Refusal
from .clean_up_settings import MambocapCleanUp
from .clean_up_take import active_person
from .kept_corrections import handles_of, stored_in, title_of
from .panel import InSidebar
from .person_clock import frame_at
from .wrapped_text import draw_wrapped


class MAMBOCAP_PT_mend(InSidebar, bpy.types.Panel):
    bl_label = "Mend"
    bl_parent_id = "MAMBOCAP_PT_clean_up"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_person(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout, person = self.layout, active_person(context)
        draw_wrapped(layout, context, "Pose the armature where the capture is wrong, then:")
        row = layout.row()
        row.scale_y = 1.3
        row.operator("mambocap.correct_frame", icon="POSE_HLT")
        column = layout.column(align=True)
        column.operator_menu_enum("mambocap.drag_landmark", "landmark", icon="VIEW_CAMERA")
        _draw_frames(layout, context, person.mambocap_clean_up)
        column = layout.column(align=True)
        column.operator_menu_enum("mambocap.exchange_sides", "part", icon="ARROW_LEFTRIGHT")
        column.operator_menu_enum("mambocap.ignore_limb", "limb", icon="HIDE_ON")
        column.operator_menu_enum("mambocap.pin_end", "end", icon="PINNED")
        _draw_list(layout, context, person)


def _draw_frames(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapCleanUp) -> None:
    scene = context.scene
    if scene.use_preview_range:
        layout.label(text=f"In the preview range, {scene.frame_preview_start} to {scene.frame_preview_end}:")
        return
    row = layout.row(align=True)
    for end in ("first_frame", "last_frame"):
        row.prop(settings, end)
        row.operator("mambocap.contact_frame", text="", icon="EYEDROPPER").end = end


def _draw_list(layout: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object) -> None:
    try:
        edits = stored_in(person)
    except Refusal as refusal:
        draw_wrapped(layout, context, refusal.sentence, icon="ERROR")
        layout.operator("mambocap.forget_corrections", icon="X")
        return
    handles = handles_of(person)
    if not edits and not handles:
        return
    box = layout.box().column(align=True)
    for index, edit in enumerate(edits):
        row = box.row()
        row.label(text=title_of(edit, lambda time_s: frame_at(person, context.scene, time_s)))
        row.operator("mambocap.remove_correction", text="", icon="X", emboss=False).index = index
    for handle in handles:
        row = box.row()
        row.label(text=handle.name.removeprefix(f"{person.name} "), icon="EMPTY_AXIS")
        row.operator("mambocap.remove_correction", text="", icon="X", emboss=False).handle = handle.name
    row = layout.row(align=True)
    row.operator("mambocap.mend_again", icon="FILE_REFRESH")
    row.operator("mambocap.forget_corrections", text="", icon="TRASH")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_mend)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_mend)
