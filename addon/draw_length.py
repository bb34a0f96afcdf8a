"""Draw Length on Floor: two clicks in the footage where something lies on the floor whose true length is known."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Vector

from ..motion.arrays import Array
from .drawn_line import DrawsLine
from .set_scale import OfTakeToScale, put_point
from .takes import active_take

_FLATTEST = 0.02    # rise of a ray over its length: flatter ones meet the floor too far away to tell where
_FARTHEST_M = 100.0


class MAMBOCAP_OT_draw_length(DrawsLine, OfTakeToScale, bpy.types.Operator):
    bl_idname = "mambocap.draw_length"
    bl_label = "Draw Length on Floor"
    bl_description = (
        "Click the two ends of something on the floor whose true length you know, such as a tile, where the footage "
        "shows it. First Point and Second Point go there"
    )
    bl_options = {"REGISTER", "UNDO", "BLOCKING"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        if not super().poll_take(context):
            return False
        if context.area is None or context.area.type != "VIEW_3D":
            cls.poll_message_set("Draw over a 3D view")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return self._start(context, "a length on the floor")

    def _drawn(self, context: bpy.types.Context) -> set[str]:
        take = active_take(context)
        places = [on_floor(take, *ray) for ray in self._line.rays_in_world()]
        if any(place is None for place in places):
            self.report({"ERROR"}, "The floor is not there. Click two places where the footage shows the floor.")
            return {"CANCELLED"}
        for number, place in enumerate(places, start=1):
            put_point(take, number, Vector(place))
        context.view_layer.update()
        return {"FINISHED"}


def on_floor(take: bpy.types.Object, origin_world: Array, direction_world: Array) -> Array | None:
    """[3] m where a ray of the world meets the floor of a take; None where it does not, or far away."""
    world_from_take = np.array(take.matrix_world)
    axes = np.linalg.inv(world_from_take[:3, :3])
    origin, direction = axes @ (origin_world - world_from_take[:3, 3]), axes @ direction_world
    direction /= np.linalg.norm(direction)
    if abs(direction[2]) < _FLATTEST:
        return None
    way_m = -origin[2] / direction[2]
    if not 0.0 < way_m < _FARTHEST_M:
        return None
    return world_from_take[:3, :3] @ (origin + way_m * direction) + world_from_take[:3, 3]


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_OT_draw_length)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_OT_draw_length)
