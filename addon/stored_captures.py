"""Captures on the disk: brought in, taken up again, deleted."""

from pathlib import Path

import bpy
from bpy.props import StringProperty

from ..motion.job import read_request
from ..motion.places import jobs_folder
from ..motion.refusal import Refusal
from . import capture, jobs
from .body_model import body_model
from .take_scene import FOLDER, build_take, notes_of
from .takes import can_leave_mode, leave_mode, select, state_of

MOST_SHOWN = 6


def jobs_not_in(scene: bpy.types.Scene) -> list[jobs.Job]:
    """Captures on the disk that this scene has no take of, the newest first; a watched one is left out."""
    here = {Path(str(thing[FOLDER])) for thing in scene.objects if FOLDER in thing}
    watched = capture.session.job if capture.session is not None else None
    return [job for job in capture.found if job.folder not in here and job.folder != watched]


def choices_for(job: jobs.Job) -> list[tuple[str, str]]:
    """The operators that suit a capture on the disk, with their words."""
    found = [("mambocap.bring_in", "Bring In")] if job.people and job.state != "running" else []
    return found + ([("mambocap.resume", "Resume")] if job.state in ("failed", "interrupted") else [])


class _OfJob:
    """An operator on one capture on the disk."""

    job: StringProperty(name="Capture", description="Name of the capture's folder", options={"SKIP_SAVE", "HIDDEN"})

    @property
    def folder(self) -> Path:
        return jobs_folder() / Path(self.job).name


class MAMBOCAP_OT_bring_in(_OfJob, bpy.types.Operator):
    bl_idname = "mambocap.bring_in"
    bl_label = "Bring In"
    bl_description = "Make armatures with their motion, and the camera with its footage, from this capture"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return can_leave_mode(context, cls)

    def execute(self, context: bpy.types.Context) -> set[str]:
        leave_mode(context)
        try:
            take = build_take(context.scene, self.folder, _take_name(self.folder), body_model(context))
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        select(take)
        capture.notice = None
        for note in notes_of(take):
            self.report({"WARNING"}, note)
        self.report({"INFO"}, f"{take.name}: {state_of(take)}")
        return {"FINISHED"}


def _take_name(folder: Path) -> str:
    try:
        return Path(read_request(folder).clips[0]).stem
    except Refusal:
        return folder.name


class MAMBOCAP_OT_resume(_OfJob, bpy.types.Operator):
    bl_idname = "mambocap.resume"
    bl_label = "Resume"
    bl_description = "Go on with this capture where it stopped. What is finished is not done again"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return capture.can_start(cls)

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            capture.start(self.folder, context.scene.name)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        return {"FINISHED"}


class MAMBOCAP_OT_delete_job(_OfJob, bpy.types.Operator):
    bl_idname = "mambocap.delete_job"
    bl_label = "Delete Capture"
    bl_description = "Delete this capture from the disk: its motion, its preview and what it has cached. Takes stay"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return context.window_manager.invoke_confirm(
            self, event, title="Delete Capture?", message=f"{self.folder.name} cannot be restored.",
            confirm_text="Delete",
        )  # fmt: skip

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            jobs.delete(self.folder)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        capture.pick_up()
        return {"FINISHED"}


class MAMBOCAP_OT_look_for_jobs(bpy.types.Operator):
    bl_idname = "mambocap.look_for_jobs"
    bl_label = "Look Again"
    bl_description = "Look on the disk for captures that were finished or broken off elsewhere"

    def execute(self, context: bpy.types.Context) -> set[str]:
        capture.pick_up()
        return {"FINISHED"}


_CLASSES = (MAMBOCAP_OT_bring_in, MAMBOCAP_OT_resume, MAMBOCAP_OT_delete_job, MAMBOCAP_OT_look_for_jobs)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
