"""Remove Clip and Move Clip: the buttons beside the list of clips."""

import bpy
from bpy.props import EnumProperty

from . import clips


class _OfClip:
    """An operator on the clip that is chosen in the list."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        settings = context.scene.mambocap
        if not 0 <= settings.active_clip < len(settings.clips):
            cls.poll_message_set("Choose a clip in the list first")
            return False
        return True


class MAMBOCAP_OT_remove_clip(_OfClip, bpy.types.Operator):
    bl_idname = "mambocap.remove_clip"
    bl_label = "Remove Clip"
    bl_description = "Take the chosen clip off the list. Its file stays on the disk"

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.scene.mambocap
        clips.remove(settings, settings.active_clip)
        return {"FINISHED"}


class MAMBOCAP_OT_move_clip(_OfClip, bpy.types.Operator):
    bl_idname = "mambocap.move_clip"
    bl_label = "Move Clip"
    bl_description = "Move the chosen clip in the list. The first one gives the take its clock and its rate"

    to: EnumProperty(
        name="To",
        items=[("UP", "Up", "Before the clip above it"), ("DOWN", "Down", "Behind the clip below it")],
        description="Which way",
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.scene.mambocap
        target = settings.active_clip + (-1 if self.to == "UP" else 1)
        if not 0 <= target < len(settings.clips):
            self.report({"WARNING"}, "The clip stands at the end of the list already.")
            return {"CANCELLED"}
        clips.move(settings, settings.active_clip, target)
        return {"FINISHED"}


_CLASSES = (MAMBOCAP_OT_remove_clip, MAMBOCAP_OT_move_clip)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
