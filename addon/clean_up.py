"""Clean Up Again, As Captured, and the artist's word on contacts: buttons on the active person."""


import bpy
import numpy as np
from bpy.props import EnumProperty

from ..motion.arrays import Indices
from ..motion.contacts.edited import IS_FREE, RESTS
from ..motion.refusal import Refusal
from .clean_up_settings import run, run_raw, take_over_settings
from .clean_up_take import active_person, chosen_people, frames_of, source_of
from .contact_strips import PREFIX
from .retarget.keys.reduce import why_not_all_keys
from .tells_refusals import TellsRefusals

_SHEET_SHARE = 0.32   # of the 3D view's height that the contacts' dope sheet takes
_EDGE_PX = 8          # more than the border between two areas


class OfPerson(TellsRefusals):
    """An operator on the active person."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode not in {"OBJECT", "POSE"}:   # in an edit mode Ctrl Z would take back edits and leave this
            cls.poll_message_set("Go to Object Mode or Pose Mode first")
            return False
        person = active_person(context)
        if person is None:
            cls.poll_message_set("Select a person of a take first")
            return False
        if why := why_not_all_keys(person):
            cls.poll_message_set(why)
            return False
        return cls.poll_person(person)

    @classmethod
    def poll_person(cls, person: bpy.types.Object) -> bool:
        return True


class MAMBOCAP_OT_clean_up(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.clean_up"
    bl_label = "Clean Up Again"
    bl_description = (
        "Plant feet and hands and smooth the captured motion with these settings and your contacts, and write the keys "
        "anew. What was captured stays. Works on all selected people"
    )
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._clean_up(context))

    def _clean_up(self, context: bpy.types.Context) -> str:
        active, *others = chosen_people(context)
        words = run(active, context)
        for person in others:
            take_over_settings(person, active)
            run(person, context)
        return f"{words}, and {len(others)} more cleaned up" if others else words


class MAMBOCAP_OT_as_captured(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.as_captured"
    bl_label = "As Captured"
    bl_description = "Show the motion as it was before clean-up; press again to come back. Contacts stay as they are"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        person = active_person(context)
        show = run if person.mambocap_clean_up.shows_raw else run_raw
        return self._try(lambda: show(person, context))


class _SaysContacts(OfPerson):
    """Says of the chosen points that they rest, or do not, in the chosen frames."""

    bl_options = {"REGISTER", "UNDO"}
    word = RESTS

    @classmethod
    def poll_person(cls, person: bpy.types.Object) -> bool:
        if not person.mambocap_clean_up.points:
            cls.poll_message_set("Press a point under Contacts first, such as Left Heel")
            return False
        if not bpy.context.scene.use_preview_range and not person.mambocap_clean_up.is_property_set("last_frame"):
            cls.poll_message_set("Choose frames first: set From and To, or press P in the timeline and drag over them")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._say(context, active_person(context)))

    def _say(self, context: bpy.types.Context, person: bpy.types.Object) -> str:
        frames = frames_of(person, source_of(person, context))
        first, last = frame_range(context, person)
        # Keys of a capture may lie between whole frames: a key counts in the frame in which it is seen.
        during = (frames > first - 0.5) & (frames < last + 0.5)
        if not during.any():
            raise Refusal("no-frames", f"{person.name} has no key from frame {first} to {last}.",
                          f"Choose frames between {np.ceil(frames[0]):.0f} and {frames[-1]:.0f}.")  # fmt: skip
        words: Indices = np.where(during, self.word, 0)
        return run(person, context, {name: words for name in person.mambocap_clean_up.points})


class MAMBOCAP_OT_plant_here(_SaysContacts, bpy.types.Operator):
    bl_idname = "mambocap.plant_here"
    bl_label = "Plant Here"
    bl_description = "Hold the chosen points still over the chosen frames, and clean up again"
    word = RESTS


class MAMBOCAP_OT_release_here(_SaysContacts, bpy.types.Operator):
    bl_idname = "mambocap.release_here"
    bl_label = "Release Here"
    bl_description = "Let the chosen points go over the chosen frames, and clean up again"
    word = IS_FREE


class MAMBOCAP_OT_forget_contact_edits(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.forget_contact_edits"
    bl_label = "Forget Edits"
    bl_description = "Forget what you changed in the contacts of this person, and clean up with those that were found"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: run(active_person(context), context, forget=True))


class MAMBOCAP_OT_contact_frame(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.contact_frame"
    bl_label = "Use Current Frame"
    bl_description = "Plant and release from, or up to, the frame that is shown now"
    bl_options = {"REGISTER", "UNDO"}

    end: EnumProperty(
        name="End", description="Which end of the frames is meant",
        items=[("first_frame", "From", "From the current frame on"), ("last_frame", "To", "Up to the current frame")],
    )  # fmt: skip

    def execute(self, context: bpy.types.Context) -> set[str]:
        panel, frame = active_person(context).mambocap_clean_up, context.scene.frame_current
        if self.end == "first_frame":
            panel.first_frame, panel.last_frame = frame, max(frame, panel.last_frame)
        else:
            panel.first_frame, panel.last_frame = min(frame, panel.first_frame), frame
        return {"FINISHED"}


class MAMBOCAP_OT_show_contacts(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.show_contacts"
    bl_label = "Edit in Dope Sheet"
    bl_description = (
        "Open this person's contacts below the 3D view, or close them again. Pink keys plant, blue keys release: move, "
        "delete or insert them, then press Clean Up Again"
    )

    @classmethod
    def poll_person(cls, person: bpy.types.Object) -> bool:
        if not any(key.startswith(PREFIX) for key in person.keys()):
            cls.poll_message_set("Press Clean Up Again first, which finds the contacts")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        person = active_person(context)
        if (sheet := contacts_area(context.screen)) is not None:
            _close(context, sheet)
            return {"FINISHED"}
        person.select_set(True)
        context.view_layer.objects.active = person
        _open_contacts(context)
        return {"FINISHED"}


def contacts_area(screen: bpy.types.Screen) -> bpy.types.Area | None:
    """The dope sheet that shows contacts, if there is one."""
    sheets = [area for area in screen.areas if area.ui_type == "DOPESHEET"]
    return next((area for area in sheets if area.spaces.active.dopesheet.filter_text == PREFIX.strip()), None)


def _open_contacts(context: bpy.types.Context) -> None:
    views = [area for area in context.screen.areas if area.type == "VIEW_3D"]
    view = max(views, key=lambda area: area.width * area.height)
    before = set(context.screen.areas)
    with context.temp_override(area=view):
        bpy.ops.screen.area_split(direction="HORIZONTAL", factor=_SHEET_SHARE)
    sheet = next(area for area in context.screen.areas if area not in before)   # the smaller part, which is below
    sheet.ui_type = "DOPESHEET"
    space = sheet.spaces.active
    space.show_region_ui, space.show_interpolation = False, True
    space.dopesheet.show_only_selected, space.dopesheet.show_summary = True, False
    space.dopesheet.filter_text = PREFIX.strip()


def _close(context: bpy.types.Context, sheet: bpy.types.Area) -> None:
    """Give the room back to the view above; closing an area may give it to the timeline."""
    above = [area for area in context.screen.areas if (area.x, area.width) == (sheet.x, sheet.width)
             and 0 <= area.y - (sheet.y + sheet.height) < _EDGE_PX]  # fmt: skip
    if above and "source_xy" in bpy.ops.screen.area_join.get_rna_type().properties:   # from Blender 4.3 on
        bpy.ops.screen.area_join(source_xy=_middle(above[0]), target_xy=_middle(sheet))
        return
    with context.temp_override(area=sheet):
        bpy.ops.screen.area_close()


def _middle(area: bpy.types.Area) -> tuple[int, int]:
    return area.x + area.width // 2, area.y + area.height // 2


def frame_range(context: bpy.types.Context, person: bpy.types.Object) -> tuple[int, int]:
    """The frames, both included, that the artist chose: the preview range where there is one."""
    scene, panel = context.scene, person.mambocap_clean_up
    if scene.use_preview_range:
        return scene.frame_preview_start, scene.frame_preview_end
    return panel.first_frame, panel.last_frame


_CLASSES = (
    MAMBOCAP_OT_clean_up, MAMBOCAP_OT_as_captured, MAMBOCAP_OT_plant_here, MAMBOCAP_OT_release_here,
    MAMBOCAP_OT_forget_contact_edits, MAMBOCAP_OT_contact_frame, MAMBOCAP_OT_show_contacts,
)  # fmt: skip

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
