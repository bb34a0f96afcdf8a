"""What was found out about the cameras of the selected take, in the sidebar. It only draws."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import bpy

from ...motion.job import CameraResult
from ..kept_quality import GRADE_ICONS
from ..panel import InSidebar
from ..take_cameras import cameras_of, index_of
from ..take_scene import SCALE
from ..takes import active_take
from ..wrapped_text import draw_wrapped
from .camera_words import GRADE_WORDS, grade_of, lines_of, title_of
from .kept_cameras import findings_of


class MAMBOCAP_PT_cameras(InSidebar, bpy.types.Panel):
    bl_label = "Cameras"
    bl_parent_id = "MAMBOCAP_PT_takes"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return len(findings_of(active_take(context))) > 0

    def draw(self, context: bpy.types.Context) -> None:
        take = active_take(context)
        findings = grown(findings_of(take), float(take.get(SCALE, 1.0)))
        things = things_of(take, findings)
        for index, camera in enumerate(findings):
            column = self.layout.box().column(align=True)
            _draw_head(column.row(), context, camera, index, things[index])
            _draw_findings(column, context, camera, is_first=index == 0)


def grown(findings: Sequence[CameraResult], factor: float) -> list[CameraResult]:
    """Findings of a take that was made `factor` times as large as its capture."""
    return [replace(camera, distance_m=factor * camera.distance_m) for camera in findings]


def things_of(
    take: bpy.types.Object, findings: Sequence[CameraResult]
) -> list[bpy.types.Object | None]:  # fmt: skip
    """The camera object of each clip, None for a clip that was left out and for a camera that is not in the scene."""
    things = {index_of(thing): thing for thing in reversed(cameras_of(take))}
    places = itertools.count()
    return [things.get(next(places)) if camera.used else None for camera in findings]


def _draw_head(
    row: bpy.types.UILayout, context: bpy.types.Context, camera: CameraResult, index: int,
    thing: bpy.types.Object | None,
) -> None:  # fmt: skip
    name = row.row()
    name.active = camera.used
    name.label(text=f"{index + 1}  {title_of(camera)}", icon="TIME" if index == 0 else "BLANK1")
    end = row.row()
    end.alignment = "RIGHT"
    if index > 0:
        grade = grade_of(camera)
        end.label(text=GRADE_WORDS[grade] if camera.used else "Left Out", icon=GRADE_ICONS[grade])
    if thing is not None:
        is_shown = thing == context.scene.camera
        end.operator("mambocap.look_through", text="", depress=is_shown,
                     icon="VIEW_CAMERA" if is_shown else "CAMERA_DATA").camera = thing.name  # fmt: skip


def _draw_findings(
    column: bpy.types.UILayout, context: bpy.types.Context, camera: CameraResult, is_first: bool
) -> None:
    for line in lines_of(camera, is_first):
        draw_wrapped(column, context, line, icon="BLANK1")
    for doubt in camera.doubts:
        draw_wrapped(column, context, doubt, icon="ERROR")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_cameras)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_cameras)
