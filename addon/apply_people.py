"""Edits of people applied: the take solved again without looking for people, and its people put in place of the old."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import bpy
from bpy.props import StringProperty

from ..motion.job import read_request
from ..motion.refusal import Refusal
from . import capture
from .body_model import body_model
from .clean_up_settings import run
from .edit_people import select_person
from .hypotheses.kept_uses import has_uses, use_again, used_by_number
from .kept_corrections import CORRECTIONS, handles_of, texts_of
from .people_changes import asking_for, changes
from .take_scene import FOLDER, NUMBER, notes_of, rebuild_take
from .takes import OfTake, active_take, can_leave_mode, job_of, leave_mode, people_of
from .wanted_people import active_number, made_with, wanted


class MAMBOCAP_OT_apply_people(OfTake, bpy.types.Operator):
    bl_idname = "mambocap.apply_people"
    bl_label = "Apply"
    bl_description = (
        "Solve the take again with these changes, which takes seconds, and put the new people in the place of the old. "
        "The take keeps its name, place and corrections; what else you changed in its keys is lost"
    )

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        if not capture.can_start(cls) or not cls.has_job(context):
            return False
        take = active_take(context)
        if not changes(made_with(take), wanted(take)):
            cls.poll_message_set("There is no change to apply")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        take = active_take(context)
        job = job_of(take)
        try:
            asking_for(read_request(job), wanted(take)).write(job)
            capture.start(job, context.scene.name, replaces=take.name)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        return {"FINISHED"}


class MAMBOCAP_OT_replace_people(bpy.types.Operator):
    bl_idname = "mambocap.replace_people"
    bl_label = "Bring In the New People"
    bl_description = (
        "Put the people that the capture has now in the place of those of the take, which keeps its name and place"
    )
    bl_options = {"REGISTER", "UNDO"}

    take: StringProperty(name="Take", options={"SKIP_SAVE", "HIDDEN"}, description="Empty for the selected one")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return can_leave_mode(context, cls)

    def execute(self, context: bpy.types.Context) -> set[str]:
        leave_mode(context)
        take = context.scene.objects.get(self.take) if self.take else active_take(context)
        number = active_number(context)
        try:
            job, corrections = _job_to_build_from(take), texts_of(people_of(take))
            used = used_by_number(people_of(take))
            rebuild_take(context.scene, take, job, body_model(context))
            lost = [person.name for person in people_of(take) if not use_again(person, used)]
            _mend(people_of(take), corrections, context)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        if number:
            select_person(context.view_layer, take, number)
        capture.notice = None
        for name in lost:
            self.report({"WARNING"}, f"The other poses of {name} are new: choose again what you used of them.")
        for note in notes_of(take):
            self.report({"WARNING"}, note)
        return {"FINISHED"}


def _mend(people: Sequence[bpy.types.Object], corrections: Mapping[int, str], context: bpy.types.Context) -> None:
    """Give people who were built anew the corrections of those who had their numbers."""
    for person in people:
        person[CORRECTIONS] = corrections.get(int(person[NUMBER]), "")
        if person[CORRECTIONS] or handles_of(person) or has_uses(person):
            run(person, context)


def _job_to_build_from(take: bpy.types.Object | None) -> Path:
    job = job_of(take) if take is not None and FOLDER in take else None
    if job is None:
        raise Refusal("no-take", "The take whose people were changed is not in this scene any more.",
                      "Select it and press Bring In the New People.")  # fmt: skip
    return job


_CLASSES = (MAMBOCAP_OT_apply_people, MAMBOCAP_OT_replace_people)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
