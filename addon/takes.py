"""Takes of this file: listed, selected, solved again with other settings, removed."""

from pathlib import Path

import bpy
from bpy.props import IntProperty

from ..motion.job import read_request
from ..motion.refusal import Refusal
from . import backend_process, capture, jobs
from .backend_place import preferences
from .capture_request import request_from, show_request
from .kept_quality import GRADE_ICONS, grade_of
from .people_changes import asking_for, edits_in, find_the_same_people
from .take_scene import FOLDER, SEEN, remove_take, takes_in


def active_take(context: bpy.types.Context) -> bpy.types.Object | None:
    """The take that the active object belongs to, else the only one in the scene."""
    thing = context.view_layer.objects.active
    while thing is not None and FOLDER not in thing:
        thing = thing.parent
    if thing is not None:
        return thing
    every = takes_in(context.scene)
    return every[0] if len(every) == 1 else None


def people_of(take: bpy.types.Object) -> list[bpy.types.Object]:
    return [thing for thing in take.children_recursive if thing.type == "ARMATURE" and SEEN in thing]


def seconds_of(take: bpy.types.Object, scene: bpy.types.Scene) -> float:
    """From the first frame of any motion of a take to the last one."""
    actions = [p.animation_data.action for p in people_of(take) if p.animation_data and p.animation_data.action]
    ranges = [action.frame_range for action in actions]
    frames = max(end for _, end in ranges) - min(start for start, _ in ranges) + 1.0 if ranges else 0.0
    return frames * scene.render.fps_base / scene.render.fps


def state_of(take: bpy.types.Object) -> str:
    """Who is in a take and how much of them was seen, such as "2 people, seen in 98 % of the frames"."""
    people = people_of(take)
    words = jobs.people_words(len(people))
    seen = [flag for person in people for flag in person.get(SEEN, ())]
    return f"{words}, seen in {100.0 * sum(seen) / len(seen):.0f} %" if seen else words


def job_of(take: bpy.types.Object | None) -> Path | None:
    """The capture that a take was made by, None when it is no longer on the disk."""
    folder = Path(str(take[FOLDER])) if take is not None and str(take[FOLDER]) else None
    return folder if folder is not None and backend_process.state(folder) != "empty" else None


class MAMBOCAP_UL_takes(bpy.types.UIList):
    bl_idname = "MAMBOCAP_UL_takes"

    def draw_item(self, context, layout, data, item, icon, active_data, active_propname, index=0, flt_flag=0) -> None:
        row = layout.row()
        grade = grade_of(people_of(item))
        row.label(text=item.name, icon=GRADE_ICONS[grade] if grade else "ARMATURE_DATA")
        detail = row.row()
        detail.alignment = "RIGHT"
        detail.label(text=f"{seconds_of(item, context.scene):.1f} s")

    def filter_items(self, context, data, propname) -> tuple[list[int], list[int]]:
        wanted = self.filter_name.lower()
        shown = [FOLDER in thing and wanted in thing.name.lower() for thing in getattr(data, propname)]
        return [self.bitflag_filter_item if is_shown else 0 for is_shown in shown], []


def _take_index(scene: bpy.types.Scene) -> int:
    take = active_take(bpy.context)
    return scene.objects.find(take.name) if take is not None else -1


def _select_take(scene: bpy.types.Scene, index: int) -> None:
    if can_leave_mode(bpy.context):
        leave_mode(bpy.context)
        select(scene.objects[index])


def select(take: bpy.types.Object) -> None:
    """Select the people of a take and nothing else."""
    layer = bpy.context.view_layer
    layer.update()   # Blender 5 does not know at once what was just built
    chosen = [thing for thing in [*people_of(take), take] if thing.name in layer.objects]
    for thing in layer.objects:
        thing.select_set(thing in chosen)
    if chosen:
        layer.objects.active = chosen[0]


def in_object_mode(operator: type[bpy.types.Operator], context: bpy.types.Context) -> bool:
    if context.mode != "OBJECT":
        operator.poll_message_set("Go to Object Mode first")
    return context.mode == "OBJECT"


def can_leave_mode(context: bpy.types.Context, operator: type[bpy.types.Operator] | None = None) -> bool:
    """Whether leave_mode works now; tells an operator's button why not."""
    if context.mode == "OBJECT" or bpy.ops.object.mode_set.poll():
        return True
    if operator is not None:
        operator.poll_message_set("Go to Object Mode first: Ctrl Tab or Tab over the 3D view")
    return False


def leave_mode(context: bpy.types.Context) -> None:
    """Go to Object Mode from Pose Mode or any other, as a part of the step of undo that asks for it."""
    if context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")


def _why_no_job(take: bpy.types.Object) -> str:
    folder = str(take[FOLDER])
    if folder and not Path(folder).is_dir():
        return f"The capture of {take.name} is no longer on the disk"
    return f"{take.name} came without its capture: choose footage and press Capture"


class OfTake:
    """An operator on the take of the active object."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if active_take(context) is None:
            cls.poll_message_set("Select a take first")
            return False
        return cls.poll_take(context)

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        return True

    @classmethod
    def has_job(cls, context: bpy.types.Context) -> bool:
        if job_of(active_take(context)) is None:
            cls.poll_message_set(_why_no_job(active_take(context)))
            return False
        return True

    @classmethod
    def shows_its_footage(cls, context: bpy.types.Context) -> bool:
        clip = context.scene.mambocap.clip_path
        if clip is None or clip.resolve() != _clip_of(job_of(active_take(context))):
            cls.poll_message_set("The panel shows other footage: press Show Its Settings first")
            return False
        return True


class MAMBOCAP_OT_show_settings(OfTake, bpy.types.Operator):
    bl_idname = "mambocap.show_settings"
    bl_label = "Show Its Settings"
    bl_description = "Put the footage and the settings of the selected take back into the panel"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        return cls.has_job(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            show_request(context.scene.mambocap, read_request(job_of(active_take(context))))
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        return {"FINISHED"}


class MAMBOCAP_OT_solve_again(OfTake, bpy.types.Operator):
    bl_idname = "mambocap.solve_again"
    bl_label = "Solve Again"
    bl_description = (
        "Solve the selected take with the settings in the panel as a new take. "
        "People are found again only when a setting asks for it; the old take stays"
    )

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        return capture.can_start(cls) and cls.has_job(context) and cls.shows_its_footage(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        job = job_of(active_take(context))
        try:
            before, request = read_request(job), request_from(context.scene.mambocap, preferences())
            if edits := edits_in(before):
                if find_the_same_people(before, request):
                    request = asking_for(request, edits)
                else:
                    self.report({"WARNING"}, "People are found anew, so that your changes of people are left out.")
            request.write(job)
            capture.start(job, context.scene.name)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        return {"FINISHED"}


def _clip_of(job: Path) -> Path | None:
    try:
        return Path(read_request(job).clips[0])
    except Refusal:
        return None


class MAMBOCAP_OT_remove_take(OfTake, bpy.types.Operator):
    bl_idname = "mambocap.remove_take"
    bl_label = "Remove Take"
    bl_description = "Take the selected take out of this file. Its capture stays on the disk to be brought in again"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        return can_leave_mode(context, cls)

    def execute(self, context: bpy.types.Context) -> set[str]:
        leave_mode(context)
        remove_take(active_take(context))
        return {"FINISHED"}


_CLASSES = (
    MAMBOCAP_UL_takes, MAMBOCAP_OT_show_settings, MAMBOCAP_OT_solve_again, MAMBOCAP_OT_remove_take,
)  # fmt: skip


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.mambocap_take = IntProperty(
        name="Take", get=_take_index, set=_select_take, options={"SKIP_SAVE"},
        description="The take of the active object; choosing one selects its people",
    )  # fmt: skip


def unregister() -> None:
    del bpy.types.Scene.mambocap_take
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
