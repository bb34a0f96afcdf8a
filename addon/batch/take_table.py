"""The takes of a batch in the sidebar, and the chosen one in words. It only draws."""

import bpy

from ...motion.batch.words import CANCELLED, DONE, FAILED, STATES, WAITING, WORKING, TakeRow, share_of
from ...motion.job import STAGES
from .. import jobs, live_view, thumbnails
from ..kept_quality import GRADE_ICONS
from ..wrapped_text import draw_wrapped
from . import watched
from .seen_batch import Seen

STATE_ICONS = {WAITING: "TIME", WORKING: "PLAY", DONE: "CHECKMARK", FAILED: "ERROR", CANCELLED: "PAUSE"}
_PICTURE_SCALE = 3.2   # in the units of template_icon: three lines of text high


class MAMBOCAP_UL_batch(bpy.types.UIList):
    bl_idname = "MAMBOCAP_UL_batch"

    def draw_item(self, context, layout, data, item, icon, active_data, active_propname, index=0, flt_flag=0) -> None:
        batch = watched.batch_of(context.scene)
        take = batch.seen.rows.get(item.name) if batch is not None else None
        line = layout.row(align=True)
        if take is None:
            line.label(text=item.name, icon="BLANK1")
            return
        if take.state == DONE:
            line.prop(item, "wanted", text="")
        else:
            line.label(icon=STATE_ICONS[take.state])
        line.label(text=item.name, **_picture(batch.seen, take))
        _draw_facts(line.row(align=True), take)


def _picture(seen: Seen, take: TakeRow) -> dict[str, int | str]:
    icon = icon_of(seen, take)
    return {"icon_value": icon} if icon else {"icon": "FILE_MOVIE"}


def icon_of(seen: Seen, take: TakeRow) -> int:
    """The picture of the take's first person, 0 without one. The table says when it changes: the disk is not asked."""
    if not take.thumbnail:
        return 0
    return thumbnails.icon_id_of(seen.places.folder / take.thumbnail, (round(take.seconds * 1e3), take.frames))


def _draw_facts(facts: bpy.types.UILayout, take: TakeRow) -> None:
    """Cameras and people as numbers, the grade as a colour; how far it is while it is worked on."""
    facts.alignment = "RIGHT"
    if len(take.clips) > 1:
        facts.label(text=str(len(take.clips)), icon="CAMERA_DATA")
    if take.state == WORKING:
        facts.label(text=f"{100.0 * share_of(take):.0f} %")
    if take.state == DONE:
        facts.label(text=str(take.people), icon="USER")
        facts.label(icon=GRADE_ICONS.get(take.grade, "BLANK1"))


def draw_take(layout: bpy.types.UILayout, context: bpy.types.Context, seen: Seen, name: str) -> None:
    """The chosen take: its picture, and all of it in words."""
    take = seen.rows.get(name)
    if take is None:
        return
    box = layout.box()
    split = box.split(factor=min(0.5, 1.1 * _PICTURE_SCALE / live_view.scale(context))) if take.thumbnail else box
    if take.thumbnail and (icon := icon_of(seen, take)):
        split.column().template_icon(icon, scale=_PICTURE_SCALE)
    words = split.column(align=True)
    words.label(text=take.name)
    for line in lines_of(take):
        words.label(text=line)
    if take.state == FAILED:
        draw_wrapped(box, context, f"{take.sentence} {take.mend}".strip(), icon="ERROR")


def lines_of(take: TakeRow) -> list[str]:
    """Such as "Done, 2 people, Good", "Working: Finding people", "4 cameras"."""
    state = STATES[take.state]
    if take.state == WORKING and take.stage:
        state = STAGES.get(take.stage, take.stage.capitalize())
    done = [jobs.people_words(take.people), take.grade.title()] if take.state == DONE else []
    count = len(take.clips)
    cameras = take.note or (f"{count} cameras" if count > 1 else "")
    return list(filter(None, [", ".join(filter(None, [state, *done])), cameras]))


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_UL_batch)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_UL_batch)
