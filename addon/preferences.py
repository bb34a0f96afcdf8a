"""Preferences: where the backend is and how it does, the device, the body's file, what lies on the disk."""

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ..motion.job import CACHE
from ..motion.places import environment_folder, jobs_folder
from ..motion.refusal import Refusal
from . import capture, check_backend, install_backend, jobs
from .backend_place import EXTENSION, is_installed
from .wrapped_text import draw_wrapped


class MambocapPreferences(bpy.types.AddonPreferences):
    bl_idname = EXTENSION

    backend_folder: StringProperty(
        name="Folder", subtype="DIR_PATH",
        description="The backend's Python environment. Empty: the one that Install Backend makes in your data folder",
    )  # fmt: skip
    device: EnumProperty(
        name="Device",
        items=[
            ("auto", "Automatic", "The graphics card when the backend can use it, else the processor"),
            ("cpu", "CPU", "Always the processor"),
            ("cuda", "CUDA", "The NVIDIA graphics card; captures refuse to run without one"),
        ],
        description="Where the heavy arithmetic runs",
    )
    smplx_file: StringProperty(
        name="SMPL-X File", subtype="FILE_PATH",
        description="Your own SMPL-X model (.npz). Empty: the open body that comes with Mambocap",
    )  # fmt: skip

    light_body_while_playing: BoolProperty(
        name="Light Body While Playing Slowly", default=True,
        description="Where Blender shows fewer than 24 frames a second, bodies have a fifth of their vertices until "
        "the animation stops. Renders and exports always have the whole body",
    )  # fmt: skip

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        _draw_backend(layout, context, self)
        layout.separator()
        layout.prop(self, "device")
        layout.prop(self, "smplx_file")
        layout.prop(self, "light_body_while_playing")
        layout.separator()
        _draw_disk(layout, context)


def _draw_backend(layout: bpy.types.UILayout, context: bpy.types.Context, own: MambocapPreferences) -> None:
    there = is_installed()
    if install_backend.installation is not None:
        _draw_installation(layout, install_backend.installation)
    elif there:
        layout.label(text="Backend: Installed", icon="CHECKMARK")
        row = layout.row()
        row.operator("mambocap.install_backend", text="Install Again...", icon="IMPORT")
        row.operator("mambocap.check_backend", icon="VIEWZOOM")
    else:
        layout.label(text="Backend: Not Installed", icon="ERROR")
        row = layout.row()
        row.scale_y = 1.5   # what a newcomer looks for here
        row.operator("mambocap.install_backend", text="Install Backend...", icon="IMPORT")
    if install_backend.failure:
        draw_wrapped(layout, context, install_backend.failure, icon="ERROR")
        layout.operator("mambocap.open_install_log", icon="TEXT")
    _draw_answer(layout, context)
    layout.prop(own, "backend_folder", placeholder=str(environment_folder("backend")))


def _draw_installation(layout: bpy.types.UILayout, installation: install_backend.Installation) -> None:
    layout.label(text="Backend: Being Installed", icon="IMPORT")
    row = layout.row()
    row.progress(factor=installation.share, text=installation.words)
    row.operator("mambocap.cancel_install", text="", icon="X")
    layout.operator("mambocap.open_install_log", icon="TEXT")


def _draw_answer(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    if check_backend.checking is not None:
        layout.label(text="Checking...", icon="SORTTIME")
    for icon, line in check_backend.lines():
        draw_wrapped(layout, context, line, icon=icon)


def _draw_disk(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    layout.label(text=f"Captures on Disk: {len(capture.found)} ({jobs.size_words(capture.found)})", icon="DISK_DRIVE")
    row = layout.row()
    row.operator("mambocap.open_jobs_folder", icon="FILE_FOLDER")
    row.operator("mambocap.delete_cache", icon="TRASH")


class MAMBOCAP_OT_open_jobs_folder(bpy.types.Operator):
    bl_idname = "mambocap.open_jobs_folder"
    bl_label = "Open Captures Folder"
    bl_description = "Open the folder in which captures lie in the system's file browser"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not jobs_folder().is_dir():
            cls.poll_message_set("Nothing was captured yet")
        return jobs_folder().is_dir()

    def execute(self, context: bpy.types.Context) -> set[str]:
        return bpy.ops.wm.path_open(filepath=str(jobs_folder()))


class MAMBOCAP_OT_delete_cache(bpy.types.Operator):
    bl_idname = "mambocap.delete_cache"
    bl_label = "Delete Cache"
    bl_description = (
        "Delete what finished captures keep so that they can be solved again quickly. Their motion and previews stay"
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        there = any((job.folder / CACHE).is_dir() for job in capture.found)
        if not there:
            cls.poll_message_set("Nothing is cached")
        return there

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return context.window_manager.invoke_confirm(
            self, event, title="Delete Cache?", message="Solving a take again will look for people again.",
            confirm_text="Delete",
        )  # fmt: skip

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            for job in capture.found:
                jobs.delete_cache(job.folder)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        finally:
            capture.pick_up()
        return {"FINISHED"}


_CLASSES = (MambocapPreferences, MAMBOCAP_OT_open_jobs_folder, MAMBOCAP_OT_delete_cache)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
