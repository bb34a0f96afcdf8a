"""Who is who in a take: people picked, merged, split, dropped and brought back. What is wanted waits to be applied."""

import bpy
from bpy.props import EnumProperty, IntProperty

from ..motion.people_edits import Edit
from . import thumbnails
from .people_changes import brought_back, changes, leaves, name_of, without_change
from .people_list import Listed
from .scene_clock import clock_of
from .take_scene import FIRST_CLIP_S, FIRST_FRAME, NUMBER
from .takes import OfTake, active_take, can_leave_mode, job_of, leave_mode, people_of
from .wanted_people import active_number, active_person, added, made_with, others, set_wanted, wanted


class _OfPeople(OfTake):
    """An operator that changes what is wanted of a take's people."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        return cls.has_job(context) and cls.poll_people(context)

    @classmethod
    def poll_people(cls, context: bpy.types.Context) -> bool:
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        take = active_take(context)
        set_wanted(take, self.changed(context, wanted(take)))
        return {"FINISHED"}


class _OfPerson(_OfPeople):
    """The same, of the person who is selected."""

    @classmethod
    def poll_people(cls, context: bpy.types.Context) -> bool:
        person = active_person(context)
        if person is None or person.why_left_out:
            cls.poll_message_set("Click on a person of the take first")
            return False
        if leaves(added(active_take(context)), person.number):
            cls.poll_message_set(f"{person.name} will leave the take: press Bring Back first")
            return False
        return cls.poll_person(context, person)

    @classmethod
    def poll_person(cls, context: bpy.types.Context, person: Listed) -> bool:
        return True

    @classmethod
    def has_others(cls, context: bpy.types.Context) -> bool:
        if not others(context):
            cls.poll_message_set("There is nobody else in this take")
            return False
        return True


class MAMBOCAP_OT_use_first(_OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.use_first"
    bl_label = "Use First"
    bl_description = (
        "Make the selected person the first of the take: the one who starts above the origin, "
        "whose height and name you give, and whose floor measures the others"
    )

    @classmethod
    def poll_person(cls, context: bpy.types.Context, person: Listed) -> bool:
        return cls.has_others(context)

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        return [edit for edit in edits if edit.verb != "first"] + [Edit("first", (active_number(context),))]


class MAMBOCAP_OT_keep_only(_OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.keep_only"
    bl_label = "Keep Only This"
    bl_description = "Leave everybody but the selected person out of the take"

    @classmethod
    def poll_person(cls, context: bpy.types.Context, person: Listed) -> bool:
        return cls.has_others(context)

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        # One by one, so that each of them can be brought back.
        return [*edits, *(Edit("drop", (other.number,)) for other in others(context))]


_merge_items: list[tuple[str, str, str, int, int]] = []   # Blender does not keep the texts of its menus itself


def _people_to_merge_into(_: bpy.types.Operator, context: bpy.types.Context) -> list[tuple[str, str, str, int, int]]:
    if context is not None and job_of(active_take(context)) is not None:
        _merge_items[:] = [(str(each.number), each.name, f"Seen from {each.time_seen}",
                            thumbnails.icon_id(each.picture), each.number) for each in others(context)]  # fmt: skip
    return _merge_items


class MAMBOCAP_OT_merge_people(_OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.merge_people"
    bl_label = "Merge Into"
    bl_description = "The selected person is the same as another one, who was lost and found again: join the two"

    into: EnumProperty(name="Into", items=_people_to_merge_into, description="The person whose number stays")

    @classmethod
    def poll_person(cls, context: bpy.types.Context, person: Listed) -> bool:
        return cls.has_others(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if self.properties.is_property_set("into"):
            return self.execute(context)
        context.window_manager.popup_menu(_draw_whom, title=f"Merge {name_of(active_number(context))} Into")
        return {"FINISHED"}

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        return [*edits, Edit("merge", (int(self.into), active_number(context)))]


def _draw_whom(menu: bpy.types.Menu, context: bpy.types.Context) -> None:
    menu.layout.operator_context = "EXEC_DEFAULT"
    menu.layout.operator_enum("mambocap.merge_people", "into")


class MAMBOCAP_OT_split_person(_OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.split_person"
    bl_label = "Split Here"
    bl_description = "From the current frame on the selected person is somebody else: make two people of the two parts"

    @classmethod
    def poll_person(cls, context: bpy.types.Context, person: Listed) -> bool:
        if not person.first_s < _current_s(context) <= person.last_s:
            cls.poll_message_set(f"{person.name} is seen from {person.time_seen}: go to a frame in between")
            return False
        return True

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        # People are split by the clock of the first clip, which may begin after the take.
        clock_s = float(people_of(active_take(context))[0].get(FIRST_CLIP_S, 0.0))
        return [*edits, Edit("split", (active_number(context),), round(max(_current_s(context) + clock_s, 0.0), 4))]


def _current_s(context: bpy.types.Context) -> float:
    """Seconds of the active take at the current frame."""
    first_frame = float(active_take(context).get(FIRST_FRAME, context.scene.frame_start))
    return float(context.scene.frame_current - first_frame) / float(clock_of(context.scene).rate)


class MAMBOCAP_OT_drop_person(_OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.drop_person"
    bl_label = "Drop"
    bl_description = "Leave the selected person out of the take, such as a passer-by or a statue"

    @classmethod
    def poll_person(cls, context: bpy.types.Context, person: Listed) -> bool:
        return cls.has_others(context)

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        return [*edits, Edit("drop", (active_number(context),))]


class MAMBOCAP_OT_bring_back(_OfPeople, bpy.types.Operator):
    bl_idname = "mambocap.bring_back"
    bl_label = "Bring Back"
    bl_description = "Put this person, who was dropped or merged, back into the take"

    number: IntProperty(name="Person", min=1, options={"SKIP_SAVE"})

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        return brought_back(edits, self.number)


class MAMBOCAP_OT_give_up_change(_OfPeople, bpy.types.Operator):
    bl_idname = "mambocap.give_up_change"
    bl_label = "Give Up"
    bl_description = "Take this change off the list"

    index: IntProperty(min=0, options={"SKIP_SAVE", "HIDDEN"})

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        now = made_with(active_take(context))
        listed = changes(now, edits)
        return without_change(now, edits, listed[self.index].edit) if self.index < len(listed) else edits


class MAMBOCAP_OT_reset_people(_OfPeople, bpy.types.Operator):
    bl_idname = "mambocap.reset_people"
    bl_label = "Reset"
    bl_description = "Take all changes back, also those that were applied: everybody as they were found"

    @classmethod
    def poll_people(cls, context: bpy.types.Context) -> bool:
        if not wanted(active_take(context)):
            cls.poll_message_set("Nothing is changed: these are the people as they were found")
            return False
        return True

    def changed(self, context: bpy.types.Context, edits: list[Edit]) -> list[Edit]:
        return []


class MAMBOCAP_OT_select_person(OfTake, bpy.types.Operator):
    bl_idname = "mambocap.select_person"
    bl_label = "Select Person"
    bl_description = "Select the armature of this person"
    bl_options = {"REGISTER", "UNDO"}

    number: IntProperty(name="Person", min=1, options={"SKIP_SAVE"})

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        return can_leave_mode(context, cls)

    def execute(self, context: bpy.types.Context) -> set[str]:
        leave_mode(context)
        if not select_person(context.view_layer, active_take(context), self.number):
            self.report({"WARNING"}, f"The armature of {name_of(self.number)} is not in this view layer.")
            return {"CANCELLED"}
        return {"FINISHED"}


def select_person(layer: bpy.types.ViewLayer, take: bpy.types.Object, number: int) -> bool:
    """Select the armature of a person and nothing else. Returns whether it is there."""
    layer.update()   # Blender 5 does not know at once what was just built
    chosen = next((person for person in people_of(take) if person.get(NUMBER) == number), None)
    if chosen is None or chosen.name not in layer.objects:
        return False
    for thing in layer.objects:
        thing.select_set(thing == chosen)
    layer.objects.active = chosen
    return True


_CLASSES = (
    MAMBOCAP_OT_use_first, MAMBOCAP_OT_keep_only, MAMBOCAP_OT_merge_people, MAMBOCAP_OT_split_person,
    MAMBOCAP_OT_drop_person, MAMBOCAP_OT_bring_back, MAMBOCAP_OT_give_up_change, MAMBOCAP_OT_reset_people,
    MAMBOCAP_OT_select_person,
)  # fmt: skip


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    _merge_items.clear()
