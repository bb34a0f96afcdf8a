"""Clean-up of the active person in the sidebar. It only draws."""

import bpy

from .clean_up import contacts_area
from .clean_up_settings import BOTH_SIDES, MambocapCleanUp
from .clean_up_take import active_person, chosen_people
from .contact_strips import SAID, rests_now, title_of
from .panel import InSidebar
from .take_scene import takes_in
from .wrapped_text import draw_wrapped

_FEET_AND_HANDS = BOTH_SIDES[:4]


class MAMBOCAP_PT_clean_up(InSidebar, bpy.types.Panel):
    bl_label = "Clean Up"
    bl_order = 1   # below Takes

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return bool(takes_in(context.scene))

    def draw(self, context: bpy.types.Context) -> None:
        layout, person = self.layout, active_person(context)
        if person is None:
            draw_wrapped(layout, context, "Select a person to clean up.", icon="INFO")
            return
        settings = person.mambocap_clean_up
        _draw_whom(layout, context, person)
        _draw_settings(layout, settings)
        _draw_buttons(layout, settings)
        if settings.outcome:
            draw_wrapped(layout, context, settings.outcome)


def _draw_whom(layout: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object) -> None:
    others = len(chosen_people(context)) - 1
    layout.label(text=f"{person.name} and {others} more" if others else person.name, icon="ARMATURE_DATA")


def _draw_settings(layout: bpy.types.UILayout, settings: MambocapCleanUp) -> None:
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(settings, "feet")
    strength, hands = column.column(), column.column()
    strength.active = settings.feet != "never"
    strength.prop(settings, "strength")
    hands.active = settings.feet not in ("never", "ground")
    hands.prop(settings, "plant_hands")
    column.prop(settings, "smoothing")


def _draw_buttons(layout: bpy.types.UILayout, settings: MambocapCleanUp) -> None:
    row = layout.split(factor=0.78, align=True)
    row.scale_y = 1.5
    row.operator("mambocap.clean_up", icon="FILE_REFRESH")
    row.prop(settings, "live", toggle=True)
    layout.operator("mambocap.as_captured", icon="LOOP_BACK", depress=settings.shows_raw)


class MAMBOCAP_PT_contacts(InSidebar, bpy.types.Panel):
    bl_label = "Contacts"
    bl_parent_id = "MAMBOCAP_PT_clean_up"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_person(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout, person = self.layout, active_person(context)
        settings = person.mambocap_clean_up
        layout.operator("mambocap.show_contacts", icon="ACTION", depress=contacts_area(context.screen) is not None)
        _draw_points(layout, person, settings, [(f"left_{part}", f"right_{part}") for part in _FEET_AND_HANDS])
        _draw_frames(layout, context, settings)
        row = layout.row(align=True)
        row.operator("mambocap.plant_here", icon="PINNED")
        row.operator("mambocap.release_here", icon="UNPINNED")
        if person.get(SAID, "{}") != "{}":
            layout.operator("mambocap.forget_contact_edits", icon="X")


def _draw_points(
    layout: bpy.types.UILayout, person: bpy.types.Object, settings: MambocapCleanUp, rows: list[tuple[str, ...]]
) -> None:
    column = layout.column(align=True)
    for names in rows:
        row = column.row(align=True)
        for name in names:
            icon = "KEYFRAME_HLT" if rests_now(person, name) else "KEYFRAME"
            row.prop_enum(settings, "points", name, text=title_of(name), icon=icon)


def _draw_frames(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapCleanUp) -> None:
    scene = context.scene
    if scene.use_preview_range:
        layout.label(text=f"In the preview range, {scene.frame_preview_start} to {scene.frame_preview_end}")
        return
    row = layout.row(align=True)
    for end in ("first_frame", "last_frame"):
        row.prop(settings, end)
        row.operator("mambocap.contact_frame", text="", icon="EYEDROPPER").end = end


class MAMBOCAP_PT_other_contacts(InSidebar, bpy.types.Panel):
    bl_label = "Other Points"
    bl_parent_id = "MAMBOCAP_PT_contacts"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        person = active_person(context)
        rows = [("left_knee", "right_knee"), ("left_elbow", "right_elbow"), ("seat_left", "seat_right"), ("back",)]
        _draw_points(self.layout, person, person.mambocap_clean_up, rows)


_CLASSES = (MAMBOCAP_PT_clean_up, MAMBOCAP_PT_contacts, MAMBOCAP_PT_other_contacts)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
