"""Find Takes, Open Report, Open Folder, Open Log: small buttons of the Batch panel."""

from pathlib import Path

import bpy

from ...motion.batch.words import BATCH_LOG, REPORT
from .. import backend_process
from . import watched
from .start_batch import seen_in


class MAMBOCAP_OT_find_takes(bpy.types.Operator):
    bl_idname = "mambocap.find_takes"
    bl_label = "Find Takes"
    bl_description = "Look again for clips in the chosen folder or list, and for what is done of them"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not (chosen := context.scene.mambocap_batch.places is not None):
            cls.poll_message_set("Choose a folder of footage under Batch first")
        return chosen

    def execute(self, context: bpy.types.Context) -> set[str]:
        watched.find(context.scene)
        return {"FINISHED"}


class MAMBOCAP_OT_open_report(bpy.types.Operator):
    bl_idname = "mambocap.open_report"
    bl_label = "Open Report"
    bl_description = "Open the report of the batch in the web browser: every take with its pictures and quality card"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        seen = seen_in(context, cls)
        if seen is not None and not seen.has_report:
            cls.poll_message_set("There is no report yet: it is written when the batch has ended")
        return seen is not None and seen.has_report

    def execute(self, context: bpy.types.Context) -> set[str]:
        report = watched.batch_of(context.scene).seen.places.folder / REPORT
        return bpy.ops.wm.url_open(url=report.resolve().as_uri())


class MAMBOCAP_OT_open_batch_folder(bpy.types.Operator):
    bl_idname = "mambocap.open_batch_folder"
    bl_label = "Open Folder"
    bl_description = "Open the folder of the batch, with a folder for each take, in the system's file manager"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        seen = seen_in(context, cls)
        if seen is not None and not seen.is_there:
            cls.poll_message_set("The batch has no folder yet: it is made when the batch is started")
        return seen is not None and seen.is_there

    def execute(self, context: bpy.types.Context) -> set[str]:
        return bpy.ops.wm.path_open(filepath=str(watched.batch_of(context.scene).seen.places.folder))


class MAMBOCAP_OT_open_batch_log(bpy.types.Operator):
    bl_idname = "mambocap.open_batch_log"
    bl_label = "Open Batch Log"
    bl_description = "Open the log of the batch in the system's text viewer"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        seen = seen_in(context, cls)
        if seen is not None and not seen.is_there:
            cls.poll_message_set("There is no log yet: the batch was not started")
        return seen is not None and seen.is_there

    def execute(self, context: bpy.types.Context) -> set[str]:
        log = _log_of(watched.batch_of(context.scene).seen.places.folder)
        if log is None:
            self.report({"ERROR"}, "The batch has written no log. Press Start Batch.")
            return {"CANCELLED"}
        return bpy.ops.wm.path_open(filepath=str(log))


def _log_of(folder: Path) -> Path | None:
    """The log that says most about the last run, None when nothing was written."""
    logs = [path for path in (folder / BATCH_LOG, folder / backend_process.START_LOG) if path.is_file()]
    return next((path for path in logs if path.stat().st_size), None)


_CLASSES = (
    MAMBOCAP_OT_find_takes, MAMBOCAP_OT_open_report, MAMBOCAP_OT_open_batch_folder, MAMBOCAP_OT_open_batch_log,
)  # fmt: skip

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
