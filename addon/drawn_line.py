"""A line drawn over a 3D view by two clicks."""

from __future__ import annotations

import bpy
import gpu
import numpy as np
from bpy_extras.view3d_utils import region_2d_to_origin_3d, region_2d_to_vector_3d
from gpu_extras.batch import batch_for_shader

from ..motion.arrays import Array

_COLOUR = (0.25, 0.75, 1.0, 1.0)
_WIDTH_PX, _END_PX = 2.0, 4.0
Place = tuple[float, float]   # px of the view's main region


class DrawnLine:
    """From the first click on it follows the pointer. Whoever makes one calls end()."""

    def __init__(self, context: bpy.types.Context, of_what: str) -> None:
        """`of_what` is told in the status bar, such as "an upright edge"."""
        self.first: Place | None = None
        self._last: Place = (0.0, 0.0)
        self._area, self._view = context.area, context.space_data.region_3d
        self._region = next(region for region in context.area.regions if region.type == "WINDOW")
        self._handler = bpy.types.SpaceView3D.draw_handler_add(self._draw, (), "WINDOW", "POST_PIXEL")
        context.workspace.status_text_set(f"Click one end of {of_what}, then the other. Esc: leave")
        context.window.cursor_modal_set("CROSSHAIR")

    def move(self, event: bpy.types.Event) -> None:
        self._last = event.mouse_x - self._region.x, event.mouse_y - self._region.y
        self._area.tag_redraw()

    def click(self, event: bpy.types.Event) -> bool:
        """True for the second click."""
        self.move(event)
        if self.first is None:
            self.first = self._last
            return False
        return True

    def end(self) -> None:
        bpy.types.SpaceView3D.draw_handler_remove(self._handler, "WINDOW")
        bpy.context.workspace.status_text_set(None)
        bpy.context.window.cursor_modal_restore()
        self._area.tag_redraw()

    def rays_from_camera(self, context: bpy.types.Context) -> list[Array]:
        """Directions [3] from the scene's camera through both ends, in its own axes: -z to the front, y up."""
        R_camera_from_world = np.linalg.inv(np.array(context.scene.camera.matrix_world)[:3, :3])
        return [R_camera_from_world @ np.array(region_2d_to_vector_3d(self._region, self._view, end))
                for end in (self.first, self._last)]  # fmt: skip

    def rays_in_world(self) -> list[tuple[Array, Array]]:
        """Origin [3] m and direction [3] of the view's rays through both ends, in the world."""
        return [(np.array(region_2d_to_origin_3d(self._region, self._view, end)),
                 np.array(region_2d_to_vector_3d(self._region, self._view, end)))
                for end in (self.first, self._last)]  # fmt: skip

    def _draw(self) -> None:
        if self.first is None or bpy.context.region != self._region:
            return
        shader = gpu.shader.from_builtin("UNIFORM_COLOR")
        shader.uniform_float("color", _COLOUR)
        gpu.state.line_width_set(_WIDTH_PX)
        gpu.state.point_size_set(_END_PX)
        for kind in ("LINES", "POINTS"):
            batch_for_shader(shader, kind, {"pos": [(*self.first, 0.0), (*self._last, 0.0)]}).draw(shader)
        gpu.state.line_width_set(1.0)


class DrawsLine:
    """For classes that are operators, too: from _start() on two clicks draw a line, then _drawn() is called."""

    _line: DrawnLine

    def _start(self, context: bpy.types.Context, of_what: str) -> set[str]:
        self._line = DrawnLine(context, of_what)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if event.type in {"ESC", "RIGHTMOUSE"}:
            self._line.end()
            return {"CANCELLED"}
        self._line.move(event)
        if event.type == "LEFTMOUSE" and event.value == "PRESS" and self._line.click(event):
            self._line.end()
            return self._drawn(context)
        is_view = event.type in {"MIDDLEMOUSE", "WHEELUPMOUSE", "WHEELDOWNMOUSE"} and self._line.first is None
        return {"PASS_THROUGH"} if is_view else {"RUNNING_MODAL"}

    def _drawn(self, context: bpy.types.Context) -> set[str]:
        raise NotImplementedError
