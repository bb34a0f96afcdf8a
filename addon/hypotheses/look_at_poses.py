"""Stepping through the other poses of a person, while the animation plays or stands."""

import bpy
from bpy.props import IntProperty, StringProperty

from ..clean_up_take import active_person, first_frame_of, is_person
from ..scene_clock import clock_of
from ..tells_refusals import TellsRefusals
from .kept_hypotheses import KeptHypothesis, hypotheses_of, show, shown_hypothesis

MAIN = -1         # as the number of a pose: the main motion
_LOOPED_S = 0.5   # before and behind the frames of a pose


class _LooksAtPoses(TellsRefusals):
    """An operator that shows another pose of the active person, or the main motion."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode not in {"OBJECT", "POSE"}:
            cls.poll_message_set("Go to Object Mode or Pose Mode first")
            return False
        person = active_person(context)
        why = why_no_pose(person) or why_not_shown(person)
        if why:
            cls.poll_message_set(why)
        return not why

    def execute(self, context: bpy.types.Context) -> set[str]:
        person = active_person(context)
        return self._try(lambda: look_at(person, self._number(person)))

    def _number(self, person: bpy.types.Object) -> int:
        raise NotImplementedError


class MAMBOCAP_OT_show_pose(_LooksAtPoses, bpy.types.Operator):
    bl_idname = "mambocap.show_pose"
    bl_label = "Show Pose"
    bl_description = "Show this pose in place of the main motion, which stays as it is; press again to go back to it"
    bl_options = {"REGISTER", "UNDO"}

    number: IntProperty(name="Number", default=MAIN, min=MAIN, options={"SKIP_SAVE", "HIDDEN"},
                        description="Place in the list, from 0; -1 is the main motion")  # fmt: skip

    def _number(self, person: bpy.types.Object) -> int:
        shown = shown_hypothesis(person)
        return MAIN if shown is not None and shown.number == self.number else self.number


class MAMBOCAP_OT_step_poses(_LooksAtPoses, bpy.types.Operator):
    bl_idname = "mambocap.step_poses"
    bl_label = "Next Pose"
    bl_description = "Show the next pose; after the last one comes the main motion"
    bl_options = {"REGISTER", "UNDO"}

    step: IntProperty(name="Step", default=1, min=-1, max=1, options={"SKIP_SAVE", "HIDDEN"},
                      description="1 for the next pose, -1 for the one before")  # fmt: skip

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        if properties.step < 0:
            return "Show the pose before; before the first one comes the main motion"
        return cls.bl_description

    def _number(self, person: bpy.types.Object) -> int:
        order = [MAIN, *(kept.number for kept in hypotheses_of(person))]
        shown = shown_hypothesis(person)
        return order[(order.index(shown.number if shown else MAIN) + self.step) % len(order)]


class MAMBOCAP_OT_loop_pose(_LooksAtPoses, bpy.types.Operator):
    bl_idname = "mambocap.loop_pose"
    bl_label = "Loop Its Frames"
    bl_description = (
        "Let the animation play around the frames of this pose alone, by the preview range; press again to let it play "
        "all frames"
    )
    bl_options = {"REGISTER", "UNDO"}

    number: IntProperty(name="Number", default=0, min=0, options={"SKIP_SAVE", "HIDDEN"},
                        description="Place in the list, from 0")  # fmt: skip

    def execute(self, context: bpy.types.Context) -> set[str]:
        person, scene = active_person(context), context.scene
        kept = next((kept for kept in hypotheses_of(person) if kept.number == self.number), None)
        if kept is None:
            self.report({"WARNING"}, f"{person.name} has no pose {self.number + 1}.")
            return {"CANCELLED"}
        first_frame = first_frame_of(person)
        if is_looped(first_frame, kept, scene):
            scene.use_preview_range = False
        else:
            scene.use_preview_range = True
            first, last = scene.frame_preview_start, scene.frame_preview_end = _looped(first_frame, kept, scene)
            if not first <= scene.frame_current <= last:
                scene.frame_set(first)
        return {"FINISHED"}


class MAMBOCAP_OT_poses_of(bpy.types.Operator):
    bl_idname = "mambocap.poses_of"
    bl_label = "Poses of Person"
    bl_description = "Select this person and list the other poses"
    bl_options = {"REGISTER", "UNDO"}

    person: StringProperty(name="Person", options={"SKIP_SAVE"}, description="The armature's name")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode != "OBJECT":
            cls.poll_message_set("Go to Object Mode first")
        return context.mode == "OBJECT"

    def execute(self, context: bpy.types.Context) -> set[str]:
        chosen = context.view_layer.objects.get(self.person)
        if chosen is None or not is_person(chosen):
            self.report({"WARNING"}, f"{self.person} is not in this view layer.")
            return {"CANCELLED"}
        for thing in context.view_layer.objects:
            thing.select_set(thing == chosen)
        context.view_layer.objects.active = chosen
        return {"FINISHED"}


def why_no_pose(person: bpy.types.Object | None) -> str:
    """Why there is no other pose of somebody, "" when there is."""
    if person is None:
        return "Select a person of a take first"
    return "" if hypotheses_of(person) else f"The capture brought no other poses of {person.name}"


def why_not_shown(person: bpy.types.Object) -> str:
    """Why Blender would not show another pose, "" when it would."""
    if person.library is not None or person.override_library is not None:
        return f"{person.name} comes from another file: look at its poses there"
    if person.animation_data.use_tweak_mode:
        return "Leave tweak mode in the Nonlinear Animation editor first, with Tab"
    if not person.animation_data.use_nla:
        return f"The NLA tracks of {person.name} are switched off: tick the box before its name in the NLA editor"
    return ""


def frames_of_choice(first_frame: float, kept: KeptHypothesis) -> tuple[int, int]:
    """The first and last scene frame in which a pose differs most, by that of its person's first key."""
    return round(first_frame + kept.choice.first), round(first_frame + kept.choice.last)


def is_looped(first_frame: float, kept: KeptHypothesis, scene: bpy.types.Scene) -> bool:
    looped = scene.frame_preview_start, scene.frame_preview_end
    return scene.use_preview_range and looped == _looped(first_frame, kept, scene)


def _looped(first_frame: float, kept: KeptHypothesis, scene: bpy.types.Scene) -> tuple[int, int]:
    """The frames of a pose and a little before and behind, as far as the motion goes."""
    first, last = frames_of_choice(first_frame, kept)
    around, length = round(_LOOPED_S * float(clock_of(scene).rate)), kept.strip.frame_end - kept.strip.frame_start
    return max(first - around, round(first_frame)), min(last + around, round(first_frame + length))


def look_at(person: bpy.types.Object, number: int) -> str:
    """Show a pose or MAIN at the scene frames at which the person's keys lie now. Returns what is shown."""
    for kept in hypotheses_of(person):
        _begin_at(kept, first_frame_of(person))
    show(person, None if number == MAIN else number)
    shown = shown_hypothesis(person)
    return f"Pose {shown.number + 1}: {shown.title}" if shown else "Main motion"


def _begin_at(kept: KeptHypothesis, frame: float) -> None:
    """The artist may have moved the main motion's keys in time since."""
    strip, length = kept.strip, kept.strip.frame_end - kept.strip.frame_start
    if strip.frame_start < frame:   # no strip can end before it begins, not even on its way
        strip.frame_end, strip.frame_start = frame + length, frame
    elif strip.frame_start > frame:
        strip.frame_start, strip.frame_end = frame, frame + length


_CLASSES = (MAMBOCAP_OT_show_pose, MAMBOCAP_OT_step_poses, MAMBOCAP_OT_loop_pose, MAMBOCAP_OT_poses_of)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
