"""The sidebar tab Mambocap in the 3D view, in the order of work. It only draws."""

from pathlib import Path

import bpy

from . import capture, install_backend, jobs, live_view, solved_world, stored_captures, takes
from .backend_place import EXTENSION, is_installed
from .capture_settings import SOLVED, MambocapSettings
from .multiview.clip_list import draw_clips, draw_height, draw_part
from .progress import duration_words
from .take_scene import notes_of, takes_in
from .wrapped_text import draw_wrapped


class InSidebar:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Mambocap"


class MAMBOCAP_PT_footage(InSidebar, bpy.types.Panel):
    bl_label = "Footage"

    def draw(self, context: bpy.types.Context) -> None:
        settings = context.scene.mambocap
        layout = self.layout
        if settings.has_several_clips:
            draw_clips(layout, context, settings)
            return
        if settings.clip:
            layout.prop(settings, "clip", text="")
            _draw_facts(layout, context, settings)
            layout.operator("mambocap.add_camera", text="Add Camera...", icon="ADD")
            return
        layout.operator("mambocap.choose_footage", icon="FILE_MOVIE")
        draw_wrapped(layout, context, "Or drop a film, or one of each camera, on the 3D view.")
        layout.operator("mambocap.try_sample", icon="OUTLINER_OB_ARMATURE")


def _draw_facts(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapSettings) -> None:
    if not settings.clip_path.is_file():
        draw_wrapped(layout, context, f"There is no file {settings.clip_path}.", icon="ERROR")
    elif settings.fps > 0.0:
        layout.label(text=settings.clips[0].facts, icon="FILE_MOVIE")
        draw_part(layout, settings)


class MAMBOCAP_PT_footage_options(InSidebar, bpy.types.Panel):
    bl_label = "Camera and Film"
    bl_parent_id = "MAMBOCAP_PT_footage"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        settings = context.scene.mambocap
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        if settings.has_several_clips:
            draw_wrapped(layout, context, "This holds for every camera; a solved one is that of the first clip.",
                         icon="INFO")  # fmt: skip
        layout.prop(settings, "lens")
        if settings.lens == "MM":
            layout.prop(settings, "focal_mm", text=" ")
        elif settings.lens == "FOV":
            layout.prop(settings, "fov", text=" ")
        _draw_camera(layout, context, settings)
        layout.prop(settings, "turn")
        layout.prop(settings, "mirrored")
        row = layout.row(heading="Recorded At")
        row.prop(settings, "set_recorded_fps", text="")
        number = row.row()
        number.active = settings.set_recorded_fps
        number.prop(settings, "recorded_fps", text="fps")


def _draw_camera(layout: bpy.types.UILayout, context: bpy.types.Context, settings: MambocapSettings) -> None:
    layout.prop(settings, "camera_motion")
    if settings.camera_motion == SOLVED:
        layout.prop(settings, "path_file", text=" ")
        if settings.path_file:
            path = Path(bpy.path.abspath(settings.path_file))
            draw_wrapped(layout, context, solved_world.in_words(path), icon="INFO")
    layout.operator("mambocap.use_solved_camera", text="Use Blender's Solved Camera...", icon="CON_CAMERASOLVER")


class MAMBOCAP_PT_capture(InSidebar, bpy.types.Panel):
    bl_label = "Capture"

    def draw_header_preset(self, context: bpy.types.Context) -> None:
        self.layout.operator("preferences.addon_show", text="", icon="PREFERENCES", emboss=False).module = EXTENSION

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        if install_backend.installation is not None:
            _draw_installing(layout, install_backend.installation)
        elif install_backend.failure or not is_installed():
            _draw_install(layout, context)
        if capture.session is not None:
            _draw_running(layout, context, capture.session)
        else:
            row = layout.row()
            row.scale_y = 1.5
            row.operator("mambocap.capture", icon="RENDER_ANIMATION")
        if capture.notice is not None:
            _draw_notice(layout, context, capture.notice)


def _draw_installing(layout: bpy.types.UILayout, installation: install_backend.Installation) -> None:
    layout.progress(factor=installation.share, text=installation.words)
    layout.operator("mambocap.cancel_install", icon="X")


def _draw_install(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    if not install_backend.failure:
        draw_wrapped(layout, context, "Capturing needs the backend, which is not installed yet.", icon="INFO")
    row = layout.row()
    row.scale_y = 1.5
    row.operator("mambocap.install_backend", text="Install Backend...", icon="IMPORT")
    if install_backend.failure:
        draw_wrapped(layout, context, install_backend.failure, icon="ERROR")
        layout.operator("mambocap.open_install_log", icon="TEXT")


def _draw_running(layout: bpy.types.UILayout, context: bpy.types.Context, session: capture.Session) -> None:
    watch = session.watch
    layout.label(text=jobs.clip_name(session.job), icon="FILE_MOVIE")
    column = layout.column(align=True)
    column.progress(factor=watch.share, text=": ".join(filter(None, (watch.words, watch.count))))
    column.label(text=_time_words(session))
    layout.operator("mambocap.cancel", text="Cancel", icon="X")  # above what grows: it stays where it was seen
    if icon := live_view.icon_id():
        layout.template_icon(icon, scale=live_view.scale(context))
    for message in watch.messages[-2:]:
        draw_wrapped(layout, context, message, icon="INFO")


def _time_words(session: capture.Session) -> str:
    if session.cancel_asked_s is not None:
        return "Stopping..."
    seconds = session.watch.seconds_left
    people = session.watch.people
    left = f"About {duration_words(seconds)} left" if seconds is not None else "Estimating the time..."
    return f"{left}, {jobs.people_words(people)}" if people else left


def _draw_notice(layout: bpy.types.UILayout, context: bpy.types.Context, notice: capture.Notice) -> None:
    box = layout.box()
    draw_wrapped(box, context, notice.sentence, icon=notice.icon)
    if notice.mend:
        draw_wrapped(box, context, notice.mend, icon="BLANK1")
    row = box.row(align=True)
    for job in capture.found:
        if job.name == notice.job:
            _draw_choices(row, job)
    if notice.log is not None and notice.icon == "ERROR":
        row.operator("mambocap.open_log", icon="TEXT")


class MAMBOCAP_PT_capture_options(InSidebar, bpy.types.Panel):
    bl_label = "Quality and People"
    bl_parent_id = "MAMBOCAP_PT_capture"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        settings = context.scene.mambocap
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(settings, "quality")
        layout.prop(settings, "detector")
        if settings.detector == "FILE":
            layout.prop(settings, "detector_file", text=" ")
        layout.prop(settings, "lifter")
        layout.prop(settings, "hands")
        layout.prop(settings, "most_people")
        draw_height(layout, settings)
        layout.prop(settings, "actor", placeholder="Name of the person")
        layout.prop(settings, "preview")


class MAMBOCAP_PT_takes(InSidebar, bpy.types.Panel):
    bl_label = "Takes"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        scene = context.scene
        if not takes_in(scene):
            layout.label(text="No take in this scene yet")
            return
        layout.template_list("MAMBOCAP_UL_takes", "", scene, "objects", scene, "mambocap_take", rows=3)
        if (take := takes.active_take(context)) is not None:
            _draw_take(layout, context, take)
        row = layout.row(align=True)
        row.operator("mambocap.show_settings")
        row.operator("mambocap.solve_again")
        layout.operator("mambocap.place_at_origin", icon="ORIENTATION_GLOBAL")
        layout.operator("mambocap.remove_take", icon="X")
        quiet = layout.row()
        quiet.active = False
        quiet.label(text="The animation you capture is yours.")


def _draw_take(layout: bpy.types.UILayout, context: bpy.types.Context, take: bpy.types.Object) -> None:
    layout.label(text=takes.state_of(take))
    for note in notes_of(take):
        draw_wrapped(layout, context, note, icon="INFO")


class MAMBOCAP_PT_jobs(InSidebar, bpy.types.Panel):
    bl_label = "Captures on Disk"
    bl_parent_id = "MAMBOCAP_PT_takes"
    bl_order = 1   # below the people of the take

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return bool(stored_captures.jobs_not_in(context.scene))

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        waiting = stored_captures.jobs_not_in(context.scene)
        for job in waiting[: stored_captures.MOST_SHOWN]:
            _draw_job(layout, job)
        if len(waiting) > stored_captures.MOST_SHOWN:
            layout.label(text=f"And {len(waiting) - stored_captures.MOST_SHOWN} older ones")
        layout.operator("mambocap.look_for_jobs", icon="FILE_REFRESH")


def _draw_job(layout: bpy.types.UILayout, job: jobs.Job) -> None:
    box = layout.box().column(align=True)
    row = box.row()
    row.label(text=job.clip, icon="FILE_MOVIE")
    row.operator("mambocap.delete_job", text="", icon="TRASH", emboss=False).job = job.name
    box.label(text=", ".join(filter(None, (jobs.STATE_WORDS[job.state], job.when))), icon="BLANK1")
    _draw_choices(box.row(align=True), job)


def _draw_choices(row: bpy.types.UILayout, job: jobs.Job) -> None:
    for name, label in stored_captures.choices_for(job):
        row.operator(name, text=label).job = job.name


_CLASSES = (
    MAMBOCAP_PT_footage, MAMBOCAP_PT_footage_options, MAMBOCAP_PT_capture, MAMBOCAP_PT_capture_options,
    MAMBOCAP_PT_takes, MAMBOCAP_PT_jobs,
)  # fmt: skip

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
