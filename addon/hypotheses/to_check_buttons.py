"""To the frames to check, the worst first: each at its worst frame, with the person and the unsure bone selected."""

import bpy
from bpy.props import EnumProperty, IntProperty

from ...motion.hypotheses.to_check import ToCheck
from ..clean_up_take import active_person, first_frame_of, rate_of
from .to_check_words import words_of
from .uncertainty_kept import uncertainty_of


def to_check_in(person: bpy.types.Object, scene: bpy.types.Scene) -> tuple[ToCheck, ...]:
    """The worst first; frames count from the person's first key."""
    known = uncertainty_of(person, float(rate_of(person, scene)))
    return known.to_check if known is not None else ()


def place_now(person: bpy.types.Object, scene: bpy.types.Scene, stretches: tuple[ToCheck, ...]) -> int | None:
    """Which of the stretches somebody looks at: the one whose worst frame is shown, that of the active bone if several.

    None where no worst frame is.
    """
    bone, row = person.data.bones.active, round(scene.frame_current - first_frame_of(person))
    shown = [place for place, stretch in enumerate(stretches) if stretch.frame == row]
    return min(shown, key=lambda place: bone is None or stretches[place].joint_name != bone.name, default=None)


def go_to(context: bpy.types.Context, person: bpy.types.Object, stretch: ToCheck) -> None:
    """Show the worst frame of a stretch, and select its bone and nobody but the person."""
    for thing in context.view_layer.objects:
        thing.select_set(thing == person)
    context.view_layer.objects.active = person
    for bone in person.pose.bones:
        owner = bone if hasattr(bone, "select") else bone.bone   # before Blender 5
        owner.select = bone.name == stretch.joint_name
    person.data.bones.active = person.data.bones.get(stretch.joint_name)
    context.scene.frame_set(round(first_frame_of(person) + stretch.frame))


class _ToCheck:
    """An operator on the frames to check of the active person."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode not in {"OBJECT", "POSE"}:   # in an edit mode Ctrl Z would take back edits and leave this
            cls.poll_message_set("Go to Object Mode or Pose Mode first")
            return False
        person = active_person(context)
        if person is None:
            cls.poll_message_set("Select a person of a take first")
            return False
        if not to_check_in(person, context.scene):
            cls.poll_message_set("No frame of this person is less sure than the rest")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        person = active_person(context)
        stretches = to_check_in(person, context.scene)
        place = self.place(person, context.scene, stretches) % len(stretches)
        go_to(context, person, stretches[place])
        self.report({"INFO"}, f"{place + 1} of {len(stretches)}: {words_of(stretches[place])}")
        return {"FINISHED"}

    def place(self, person: bpy.types.Object, scene: bpy.types.Scene, stretches: tuple[ToCheck, ...]) -> int:
        raise NotImplementedError


class MAMBOCAP_OT_look_at_unsure(_ToCheck, bpy.types.Operator):
    bl_idname = "mambocap.look_at_unsure"
    bl_label = "Look at Unsure Frames"
    bl_description = (
        "Show the frame of this stretch at which the pose is least sure, and select the bone that may well be elsewhere"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    number: IntProperty(name="Number", min=0, options={"HIDDEN"},
                        description="Place in the list of frames to check, from 0")  # fmt: skip

    def place(self, person: bpy.types.Object, scene: bpy.types.Scene, stretches: tuple[ToCheck, ...]) -> int:
        return min(self.number, len(stretches) - 1)


class MAMBOCAP_OT_next_unsure(_ToCheck, bpy.types.Operator):
    bl_idname = "mambocap.next_unsure"
    bl_label = "Next Unsure Frames"
    bl_description = (
        "Go through the frames to check, the worst first: show the frame at which the pose is least sure, and select "
        "the bone that may well be elsewhere"
    )

    way: EnumProperty(
        name="Way", description="Which one of the list is shown",
        items=[("NEXT", "Next", "The next one, less bad than this"), ("PREVIOUS", "Previous", "The one before, worse")],
    )  # fmt: skip

    def place(self, person: bpy.types.Object, scene: bpy.types.Scene, stretches: tuple[ToCheck, ...]) -> int:
        now = place_now(person, scene, stretches)
        if now is None:
            return 0
        return now + (1 if self.way == "NEXT" else -1)


_CLASSES = (MAMBOCAP_OT_look_at_unsure, MAMBOCAP_OT_next_unsure)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
