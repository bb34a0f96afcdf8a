"""Import Chosen: the people of finished takes brought into the scene, each take as one of its own."""

from pathlib import Path

import bpy
from bpy.props import EnumProperty

from ...motion.batch.words import DONE
from ...motion.body import BodyModel
from ...motion.refusal import Refusal
from ..body_model import body_model
from ..take_scene import FOLDER, build_take, notes_of, takes_in
from ..takes import can_leave_mode, leave_mode, select
from . import watched
from .seen_batch import Seen
from .start_batch import seen_in


def importable(scene: bpy.types.Scene, seen: Seen) -> list[str]:
    """Names of the finished takes with a check mark of which the scene has none yet."""
    folders = [Path(str(take[FOLDER])) for take in takes_in(scene)]
    here = {folder.name for folder in folders if folder.parent == seen.places.folder}
    done = {name for name, take in seen.rows.items() if take.state == DONE}
    return [name for name in scene.mambocap_batch.chosen_rows if name in done and name not in here]


class MAMBOCAP_OT_import_takes(bpy.types.Operator):
    bl_idname = "mambocap.import_takes"
    bl_label = "Import Chosen"
    bl_description = (
        "Make armatures with their motion, and cameras with their footage, from the finished takes with a check mark. "
        "Takes that are in the scene already are left alone"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        seen = seen_in(context, cls)
        if seen is None or not can_leave_mode(context, cls):
            return False
        if not (some := len(importable(context.scene, seen)) > 0):
            cls.poll_message_set("No finished take with a check mark waits to be imported")
        return some

    def execute(self, context: bpy.types.Context) -> set[str]:
        leave_mode(context)
        try:
            model = body_model(context)
        except Refusal as refusal:   # before any take: it would say the same of each
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        seen = watched.batch_of(context.scene).seen
        names = importable(context.scene, seen)
        progress = context.window_manager
        progress.progress_begin(0, len(names))
        takes = []
        for place, name in enumerate(names):
            progress.progress_update(place)
            takes += self._import(context, seen.job(name), name, model)
        progress.progress_end()
        if not takes:
            return {"CANCELLED"}
        select(takes[0])
        self.report({"INFO"}, f"Imported {len(takes)} take{'' if len(takes) == 1 else 's'}.")
        return {"FINISHED"}

    def _import(
        self, context: bpy.types.Context, job: Path, name: str, model: BodyModel
    ) -> list[bpy.types.Object]:
        """The take, none where its files cannot be read: the others are imported all the same."""
        try:
            take = build_take(context.scene, job, name, model)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{name}: {refusal.sentence} {refusal.mend}")
            return []
        for note in notes_of(take):
            self.report({"WARNING"}, f"{name}: {note}")
        return [take]


class MAMBOCAP_OT_choose_takes(bpy.types.Operator):
    bl_idname = "mambocap.choose_takes"
    bl_label = "Choose Takes"
    bl_description = "Set or clear the check marks of all takes in the table at once"
    bl_options = {"REGISTER", "UNDO"}

    which: EnumProperty(
        name="Which",
        items=[("ALL", "All", "Import all takes"), ("NONE", "None", "Import no take")],
        description="Which takes get a check mark",
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not (some := len(context.scene.mambocap_batch.rows) > 0):
            cls.poll_message_set("The table has no takes: choose a folder of footage under Batch")
        return some

    def execute(self, context: bpy.types.Context) -> set[str]:
        for row in context.scene.mambocap_batch.rows:
            row.wanted = self.which == "ALL"
        return {"FINISHED"}


_CLASSES = (MAMBOCAP_OT_import_takes, MAMBOCAP_OT_choose_takes)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
