"""The people of the selected take in the sidebar, with their pictures. It only draws."""

from pathlib import Path

import bpy

from . import capture, live_view, thumbnails
from .panel import InSidebar
from .people_changes import brought_back, changes, fate
from .people_list import Listed, everybody_in, keeps_detections
from .takes import active_take, job_of
from .wanted_people import active_number, added, is_behind, made_with, wanted
from .wrapped_text import draw_wrapped

_PICTURE_SCALE = 3.2   # in the units of template_icon: three lines of text high


class MAMBOCAP_PT_people(InSidebar, bpy.types.Panel):
    bl_label = "People"
    bl_parent_id = "MAMBOCAP_PT_takes"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return job_of(active_take(context)) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout, take = self.layout, active_take(context)
        job = job_of(take)
        everybody = everybody_in(job)
        if is_behind(take, job):
            draw_wrapped(layout, context, "People were changed in this capture since the take was made.", icon="INFO")
            layout.operator("mambocap.replace_people", icon="FILE_REFRESH")
            return
        if not everybody:
            draw_wrapped(layout, context, "Press Solve Again once to see and change the people here.", icon="INFO")
            return
        for person in everybody:
            _draw_person(layout, context, take, person)
        _draw_tools(layout)
        _draw_changes(layout, context, take, job)


def _draw_person(
    layout: bpy.types.UILayout, context: bpy.types.Context, take: bpy.types.Object, person: Listed
) -> None:
    split = layout.box().split(factor=min(0.5, 1.1 * _PICTURE_SCALE / live_view.scale(context)))
    picture = split.column()
    if icon := thumbnails.icon_id(person.picture):
        picture.template_icon(icon, scale=_PICTURE_SCALE)
    words = split.column(align=True)
    if person.why_left_out:
        _draw_left_out(words, take, person)
    else:
        _draw_inside(words, context, take, person)


def _draw_inside(
    words: bpy.types.UILayout, context: bpy.types.Context, take: bpy.types.Object, person: Listed
) -> None:
    name = words.row(align=True)
    is_active = person.number == active_number(context)
    name.operator("mambocap.select_person", text=person.name, depress=is_active).number = person.number
    waits = fate(added(take), person.number)
    if waits.startswith(("Will be dropped", "Will go into")):
        name.operator("mambocap.bring_back", text="", icon="LOOP_BACK").number = person.number
    words.label(text=person.time_seen)
    if waits:
        words.label(text=waits)


def _draw_left_out(words: bpy.types.UILayout, take: bpy.types.Object, person: Listed) -> None:
    is_coming = brought_back(wanted(take), person.number) == wanted(take)
    line = words.row()
    line.active = False
    line.label(text=f"{person.name}, {person.time_seen}")
    words.label(text="Will come back" if is_coming else person.why_left_out)
    if not is_coming:
        words.operator("mambocap.bring_back", icon="LOOP_BACK").number = person.number


def _draw_tools(layout: bpy.types.UILayout) -> None:
    column = layout.column(align=True)
    row = column.row(align=True)
    row.operator("mambocap.use_first")
    row.operator("mambocap.keep_only")
    row = column.row(align=True)
    row.operator("mambocap.merge_people", text="Merge Into...")
    row.operator("mambocap.split_person")
    row = column.row(align=True)
    row.operator("mambocap.drop_person")
    row.operator("mambocap.reset_people")


def _draw_changes(
    layout: bpy.types.UILayout, context: bpy.types.Context, take: bpy.types.Object, job: Path
) -> None:
    waiting = changes(made_with(take), wanted(take))
    if not waiting:
        return
    box = layout.box().column(align=True)
    for index, change in enumerate(waiting):
        row = box.row()
        row.label(text=change.words)
        row.operator("mambocap.give_up_change", text="", icon="X", emboss=False).index = index
    if capture.session is not None and capture.session.job == job:
        layout.progress(factor=capture.session.watch.share, text=capture.session.watch.words)
        return
    row = layout.row()
    row.scale_y = 1.3
    text = "Apply (No New Detection)" if keeps_detections(job) else "Apply (Finds People Anew)"
    row.operator("mambocap.apply_people", text=text, icon="CHECKMARK")
    notice = capture.notice
    if notice is not None and notice.icon == "ERROR" and notice.job == job.name:
        draw_wrapped(layout, context, f"{notice.sentence} {notice.mend}", icon="ERROR")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_people)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_people)
