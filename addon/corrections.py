"""Repairs by the artist: a pose taken as right, sides exchanged, limbs ignored, pinned or dragged. Solved at once."""

from collections.abc import Sequence

import bpy
import numpy as np
from bpy.props import EnumProperty, IntProperty, StringProperty

from ..motion.corrections.edits import LIMB_OF_END, Edit, Exchange, Ignore, PoseKey, added
from ..motion.corrections.pin import end_joint
from ..motion.corrections.seen_points import POINT_NAMES
from ..motion.kinematics import forward_kinematics
from ..motion.limb_ik import LIMBS
from ..motion.refusal import Refusal
from .clean_up import OfPerson, frame_range
from .clean_up_settings import run
from .clean_up_take import Source, active_person, frames_of, source_of
from .kept_corrections import (
    CORRECTIONS,
    SEEN_BY,
    add_handle,
    handles_of,
    landmark_place,
    pose_of,
    store,
    stored_in,
    words_of,
)
from .person_clock import take_of
from .take_cameras import index_of, is_take_camera
from .takes import in_object_mode

_PARTS = [
    ("body", "Whole Body", "The person was taken for one who looks the other way: turn the pose round"),
    ("arms", "Arms", "Each arm goes the way that the other one went"),
    ("legs", "Legs", "Each leg goes the way that the other one went"),
]


def solved(person: bpy.types.Object, context: bpy.types.Context, edits: Sequence[Edit]) -> str:
    """Keep corrections on a person and mend and clean the motion up with them. What was kept comes back on Refusal."""
    before = str(person.get(CORRECTIONS, ""))
    store(person, edits)
    try:
        words = run(person, context)
    except Refusal:
        person[CORRECTIONS] = before
        raise
    context.scene.frame_set(context.scene.frame_current, subframe=context.scene.frame_subframe)
    return words


class MAMBOCAP_OT_correct_frame(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.correct_frame"
    bl_label = "Correct This Frame"
    bl_description = (
        "Take the pose that you gave the armature on this frame as right, keyed or not. Half a second on either side "
        "follows it smoothly, stays on the footage, and is cleaned up again"
    )
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._correct(context, active_person(context)))

    def _correct(self, context: bpy.types.Context, person: bpy.types.Object) -> str:
        context.view_layer.update()
        pose, time_s = pose_of(person), time_now(context, person, source_of(person, context))
        key = PoseKey(time_s, pose.R_parent_from_joint, pose.root_world)
        return solved(person, context, added(stored_in(person), key))


class _InFrames(OfPerson):
    """An operator from one frame to another."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_person(cls, person: bpy.types.Object) -> bool:
        if not bpy.context.scene.use_preview_range and not person.mambocap_clean_up.is_property_set("last_frame"):
            cls.poll_message_set("Choose frames first: set From and To, or press P in the timeline and drag over them")
            return False
        return True


class _OverFrames(_InFrames):
    """A repair that is said at once."""

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._repair(context, active_person(context)))

    def _repair(self, context: bpy.types.Context, person: bpy.types.Object) -> str:
        from_s, to_s = times_chosen(context, person, source_of(person, context))
        return solved(person, context, added(stored_in(person), self.edit(from_s, to_s)))

    def edit(self, from_s: float, to_s: float) -> Edit:
        raise NotImplementedError


class MAMBOCAP_OT_exchange_sides(_OverFrames, bpy.types.Operator):
    bl_idname = "mambocap.exchange_sides"
    bl_label = "Exchange Left and Right"
    bl_description = (
        "Exchange left and right over the chosen frames, in the pose and in what the footage says. "
        "The same again takes it back"
    )

    part: EnumProperty(name="Part", items=_PARTS, default="legs", description="What was taken for the other side")

    def edit(self, from_s: float, to_s: float) -> Edit:
        return Exchange(from_s, to_s, self.part)


class MAMBOCAP_OT_ignore_limb(_OverFrames, bpy.types.Operator):
    bl_idname = "mambocap.ignore_limb"
    bl_label = "Ignore Footage for Limb"
    bl_description = (
        "Move a limb on from before to after over the chosen frames, whatever the footage says. "
        "For limbs that are hidden or behind a prop"
    )

    limb: EnumProperty(
        name="Limb", items=[(name, words_of(name).title(), "") for name in LIMBS], description="The limb to ignore",
    )  # fmt: skip

    def edit(self, from_s: float, to_s: float) -> Edit:
        return Ignore(from_s, to_s, self.limb)


class _AddsHandle(OfPerson):
    """Adds an empty for the artist to move, selected and active."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return in_object_mode(cls, context) and super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._add(context, active_person(context)))

    def _choose(self, context: bpy.types.Context, handle: bpy.types.Object) -> None:
        for thing in context.view_layer.objects:
            thing.select_set(thing == handle)
        context.view_layer.objects.active = handle


class MAMBOCAP_OT_pin_end(_AddsHandle, _InFrames, bpy.types.Operator):
    bl_idname = "mambocap.pin_end"
    bl_label = "Pin Hand or Foot"
    bl_description = (
        "Hold a wrist or an ankle where it is now over the chosen frames, by an empty. "
        "Move or animate the empty, then press Mend Again"
    )

    end: EnumProperty(
        name="Hand or Foot", items=[(name, words_of(name).title(), "") for name in LIMB_OF_END],
        description="What is held",
    )  # fmt: skip

    def _add(self, context: bpy.types.Context, person: bpy.types.Object) -> str:
        source, pose = source_of(person, context), pose_of(person)
        from_s, to_s = times_chosen(context, person, source)
        skeleton = source.motion.skeleton
        _, joints = forward_kinematics(skeleton, pose.R_parent_from_joint, pose.root_world)
        title = f"Pin {words_of(self.end).title()}"
        handle = add_handle(person, self.end, title, joints[end_joint(self.end)], from_s, to_s)
        self._choose(context, handle)
        context.view_layer.update()
        return solved(person, context, stored_in(person))


class MAMBOCAP_OT_drag_landmark(_AddsHandle, bpy.types.Operator):
    bl_idname = "mambocap.drag_landmark"
    bl_label = "Drag Landmark"
    bl_description = (
        "Put an empty on a point of the body at this frame. Look through a camera of the take before, move the empty "
        "to where its footage shows that point, then press Mend Again"
    )

    landmark: EnumProperty(
        name="Landmark", items=[(name, words_of(name).title(), "") for name in sorted(POINT_NAMES)],
        description="The point of the body to move in the picture",
    )  # fmt: skip

    def _add(self, context: bpy.types.Context, person: bpy.types.Object) -> str:
        source = source_of(person, context)
        if not source.raw.cameras:
            raise Refusal("no-camera", f"{person.name} has no camera with footage.", "Pose the armature instead.")
        time_s = time_now(context, person, source)
        index = _camera_looked_through(context, person, source)
        where = f" in Camera {index + 1}" if len(source.raw.cameras) > 1 else ""
        place = landmark_place(source.body, pose_of(person), self.landmark)
        title = f"Drag {words_of(self.landmark).title()}{where}"
        handle = add_handle(person, self.landmark, title, place, time_s, time_s)
        handle[SEEN_BY] = index
        self._choose(context, handle)
        return f"Move the empty to where the footage shows it{where}, then press Mend Again"


def _camera_looked_through(context: bpy.types.Context, person: bpy.types.Object, source: Source) -> int:
    """The place of the scene's camera among a person's, 0 where it is none of them."""
    camera = context.scene.camera
    is_own = is_take_camera(camera) and take_of(camera) == take_of(person)
    return index_of(camera) if is_own and index_of(camera) < len(source.raw.cameras) else 0


class MAMBOCAP_OT_mend_again(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.mend_again"
    bl_label = "Mend Again"
    bl_description = (
        "Mend the captured motion again with all corrections, with pins and landmarks where you moved them, and clean "
        "it up"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_person(cls, person: bpy.types.Object) -> bool:
        if not handles_of(person) and not person.get(CORRECTIONS):
            cls.poll_message_set("This person has no corrections yet")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        person = active_person(context)
        context.view_layer.update()
        return self._try(lambda: solved(person, context, stored_in(person)))


class MAMBOCAP_OT_remove_correction(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.remove_correction"
    bl_label = "Remove Correction"
    bl_description = "Take this correction back and mend the motion again without it"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(name="Number", default=-1, options={"SKIP_SAVE"}, description="Place in the list, from 0")
    handle: StringProperty(name="Empty", options={"SKIP_SAVE"}, description="The empty of a pin or landmark instead")

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._remove(context, active_person(context)))

    def _remove(self, context: bpy.types.Context, person: bpy.types.Object) -> str:
        edits = stored_in(person)
        for handle in [thing for thing in handles_of(person) if thing.name == self.handle]:
            if context.view_layer.objects.active == handle:
                context.view_layer.objects.active = person
            bpy.data.objects.remove(handle)
        return solved(person, context, [edit for place, edit in enumerate(edits) if place != self.index])


class MAMBOCAP_OT_forget_corrections(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.forget_corrections"
    bl_label = "Forget Corrections"
    bl_description = "Take all corrections of this person back, its pins and landmarks too, and clean up without them"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        person = active_person(context)
        context.view_layer.objects.active = person
        bpy.data.batch_remove(handles_of(person))
        return self._try(lambda: solved(person, context, []))


def time_now(context: bpy.types.Context, person: bpy.types.Object, source: Source) -> float:
    """The second of the footage that the current frame shows. Raises Refusal where the motion has no frame."""
    frames = frames_of(person, source)
    nearest = int(np.argmin(np.abs(frames - context.scene.frame_current_final)))
    if abs(frames[nearest] - context.scene.frame_current_final) > 0.51:
        raise Refusal("no-frames", f"{person.name} has no key at frame {context.scene.frame_current}.",
                      f"Go to a frame between {np.ceil(frames[0]):.0f} and {frames[-1]:.0f}.")  # fmt: skip
    return float(source.motion.times_s[nearest])


def times_chosen(context: bpy.types.Context, person: bpy.types.Object, source: Source) -> tuple[float, float]:
    """The seconds of the footage from the first chosen frame to the last. Raises Refusal where there is no key."""
    frames, (first, last) = frames_of(person, source), frame_range(context, person)
    during = np.flatnonzero((frames > first - 0.5) & (frames < last + 0.5))
    if not len(during):
        raise Refusal("no-frames", f"{person.name} has no key from frame {first} to {last}.",
                      f"Choose frames between {np.ceil(frames[0]):.0f} and {frames[-1]:.0f}.")  # fmt: skip
    times_s = source.motion.times_s
    return float(times_s[during[0]]), float(times_s[during[-1]])


_CLASSES = (
    MAMBOCAP_OT_correct_frame, MAMBOCAP_OT_exchange_sides, MAMBOCAP_OT_ignore_limb, MAMBOCAP_OT_pin_end,
    MAMBOCAP_OT_drag_landmark, MAMBOCAP_OT_mend_again, MAMBOCAP_OT_remove_correction, MAMBOCAP_OT_forget_corrections,
)  # fmt: skip

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
