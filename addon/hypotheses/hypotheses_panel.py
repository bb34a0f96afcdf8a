"""The other poses of a take's people in the sidebar: looked at, jumped to, used. It only draws."""

import bpy

from ...motion.refusal import Refusal
from ..clean_up import frame_range
from ..clean_up_take import active_person, first_frame_of, rate_of
from ..panel import InSidebar
from ..person_clock import take_of
from ..take_scene import takes_in
from ..takes import active_take, people_of
from ..wrapped_text import draw_wrapped
from .ghosts import icon_of
from .kept_hypotheses import KeptHypothesis, hypotheses_of, shown_hypothesis
from .kept_uses import uses_of, words_of_use
from .look_at_poses import MAIN, frames_of_choice, is_looped
from .use_hypothesis import MambocapOtherPoses

_SHARE_FACTOR = 0.15   # of a row: as much as the share in per cent needs


class MAMBOCAP_PT_other_poses(InSidebar, bpy.types.Panel):
    bl_label = "Other Poses"
    bl_parent_id = "MAMBOCAP_PT_takes"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return bool(takes_in(context.scene)) and bool(_people(context))

    def draw(self, context: bpy.types.Context) -> None:
        layout, active = self.layout, active_person(context)
        for person in _people(context):
            if person == active:
                layout.label(text=person.name, icon="ARMATURE_DATA")
                _draw_person(layout, context, person)
            else:
                text = f"{person.name}: {_count(person)}"
                layout.operator("mambocap.poses_of", text=text, icon="ARMATURE_DATA").person = person.name


def _people(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Those of the active take who have other poses, and the active person."""
    person = active_person(context)
    take = active_take(context) or (take_of(person) if person is not None else None)
    people = people_of(take) if take is not None else [person] if person is not None else []
    return [each for each in people if hypotheses_of(each)]


def _count(person: bpy.types.Object) -> str:
    count = len(hypotheses_of(person))
    return f"{count} other poses" if count > 1 else "1 other pose"


def _draw_person(layout: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object) -> None:
    shown, settings = shown_hypothesis(person), person.mambocap_other_poses
    _draw_arrows(layout, shown is None)
    column, first_frame = layout.column(align=True), first_frame_of(person)
    for kept in hypotheses_of(person):
        _draw_choice(column, context, person, kept, first_frame)
    _draw_options(layout, context, person, settings)
    row = layout.row()
    row.scale_y = 1.5
    row.enabled = shown is not None
    text = "Use This One" if shown else "Press a Pose to See It"   # no hint beside it that moves what is below
    button = row.operator("mambocap.use_pose", text=text, icon="CHECKMARK" if shown else "NONE")
    _fill(button, context, person, shown.number if shown else MAIN)
    _draw_used(layout, context, person)


def _draw_arrows(layout: bpy.types.UILayout, is_main: bool) -> None:
    row = layout.row(align=True)
    row.operator("mambocap.step_poses", text="", icon="TRIA_LEFT").step = -1
    row.operator("mambocap.show_pose", text="Main Motion", depress=is_main).number = MAIN
    row.operator("mambocap.step_poses", text="", icon="TRIA_RIGHT").step = 1


def _draw_choice(
    column: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object, kept: KeptHypothesis,
    first_frame: float,
) -> None:  # fmt: skip
    box = column.box().column(align=True)
    text, depress = f"{kept.number + 1}. {kept.title}", kept.is_shown
    box.operator("mambocap.show_pose", text=text, icon=icon_of(kept.number), depress=depress).number = kept.number
    first, last = frames_of_choice(first_frame, kept)
    split = box.split(factor=_SHARE_FACTOR, align=True)
    split.label(text=f"{100.0 * kept.choice.share:.0f} %")
    row = split.row(align=True)
    icon = "TRIA_RIGHT" if first <= context.scene.frame_current <= last else "BLANK1"
    row.operator("mambocap.go_to_frame", text=f"Frames {first} to {last}", icon=icon, emboss=False).frame = first
    looped = is_looped(first_frame, kept, context.scene)
    row.operator("mambocap.loop_pose", text="", icon="PREVIEW_RANGE", depress=looped).number = kept.number
    _fill(row.operator("mambocap.use_pose", text="", icon="CHECKMARK"), context, person, kept.number)


def _draw_options(
    layout: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object, settings: MambocapOtherPoses
) -> None:
    column = layout.column()
    column.use_property_split, column.use_property_decorate = True, False
    column.prop(settings, "limb")
    column.prop(settings, "frames")
    if settings.frames == "CHOSEN":
        _draw_frames(layout, context, person)
    column = layout.column()
    column.use_property_split, column.use_property_decorate = True, False
    column.prop(settings, "blend")


def _draw_frames(layout: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object) -> None:
    scene, row = context.scene, layout.row(align=True)
    if scene.use_preview_range:
        row.label(text=f"In the preview range, {scene.frame_preview_start} to {scene.frame_preview_end}")
        return
    for end in ("first_frame", "last_frame"):
        row.prop(person.mambocap_clean_up, end)
        row.operator("mambocap.contact_frame", text="", icon="EYEDROPPER").end = end


def _fill(
    button: bpy.types.OperatorProperties, context: bpy.types.Context, person: bpy.types.Object, number: int
) -> None:
    settings = person.mambocap_other_poses
    button.number, button.limb, button.frames, button.blend = number, settings.limb, settings.frames, settings.blend
    if settings.frames == "CHOSEN":
        button.first_frame, button.last_frame = frame_range(context, person)


def _draw_used(layout: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object) -> None:
    try:
        uses = uses_of(person)
    except Refusal as refusal:
        draw_wrapped(layout, context, refusal.sentence, icon="ERROR")
        layout.operator("mambocap.forget_poses", icon="X")
        return
    if not uses:
        return
    first, rate = first_frame_of(person), float(rate_of(person, context.scene))
    box = layout.box().column(align=True)
    box.label(text="Used:")
    for index, use in enumerate(uses):
        row = box.row()
        row.label(text=words_of_use(use, lambda second: round(first + second * rate)))
        row.operator("mambocap.take_back_pose", text="", icon="X", emboss=False).index = index
    layout.operator("mambocap.forget_poses", icon="TRASH")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_other_poses)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_other_poses)
