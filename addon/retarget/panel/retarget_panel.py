"""Retargeting in the sidebar: whose motion, which character, what came of it. It only draws."""

import bpy

from ...panel import InSidebar
from ...wrapped_text import draw_wrapped
from . import long_retarget, preview
from .found_mapping import found_words, has_ik_controls, wants_a_look
from .mapping_buttons import active_row
from .mapping_list import problem_of, questions_in, rows_to_check
from .outcome import beyond_the_scene
from .reference_pose import reference_frame
from .retarget_buttons import why_not
from .retarget_settings import MambocapRetarget, mapping_of
from .source_limits import keyed_limits, wanted_person
from .wanted_source import frame_limits

LARGE_ERROR_DEG = 2.0   # more than solving feet and rounding leave, less than any wrong bone
_MOST_LARGE = 5           # limbs named below the button


class MAMBOCAP_PT_retarget(InSidebar, bpy.types.Panel):
    bl_label = "Retarget"
    bl_order = 2   # below Clean Up

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.mambocap_retarget
        column = layout.column()
        _split(column)
        _draw_source(column, context, settings)
        column.separator()
        column.prop(settings, "character", icon="ARMATURE_DATA")
        is_there = has_character(context)
        if is_there and settings.problem:
            draw_wrapped(layout, context, settings.problem, icon="ERROR")
        elif is_there:
            _draw_found(layout, context, settings)
        _draw_buttons(layout, context, settings)
        if is_there and settings.outcome:
            _draw_outcome(layout, context, settings)


def has_character(context: bpy.types.Context) -> bool:
    """Whether one is chosen and still in the scene: Blender empties no field when its object is deleted."""
    character = context.scene.mambocap_retarget.character
    return character is not None and context.scene in character.users_scene


def _split(layout: bpy.types.UILayout) -> None:
    layout.use_property_split = True
    layout.use_property_decorate = False


def _draw_source(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapRetarget) -> None:
    layout.prop(settings, "source")
    if settings.source == "FILE":
        layout.prop(settings, "file", text=" ")
        if settings.file.lower().endswith(".npz"):
            layout.prop(settings, "up_axis")
    elif settings.source == "ARMATURE":
        layout.prop(settings, "armature", text=" ")
    else:
        layout.prop(settings, "person", text=" ")
        person = wanted_person(context)
        if settings.person is None and person is not None:
            row = layout.split(factor=0.4)
            row.label(text="")
            row.label(text=person.name, icon="RESTRICT_SELECT_OFF")


def _draw_found(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapRetarget) -> None:
    mapping = mapping_of(settings)
    words, count = found_words(mapping), len(rows_to_check(settings.bones, settings.character.data))
    if count:
        rows = "1 row" if count == 1 else f"{count} rows"
        draw_wrapped(layout, context, f"{rows} to check under Bones", icon="QUESTION")
    elif wants_a_look(mapping):
        draw_wrapped(layout, context, f"{words}: check the rows under Bones", icon="QUESTION")
    else:
        draw_wrapped(layout, context, words, icon="CHECKMARK")
    for question in dict.fromkeys(questions_in(settings.bones, settings.character.data).values()):
        draw_wrapped(layout, context, question, icon="QUESTION")


def _draw_buttons(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapRetarget) -> None:
    if long_retarget.session is not None:
        _draw_on_its_way(layout, long_retarget.session)
        return
    column = layout.column()
    big = column.row()
    big.scale_y = 1.5
    big.operator("mambocap.retarget", icon="ARMATURE_DATA")
    column.operator("mambocap.preview_retarget", icon="HIDE_OFF", depress=preview.is_on(context.scene))
    if settings.character is not None and not settings.problem and (why := why_not(context)):
        draw_wrapped(layout, context, why, icon="INFO")
    if long_retarget.notice:
        draw_wrapped(layout, context, long_retarget.notice, icon="ERROR")


def _draw_on_its_way(layout: bpy.types.UILayout, session: long_retarget.Session) -> None:
    layout.progress(factor=session.done, text=session.words)
    layout.operator("mambocap.cancel_retarget", text="Cancel", icon="X")


def _draw_outcome(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapRetarget) -> None:
    draw_wrapped(layout, context, settings.outcome, icon="CHECKMARK")
    for note in settings.notes.splitlines():
        draw_wrapped(layout, context, note, icon="INFO")
    if beyond := beyond_the_scene(settings):
        draw_wrapped(layout, context, beyond, icon="INFO")
        layout.operator("mambocap.fit_scene_range", icon="TIME")
    errors = sorted(settings.limb_errors, key=lambda error: -error.degrees)
    large = [error for error in errors if error.degrees > LARGE_ERROR_DEG]
    if errors and not large:
        layout.label(text=f"All limbs within {errors[0].degrees:.1f}° of what was asked", icon="BLANK1")
    if large:
        column = layout.column(align=True)
        column.alert = True
        for error in large[:_MOST_LARGE]:
            words = f"{error.name}: {error.degrees:.0f}° off"
            column.operator("mambocap.show_limb", text=words, icon="ERROR").limb = error.name
        draw_wrapped(layout, context, "Off what was asked: usually a wrong bone in that row under Bones, a lock or a "
                     "constraint. Click an error to choose its row.", icon="INFO")  # fmt: skip


class _OfRetarget(InSidebar):
    bl_parent_id = "MAMBOCAP_PT_retarget"
    bl_options = {"DEFAULT_CLOSED"}


class MAMBOCAP_PT_retarget_limbs(_OfRetarget, bpy.types.Panel):
    bl_label = "Error per Limb"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return has_character(context) and bool(context.scene.mambocap_retarget.limb_errors)

    def draw(self, context: bpy.types.Context) -> None:
        column = self.layout.column(align=True)
        column.scale_y = 0.8
        _draw_limb(column, "", "Missed", "Reaching")
        for error in context.scene.mambocap_retarget.limb_errors:
            row = column.row(align=True)
            row.alert = error.degrees > LARGE_ERROR_DEG
            _draw_limb(row, error.name, f"{error.degrees:.1f}°", f"{error.solved:.1f}°")
        draw_wrapped(self.layout, context, "Missed: between what was asked and what the rig does. Reaching: "
                     "by how much feet and hands that reach turned the limb.", icon="INFO")  # fmt: skip


def _draw_limb(layout: bpy.types.UILayout, *words: str) -> None:
    title, *numbers = words
    split = layout.split(factor=0.42, align=True)   # "Reaching" fits a sidebar of 300 pixels
    split.label(text=title)
    for number in numbers:
        split.label(text=number)


class MAMBOCAP_PT_retarget_frames(_OfRetarget, bpy.types.Panel):
    bl_label = "Frames"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return has_character(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.mambocap_retarget
        _split(layout)
        if context.scene.use_preview_range:
            first, last = frame_limits(context)
            draw_wrapped(layout, context, f"In the preview range, {first} to {last}")
        else:
            layout.prop(settings, "all_frames")
            _draw_frames(layout, context, settings)
        layout.prop(settings, "rate")
        if settings.rate == "NUMBER":
            layout.prop(settings, "keys_per_second")
        layout.prop(settings, "action_name", text="Action Name")


def _draw_frames(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapRetarget) -> None:
    if not settings.all_frames:
        column = layout.column(align=True)
        column.prop(settings, "first_frame")
        column.prop(settings, "last_frame")
    elif limits := keyed_limits(context):
        row = layout.split(factor=0.4)
        row.label(text="")
        row.label(text=f"{limits[0]} to {limits[1]}")


class MAMBOCAP_PT_retarget_bones(_OfRetarget, bpy.types.Panel):
    bl_label = "Bones"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return has_character(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.mambocap_retarget
        layout.row().prop(settings, "part", expand=True)
        layout.template_list("MAMBOCAP_UL_bones", "", settings, "bones", settings, "active_bone", rows=8)
        row = layout.row(align=True)   # below the list, whose names need the whole width
        row.operator("mambocap.pick_bone", icon="EYEDROPPER")
        row.operator("mambocap.add_bone", text="", icon="ADD")
        row.operator("mambocap.remove_bone", text="", icon="REMOVE")
        _draw_chosen_row(layout, context, settings)
        row = layout.row(align=True)
        row.operator("mambocap.find_bones", icon="FILE_REFRESH")
        row.operator("mambocap.mirror_bones", text="Left to Right", icon="MOD_MIRROR")
        row = layout.row(align=True)
        row.operator("mambocap.load_bones", text="Load Mapping...", icon="IMPORT")
        row.operator("mambocap.save_bones", text="Save Mapping...", icon="EXPORT")


def _draw_chosen_row(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapRetarget) -> None:
    """Its whole name, for which the list may be too narrow, or what is wrong with it."""
    chosen = active_row(settings)
    if chosen is None:
        return
    if problem := problem_of(chosen, settings.bones, settings.character.data):
        draw_wrapped(layout, context, problem, icon="ERROR")
    elif question := questions_in(settings.bones, settings.character.data).get(chosen.slot):
        draw_wrapped(layout, context, f"{chosen.name}: {chosen.bone}. {question}", icon="QUESTION")
    elif chosen.bone:
        layout.label(text=f"{chosen.name}: {chosen.bone}", icon="QUESTION" if chosen.is_doubtful else "BONE_DATA")


class MAMBOCAP_PT_retarget_options(_OfRetarget, bpy.types.Panel):
    bl_label = "Options"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return has_character(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.mambocap_retarget
        _split(layout)
        layout.prop(settings, "hands")
        column = layout.column(heading="Feet")
        column.prop(settings, "solve_feet", text="Stay Planted")
        column = layout.column(heading="Move")
        column.prop(settings, "fingers")
        if has_ik_controls(settings.family):
            layout.column(heading="Limbs").prop(settings, "ik_controls")
        _draw_reference(layout, settings)
        _draw_path(layout, context, settings)
        column = layout.column(heading="Motion")
        column.prop(settings, "mirrored")
        column.prop(settings, "loop")


def _draw_reference(layout: bpy.types.UILayout, settings: MambocapRetarget) -> None:
    layout.prop(settings, "reference")
    if settings.reference_pose:
        row = layout.split(factor=0.4)
        row.label(text="")
        row.operator("mambocap.take_reference", text=f"From Frame {reference_frame(settings.reference_pose)}",
                     icon="FILE_REFRESH")  # fmt: skip


def _draw_path(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapRetarget) -> None:
    has_root = any(row.slot == "root" and row.bone for row in settings.bones)
    row = layout.row()
    row.active = has_root or settings.root_motion == "root"
    row.prop(settings, "root_motion")
    if settings.root_motion == "root" and not has_root:
        draw_wrapped(layout, context, "No root bone under Bones", icon="INFO")
    layout.prop(settings, "start")
    layout.prop(settings, "in_place")
    row = layout.row(heading="Path Scale")
    row.prop(settings, "set_path_scale", text="")
    number = row.row()
    number.active = settings.set_path_scale
    if settings.set_path_scale:
        number.prop(settings, "path_scale", text="")
    else:
        number.label(text="By Legs")


_CLASSES = (
    MAMBOCAP_PT_retarget, MAMBOCAP_PT_retarget_limbs, MAMBOCAP_PT_retarget_bones, MAMBOCAP_PT_retarget_options,
    MAMBOCAP_PT_retarget_frames,
)  # fmt: skip

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
