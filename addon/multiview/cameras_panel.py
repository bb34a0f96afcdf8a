"""What was found out about the cameras of the selected take, in the sidebar. It only draws."""

import bpy

from ...motion.job import CameraResult
from ..kept_quality import GRADE_ICONS
from ..panel import InSidebar
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
        for index, camera in enumerate(findings_of(active_take(context))):
            _draw_camera(self.layout.box().column(align=True), context, camera, index)


def _draw_camera(
    column: bpy.types.UILayout, context: bpy.types.Context, camera: CameraResult, index: int
) -> None:
    head = column.row()
    name = head.row()
    name.active = camera.used
    name.label(text=f"{index + 1}  {title_of(camera)}", icon="TIME" if index == 0 else "CAMERA_DATA")
    if index > 0:
        how_sure = head.row()
        how_sure.alignment = "RIGHT"
        grade = grade_of(camera)
        how_sure.label(text=GRADE_WORDS[grade] if camera.used else "Left Out", icon=GRADE_ICONS[grade])
    for line in lines_of(camera, is_first=index == 0):
        draw_wrapped(column, context, line, icon="BLANK1")
    for doubt in camera.doubts:
        draw_wrapped(column, context, doubt, icon="ERROR")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_PT_cameras)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_PT_cameras)
