"""Use This One: an artist's choice among the poses goes into the main motion, and can be taken back."""

from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty, PointerProperty

from ...motion.hypotheses.limbs import LIMB_WORDS, WHOLE_BODY
from ...motion.hypotheses.take_over import FADE_FRAMES
from ...motion.refusal import Refusal
from ..clean_up import OfPerson, frame_range
from ..clean_up_settings import run
from ..clean_up_take import active_person, first_frame_of
from .kept_hypotheses import KeptHypothesis, hypotheses_of, shown_hypothesis
from .kept_uses import USES, has_uses, store_uses, uses_of
from .look_at_poses import MAIN, frames_of_choice, why_no_pose
from .use_pose import Wish, chosen_frames, use_pose

_LIMBS = [("NAMED", "As Named", "The limb in which the pose differs most"),
          *((limb, LIMB_WORDS[limb].title(), f"The {LIMB_WORDS[limb]}, wherever else the pose differs")
            for limb in sorted(LIMB_WORDS, key=lambda limb: limb != WHOLE_BODY))]  # fmt: skip
_FRAMES = [
    ("NAMED", "As Named", "The frames in which the pose differs"),
    ("WHOLE", "Whole Clip", "All frames of the motion; of one with more than 2,000, those around the pose"),
    ("CHOSEN", "Chosen Frames", "The preview range where there is one, else the frames From and To"),
]


def _limb_property() -> EnumProperty:
    return EnumProperty(name="Limb", items=_LIMBS, description="What is taken from the pose; the rest stays")


def _frames_property(**more: Any) -> EnumProperty:
    return EnumProperty(name="Frames", items=_FRAMES, description="When the pose is taken over", **more)


def _blend_property() -> IntProperty:
    return IntProperty(
        name="Blend", default=FADE_FRAMES, min=0, soft_max=60, max=10_000,
        description="Frames before and behind in which the main motion goes over into the pose and back",
    )  # fmt: skip


def _begin_with_named(settings: "MambocapOtherPoses", _: bpy.types.Context) -> None:
    """Frames that nobody has chosen yet begin with those of the pose that is shown."""
    person = settings.id_data
    poses, panel = hypotheses_of(person), person.mambocap_clean_up
    if settings.frames == "CHOSEN" and poses and not panel.is_property_set("last_frame"):
        shown = shown_hypothesis(person) or poses[0]
        panel.first_frame, panel.last_frame = frames_of_choice(first_frame_of(person), shown)


class MambocapOtherPoses(bpy.types.PropertyGroup):
    """What the next use of a pose takes."""

    limb: _limb_property()
    frames: _frames_property(update=_begin_with_named)
    blend: _blend_property()


class MAMBOCAP_OT_use_pose(OfPerson, bpy.types.Operator):
    bl_idname = "mambocap.use_pose"
    bl_label = "Use This One"
    bl_description = (
        "Put this pose into the main motion, for its limb and its frames or for those that you choose. All other keys "
        "stay, and what you use adds up. Clean Up Again keeps it"
    )
    bl_options = {"REGISTER", "UNDO"}

    number: IntProperty(name="Number", default=MAIN, min=MAIN, options={"SKIP_SAVE", "HIDDEN"},
                        description="Place in the list, from 0; -1 is the pose that is shown")  # fmt: skip
    limb: _limb_property()
    frames: _frames_property()
    first_frame: IntProperty(name="From", options={"SKIP_SAVE"}, description="First scene frame of the pose")
    last_frame: IntProperty(name="To", options={"SKIP_SAVE"}, description="Last scene frame of the pose")
    blend: _blend_property()

    @classmethod
    def poll_person(cls, person: bpy.types.Object) -> bool:
        why = why_no_pose(person)
        if not why and person.animation_data.action is None:
            why = f"{person.name} has no action to put a pose into"
        if why:
            cls.poll_message_set(why)
        return not why

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._use(context, active_person(context)))

    def draw(self, context: bpy.types.Context) -> None:
        self.layout.use_property_split = True
        shown = ("limb", "frames", *(("first_frame", "last_frame") if self.frames == "CHOSEN" else ()), "blend")
        for name in shown:
            self.layout.prop(self, name)

    def _use(self, context: bpy.types.Context, person: bpy.types.Object) -> str:
        kept = self._kept(person)
        self.number = kept.number   # as Adjust Last Operation runs it again, when the main motion is shown
        limb = kept.choice.limb if self.limb == "NAMED" else self.limb
        return use_pose(person, context, kept, Wish(limb, *self._span(context, person, kept), self.blend))

    def _kept(self, person: bpy.types.Object) -> KeptHypothesis:
        found = {kept.number: kept for kept in hypotheses_of(person)}
        shown = shown_hypothesis(person)
        kept = found.get(self.number, shown if self.number == MAIN else None)
        if kept is None:
            raise Refusal("no-pose", f"No other pose of {person.name} is shown.", "Press one in the list first.")
        return kept

    def _span(self, context: bpy.types.Context, person: bpy.types.Object, kept: KeptHypothesis) -> tuple[int, int]:
        if self.frames == "NAMED":
            return kept.choice.first, kept.choice.last
        if self.frames == "WHOLE":
            return chosen_frames(person, float("-inf"), float("inf"))
        if not self.properties.is_property_set("first_frame"):   # Adjust Last Operation begins with the named frames
            named = frames_of_choice(first_frame_of(person), kept)
            is_chosen = context.scene.use_preview_range or person.mambocap_clean_up.is_property_set("last_frame")
            chosen = frame_range(context, person) if is_chosen else named
            self.first_frame, self.last_frame = chosen
        return chosen_frames(person, self.first_frame, self.last_frame)


class _TakesBack(OfPerson):
    """An operator for people of whose poses something was used."""

    @classmethod
    def poll_person(cls, person: bpy.types.Object) -> bool:
        if not has_uses(person):
            cls.poll_message_set(f"No other pose of {person.name} was used yet")
        return has_uses(person)


class MAMBOCAP_OT_take_back_pose(_TakesBack, bpy.types.Operator):
    bl_idname = "mambocap.take_back_pose"
    bl_label = "Take Back"
    bl_description = "Clean the captured motion up again without this, as Clean Up Again does"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(name="Number", default=-1, options={"SKIP_SAVE", "HIDDEN"},
                       description="Place in the list, from 0")  # fmt: skip

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: _without(active_person(context), self.index, context))


class MAMBOCAP_OT_forget_poses(_TakesBack, bpy.types.Operator):
    bl_idname = "mambocap.forget_poses"
    bl_label = "Forget Used Poses"
    bl_description = "Take back all poses that were used, and clean the captured motion up again without them"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: _without(active_person(context), None, context))


def _without(person: bpy.types.Object, index: int | None, context: bpy.types.Context) -> str:
    """Clean a person up without one use, or without any. All uses come back on Refusal."""
    before = str(person.get(USES, ""))
    uses = uses_of(person) if index is not None else []
    store_uses(person, [use for place, use in enumerate(uses) if place != index])
    try:
        return run(person, context)
    except Refusal:
        person[USES] = before
        raise


_CLASSES = (MambocapOtherPoses, MAMBOCAP_OT_use_pose, MAMBOCAP_OT_take_back_pose, MAMBOCAP_OT_forget_poses)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Object.mambocap_other_poses = PointerProperty(type=MambocapOtherPoses)


def unregister() -> None:
    del bpy.types.Object.mambocap_other_poses
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
