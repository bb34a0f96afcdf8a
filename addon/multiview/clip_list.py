"""The clips of several cameras in the sidebar, and what the artist knows of the cameras. It only draws."""

import bpy

from ..wrapped_text import draw_wrapped


class MAMBOCAP_UL_clips(bpy.types.UIList):
    bl_idname = "MAMBOCAP_UL_clips"

    def draw_item(self, context, layout, data, item, icon, active_data, active_propname, index=0, flt_flag=0) -> None:
        row = layout.row()
        row.label(text=f"{index + 1}  {item.title}", icon=_icon(item, index))
        if item.fps > 0.0:
            rate = row.row()
            rate.alignment = "RIGHT"
            rate.label(text=f"{item.fps:.4g} fps")


def _icon(clip: bpy.types.PropertyGroup, index: int) -> str:
    if not clip.is_there:
        return "ERROR"
    return "TIME" if index == 0 else "FILE_MOVIE"


def draw_clips(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: bpy.types.PropertyGroup
) -> None:
    """The list with its buttons, the chosen clip's facts, and what is known of the cameras."""
    row = layout.row()
    row.template_list("MAMBOCAP_UL_clips", "", settings, "clips", settings, "active_clip", rows=4)
    _draw_buttons(row.column(align=True))
    layout.operator("mambocap.add_camera", text="Add Camera...", icon="ADD")
    if 0 <= settings.active_clip < len(settings.clips):
        _draw_clip(layout, context, settings.clips[settings.active_clip])
    draw_wrapped(layout, context, f"{settings.clips[0].title} gives the take its clock, rate, In and Out.", icon="TIME")
    if settings.fps > 0.0:
        draw_part(layout, settings)
    _draw_known(layout, context, settings)


def _draw_buttons(column: bpy.types.UILayout) -> None:
    column.operator("mambocap.add_camera", text="", icon="ADD")
    column.operator("mambocap.remove_clip", text="", icon="REMOVE")
    column.separator()
    column.operator("mambocap.move_clip", text="", icon="TRIA_UP").to = "UP"
    column.operator("mambocap.move_clip", text="", icon="TRIA_DOWN").to = "DOWN"


def _draw_clip(layout: bpy.types.UILayout, context: bpy.types.Context, clip: bpy.types.PropertyGroup) -> None:
    layout.prop(clip, "path", text="")
    if not clip.is_there:
        draw_wrapped(layout, context, f"There is no file {clip.file or 'chosen'}.", icon="ERROR")
    elif clip.facts:
        layout.label(text=clip.facts, icon="FILE_MOVIE")


def draw_part(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
    row = layout.row(align=True)
    row.prop(settings, "first_frame")
    row.prop(settings, "last_frame")


def _draw_known(layout: bpy.types.UILayout, context: bpy.types.Context, settings: bpy.types.PropertyGroup) -> None:
    known = settings.multiview
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    draw_height(column, settings)
    if not settings.set_height and not known.calibration_file:
        draw_wrapped(column, context, "The first person's height fixes the scale: give it if you know it.",
                     icon="INFO")  # fmt: skip
    column.prop(known, "synchronised")
    column.prop(known, "sound")
    column.prop(known, "calibration_file")
    column.operator("mambocap.use_scene_cameras", text="Use Scene Cameras...", icon="VIEW_CAMERA")


def draw_height(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
    row = layout.row(heading="Body Height")
    row.prop(settings, "set_height", text="")
    number = row.row()
    number.active = settings.set_height
    number.prop(settings, "height_m", text="")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_UL_clips)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_UL_clips)
