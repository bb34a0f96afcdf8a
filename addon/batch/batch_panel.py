"""The Batch panel in the sidebar: footage, table, start, what to do with the takes. It only draws."""

import bpy

from ...motion.batch.words import FAILED
from ..panel import InSidebar
from ..progress import duration_words
from ..wrapped_text import draw_wrapped
from . import watched
from .import_takes import importable
from .seen_batch import Seen
from .take_table import draw_take

_SETTINGS = "The settings of Footage and Capture hold for every take, except In, Out, World and a solved camera."


class MAMBOCAP_PT_batch(InSidebar, bpy.types.Panel):
    bl_label = "Batch"
    bl_parent_id = "MAMBOCAP_PT_capture"
    bl_order = 1   # below Quality and People
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.mambocap_batch
        batch = watched.batch_of(context.scene)
        _draw_places(layout, settings)
        if batch is None or batch.is_finding:
            _draw_finding(layout, settings, batch)
        if batch is None or (batch.is_finding and not settings.rows):
            return
        seen = batch.seen
        if seen.no_footage:
            draw_wrapped(layout, context, seen.no_footage, icon="ERROR")
        if settings.rows:
            _draw_table(layout, context, settings, seen)
        if seen.runs:
            _draw_running(layout, context, batch)
        else:
            _draw_start(layout, context, settings, seen)
        if settings.rows:
            _draw_what_to_do(layout, context, seen)


def _draw_places(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
    layout.row().prop(settings, "source", expand=True)
    layout.prop(settings, "folder" if settings.source == "FOLDER" else "list_file", text="",
                placeholder="Folder of footage" if settings.source == "FOLDER" else "List of takes")  # fmt: skip
    layout.prop(settings, "out", text="", placeholder="Results: with the footage")


def _draw_finding(
    layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup, batch: watched.Batch | None
) -> None:
    if batch is not None:
        layout.label(text="Looking for takes...", icon="TIME")
    elif settings.places is not None:
        layout.operator("mambocap.find_takes", icon="VIEWZOOM")


def _draw_table(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: bpy.types.PropertyGroup, seen: Seen
) -> None:
    layout.template_list("MAMBOCAP_UL_batch", "", settings, "rows", settings, "active_row", rows=5)
    if 0 <= settings.active_row < len(settings.rows):
        draw_take(layout, context, seen, settings.rows[settings.active_row].name)
    row = layout.row(align=True)
    row.label(text=seen.in_words)
    row.operator("mambocap.find_takes", text="", icon="FILE_REFRESH")


def _draw_running(layout: bpy.types.UILayout, context: bpy.types.Context, batch: watched.Batch) -> None:
    table = batch.seen.says
    column = layout.column(align=True)
    column.progress(factor=batch.seen.share, text=f"{100.0 * batch.seen.share:.0f} %")
    column.label(text=_time_words(batch))
    if table is not None and table.workers:
        where = f"on {table.where}" if table.where else "at the same time"
        draw_wrapped(layout, context, f"{table.workers} worker{'' if table.workers == 1 else 's'} {where}")
    if table is not None and table.message:
        draw_wrapped(layout, context, table.message, icon="INFO")
    layout.operator("mambocap.stop_batch", text="Stop", icon="X")


def _time_words(batch: watched.Batch) -> str:
    if batch.stop_asked_s is not None:
        return "Stopping..."
    if batch.seen.says is None:
        return "Starting..."
    left_s = batch.seen.says.left_s
    return f"About {duration_words(left_s)} left" if left_s >= 0.0 else "Estimating the time..."


def _draw_start(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: bpy.types.PropertyGroup, seen: Seen
) -> None:
    if seen.broken:
        draw_wrapped(layout, context, seen.broken, icon="ERROR")
        layout.operator("mambocap.open_batch_log", icon="TEXT")
    layout.prop(settings, "preview")
    draw_wrapped(layout, context, _SETTINGS, icon="INFO")
    row = layout.row()
    row.scale_y = 1.5
    row.operator("mambocap.start_batch", icon="RENDER_ANIMATION")
    if failed := seen.counts[FAILED]:
        layout.operator("mambocap.retry_failed", text=f"Retry Failed ({failed})", icon="FILE_REFRESH")


def _draw_what_to_do(layout: bpy.types.UILayout, context: bpy.types.Context, seen: Seen) -> None:
    row = layout.row(align=True)
    count = len(importable(context.scene, seen))
    row.operator("mambocap.import_takes", text=f"Import Chosen ({count})", icon="IMPORT")
    row.operator("mambocap.choose_takes", text="", icon="CHECKBOX_HLT").which = "ALL"
    row.operator("mambocap.choose_takes", text="", icon="CHECKBOX_DEHLT").which = "NONE"
    row = layout.row(align=True)
    row.operator("mambocap.open_report")
    row.operator("mambocap.open_batch_folder")


class MAMBOCAP_PT_batch_advanced(InSidebar, bpy.types.Panel):
    bl_label = "Advanced"
    bl_parent_id = "MAMBOCAP_PT_batch"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        settings, layout = context.scene.mambocap_batch, self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(settings, "cameras", placeholder="Automatic")
        layout.prop(settings, "workers")
        layout.prop(settings, "cluster", placeholder="This machine")
        row = layout.row()
        row.active = settings.cluster.strip() != ""
        row.prop(settings, "ship")


_CLASSES = (MAMBOCAP_PT_batch, MAMBOCAP_PT_batch_advanced)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
