"""Where the active person's motion is unsure, in the sidebar: what is drawn of it, and the frames to check."""

import bpy

from ...motion.hypotheses.to_check import ToCheck, is_settled
from ...motion.refusal import Refusal
from ..clean_up_take import active_person, first_frame_of, rate_of
from ..panel import InSidebar
from ..wrapped_text import draw_wrapped
from .kept_hypotheses import hypotheses_of
from .kept_uses import uses_of
from .to_check_buttons import place_now, to_check_in
from .to_check_words import words_of
from .uncertainty_kept import SPREAD


class MAMBOCAP_PT_uncertainty(InSidebar, bpy.types.Panel):
    bl_label = "Uncertainty"
    bl_parent_id = "MAMBOCAP_PT_takes"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        person = active_person(context)
        return person is not None and (SPREAD in person or bool(hypotheses_of(person)))

    def draw(self, context: bpy.types.Context) -> None:
        layout, person = self.layout, active_person(context)
        _draw_toggles(layout, context.scene, person)
        if SPREAD not in person:
            return
        if stretches := to_check_in(person, context.scene):
            _draw_list(layout, context.scene, person, stretches)
        else:
            draw_wrapped(layout, context, "No frame is less sure than the rest.", icon="BLANK1")


def _draw_toggles(layout: bpy.types.UILayout, scene: bpy.types.Scene, person: bpy.types.Object) -> None:
    settings, row = scene.mambocap_uncertainty, layout.row(align=True)
    if hypotheses_of(person):
        row.prop(settings, "ghosts", toggle=True, icon="GHOST_ENABLED")
    if SPREAD in person:
        row.prop(settings, "bones", toggle=True, icon="BONE_DATA", text="Bones")
        row.prop(settings, "strip", toggle=True, icon="TIME")


def _draw_list(
    layout: bpy.types.UILayout, scene: bpy.types.Scene, person: bpy.types.Object, stretches: tuple[ToCheck, ...]
) -> None:  # fmt: skip
    row = layout.row(align=True)
    row.label(text="To Check, Worst First:")
    row.operator("mambocap.next_unsure", text="", icon="TRIA_LEFT").way = "PREVIOUS"
    row.operator("mambocap.next_unsure", text="", icon="TRIA_RIGHT").way = "NEXT"
    column, first = layout.column(align=True), first_frame_of(person)
    now, settled = place_now(person, scene, stretches), _settled(person, scene, stretches)
    for place, stretch in enumerate(stretches):
        frames = f"{first + stretch.first:.0f} to {first + stretch.last:.0f}"
        icon = "CHECKMARK" if place in settled else "TRIA_RIGHT" if place == now else "BLANK1"
        button = column.operator("mambocap.look_at_unsure", text=f"{frames}: {words_of(stretch)}", icon=icon)
        button.number = place


def _settled(person: bpy.types.Object, scene: bpy.types.Scene, stretches: tuple[ToCheck, ...]) -> set[int]:
    """Those for which the artist used another pose."""
    try:
        uses = uses_of(person)
    except Refusal:   # told where the other poses are
        return set()
    return {place for place, stretch in enumerate(stretches) if is_settled(stretch, uses, rate_of(person, scene))}


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_uncertainty)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_uncertainty)
