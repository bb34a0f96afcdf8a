"""Retarget, its preview, and the reference pose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import bpy

from ....motion.refusal import Refusal
from ..keys.correction_layer import has_correction_layer
from ..retarget_character import retarget_character
from . import changed, long_retarget, preview
from .mapping_buttons import OfCharacter
from .mapping_list import title_of
from .outcome import beyond_the_scene, fit_scene, show_outcome
from .reference_pose import reference_text
from .retarget_settings import MambocapRetarget, mapping_of
from .wanted_source import wanted_source, why_no_source
from .wish import wish_of

Report = Callable[[float, str], None]
_SEVERAL = 3   # slots named in a message, so that it fits


def why_not(context: bpy.types.Context) -> str:
    """Why nothing can be retargeted now, without a full stop; "" if it can."""
    if context.mode not in {"OBJECT", "POSE"}:   # in an edit mode Ctrl Z would take back edits and leave the keys
        return "Go to Object Mode or Pose Mode first"
    if long_retarget.session is not None:
        return f"A motion is being brought to {long_retarget.session.character_name}"
    settings = context.scene.mambocap_retarget
    return why_no_source(context) or _why_no_character(context, settings)


def _why_no_character(context: bpy.types.Context, settings: MambocapRetarget) -> str:
    if settings.character is None:
        return "Choose the character that is to move"
    if context.scene not in settings.character.users_scene:
        return f"{settings.character.name} is not in this scene"
    if settings.source == "ARMATURE" and settings.armature == settings.character:
        return "Source and character are the same armature"
    return _why_no_bones(settings)


def _why_no_bones(settings: MambocapRetarget) -> str:
    there = settings.character.data.bones
    wanting = [title_of(slot) for slot in mapping_of(settings).missing]
    wanting += [row.name for row in settings.bones if row.bone and row.bone not in there]
    if not wanting:
        return ""
    more = f" and {len(wanting) - _SEVERAL} more" if len(wanting) > _SEVERAL else ""
    return f"Choose a bone under Bones for {', '.join(wanting[:_SEVERAL])}{more}"


class _WithAll:
    """An operator that needs a source and a character with its bones."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        why = why_not(context)
        if why:
            cls.poll_message_set(why)
        return not why

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.mambocap_retarget.problem = long_retarget.notice = ""
        try:
            with _progress(context.window_manager) as report:
                words = self.run(context, report)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        if not words:
            return {"INTERFACE"}   # nothing has changed that could be undone
        self.report({"INFO"}, words)
        return {"FINISHED"}

    def run(self, context: bpy.types.Context, report: Report) -> str:
        """Does it and says what was done; "" where that is still to come."""
        raise NotImplementedError


class MAMBOCAP_OT_retarget(_WithAll, bpy.types.Operator):
    bl_idname = "mambocap.retarget"
    bl_label = "Retarget"
    bl_description = (
        "Give the character the motion as a new action. Its rig stays as it is, and the action that it had stays in "
        "the file"
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Pressed by somebody, who need not wait for a long motion."""
        self.may_go_on_alone = long_retarget.can_go_on_alone()
        return self.execute(context)

    def run(self, context: bpy.types.Context, report: Report) -> str:
        settings = context.scene.mambocap_retarget
        preview.stop(context.scene)
        source = wanted_source(context)
        if getattr(self, "may_go_on_alone", False) and long_retarget.is_long(source):
            long_retarget.start(context, source)
            return ""
        return show_outcome(settings, retarget_character(settings.character, source, wish_of(settings), report))


class MAMBOCAP_OT_preview_retarget(_WithAll, bpy.types.Operator):
    bl_idname = "mambocap.preview_retarget"
    bl_label = "Preview on Character"
    bl_description = (
        "Show the motion on the character without keys, following the timeline and every change here. "
        "Press again to have its pose back"
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return preview.is_on(context.scene) or super().poll(context)

    def run(self, context: bpy.types.Context, report: Report) -> str:
        if preview.is_on(context.scene):
            preview.stop(context.scene)
            return "The character has its pose back"
        preview.start(context, report)
        is_corrected = has_correction_layer(context.scene.mambocap_retarget.character)
        more = ", and your corrections come on top then" if is_corrected else ""
        return f"Nothing is keyed until you press Retarget{more}"


class MAMBOCAP_OT_take_reference(OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.take_reference"
    bl_label = "Take Reference Pose"
    bl_description = (
        "Keep the pose that the character has now as the one in which it stands relaxed, as the source does at rest"
    )

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        _take_reference(context.scene)
        settings.reference = "pose"
        return f"The pose of {settings.character.name} on this frame is its reference"


def _take_reference(scene: bpy.types.Scene) -> None:
    settings = scene.mambocap_retarget
    with preview.set_aside(scene):
        settings.reference_pose = reference_text(settings.character)


def _reference_chosen(scene: bpy.types.Scene) -> None:
    """Take the current pose as soon as it is asked for, forget it when it is not."""
    settings = scene.mambocap_retarget
    if settings.reference == "rest":
        settings.reference_pose = ""
    elif not settings.reference_pose and settings.character is not None:
        try:
            _take_reference(scene)
        except Refusal as refusal:
            settings.problem = f"{refusal.sentence} {refusal.mend}"


class MAMBOCAP_OT_fit_scene_range(bpy.types.Operator):
    bl_idname = "mambocap.fit_scene_range"
    bl_label = "Fit Scene Range"
    bl_description = "Let the scene begin early and end late enough to play the whole motion"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        settings = context.scene.mambocap_retarget
        if not (settings.outcome and beyond_the_scene(settings)):
            cls.poll_message_set("No motion that was retargeted goes beyond the scene's frames")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        fit_scene(context.scene.mambocap_retarget)
        self.report({"INFO"}, f"The scene goes from frame {context.scene.frame_start} to {context.scene.frame_end}")
        return {"FINISHED"}


@contextmanager
def _progress(manager: bpy.types.WindowManager) -> Iterator[Report]:
    """A number at the pointer, from 0 to 100."""
    manager.progress_begin(0.0, 100.0)
    try:
        yield lambda share, words: manager.progress_update(100.0 * share)
    finally:
        manager.progress_end()


_CLASSES = (
    MAMBOCAP_OT_retarget, MAMBOCAP_OT_preview_retarget, MAMBOCAP_OT_take_reference, MAMBOCAP_OT_fit_scene_range,
)  # fmt: skip


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    changed.listeners.insert(0, _reference_chosen)   # before it is remembered and previewed


def unregister() -> None:
    changed.listeners.remove(_reference_chosen)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
