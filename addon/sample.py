"""Try a Sample: a solved take with its footage comes with the extension and needs no backend."""

from pathlib import Path

import bpy

from ..motion.job import MOTION
from ..motion.refusal import Refusal
from .backend_process import EXTENSION_FOLDER
from .body_model import body_model
from .take_scene import build_take, notes_of
from .takes import can_leave_mode, leave_mode, select

SAMPLE = EXTENSION_FOLDER / "assets" / "sample" / "take"


class MAMBOCAP_OT_try_sample(bpy.types.Operator):
    bl_idname = "mambocap.try_sample"
    bl_label = "Try a Sample"
    bl_description = "Bring in a take that comes with Mambocap: a person, the camera and its footage. Needs no backend"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not can_leave_mode(context, cls):
            return False
        if not has_sample(SAMPLE):
            cls.poll_message_set("This copy of Mambocap comes without the sample")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        leave_mode(context)
        try:
            take = build_take(context.scene, SAMPLE, "Sample", body_model(context))
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        select(take)
        for note in notes_of(take):
            self.report({"WARNING"}, note)
        return {"FINISHED"}


def has_sample(folder: Path) -> bool:
    return (folder / "person_00" / MOTION).is_file()


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_OT_try_sample)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_OT_try_sample)
