"""How good the active person's motion is and which frames to look at, in the sidebar."""

import bpy
from bpy.props import IntProperty

from ..motion.quality.card import BOUNDS, QualityCard
from ..motion.quality.frames_to_check import Stretch
from .clean_up_take import active_person
from .kept_quality import GRADE_ICONS, card_of
from .panel import InSidebar
from .person_clock import frame_at
from .wrapped_text import draw_wrapped

_CAMERA = "camera_percent"   # a line in words, not in numbers
_MOVED = {"static": "standing", "turning": "turning", "travelling": "travelling"}
_LABELS_SHARE = 0.62         # of the panel's width


class MAMBOCAP_OT_go_to_frame(bpy.types.Operator):
    bl_idname = "mambocap.go_to_frame"
    bl_label = "Go to Frame"
    bl_description = "Show the scene at the frame where this begins"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    frame: IntProperty(name="Frame", description="The scene frame to show")

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.frame_set(self.frame)
        return {"FINISHED"}


class MAMBOCAP_PT_quality(InSidebar, bpy.types.Panel):
    bl_label = "Quality"
    bl_parent_id = "MAMBOCAP_PT_takes"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        person = active_person(context)
        return person is not None and card_of(person) is not None

    def draw_header_preset(self, context: bpy.types.Context) -> None:
        grade = card_of(active_person(context)).grade
        self.layout.label(text=grade.title(), icon=GRADE_ICONS[grade])

    def draw(self, context: bpy.types.Context) -> None:
        layout, person = self.layout, active_person(context)
        card = card_of(person)
        layout.label(text=person.name, icon="ARMATURE_DATA")
        _draw_lines(layout.column(align=True), card)
        if card.camera:
            layout.label(text=camera_in_words(card), icon=GRADE_ICONS[card.grades().get(_CAMERA, "good")])
        if card.check:
            _draw_check(layout, context, person, card)
        else:
            draw_wrapped(layout, context, "No frame stands out.", icon="BLANK1")


def _draw_lines(column: bpy.types.UILayout, card: QualityCard) -> None:
    for name, grade in card.grades().items():
        if name != _CAMERA:
            bound = BOUNDS[name]
            row = column.split(factor=_LABELS_SHARE)
            row.label(text=bound.label, icon=GRADE_ICONS[grade])
            row.label(text=f"{card.values[name]:.{bound.digits}f} {bound.unit}")


def camera_in_words(card: QualityCard) -> str:
    """Such as "Camera: turning, 90 % sure"."""
    moved, sure = _MOVED.get(card.camera, card.camera), card.values.get(_CAMERA)
    return f"Camera: {moved}" + (f", {sure:.0f} % sure" if sure is not None else "")


def _draw_check(
    layout: bpy.types.UILayout, context: bpy.types.Context, person: bpy.types.Object, card: QualityCard
) -> None:
    layout.label(text="Frames to Check:")
    column = layout.column(align=True)
    for stretch in card.check:
        first = frame_at(person, context.scene, stretch.from_s)
        last = frame_at(person, context.scene, stretch.to_s)
        icon = "TRIA_RIGHT" if first <= context.scene.frame_current <= last else "BLANK1"
        button = column.operator("mambocap.go_to_frame", text=_words(first, last, stretch), icon=icon)
        button.frame = first


def _words(first: int, last: int, stretch: Stretch) -> str:
    frames = f"{first} to {last}" if last > first else f"{first}"
    return f"{frames}: {stretch.why}"


_CLASSES = (MAMBOCAP_OT_go_to_frame, MAMBOCAP_PT_quality)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
