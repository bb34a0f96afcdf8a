"""Set Scale: a take made as large as it is in truth, by the true distance of two points."""

from __future__ import annotations

import bpy
import numpy as np
from bpy.props import FloatProperty, IntProperty
from mathutils import Vector

from ..motion.arrays import Array
from ..motion.refusal import Refusal
from ..motion.scaled import factor_between
from .panel import InSidebar
from .stage import PART
from .take_scale import POINT, scale_take
from .take_scene import FOLDER
from .takes import OfTake, active_take
from .tells_refusals import TellsRefusals
from .wrapped_text import draw_wrapped

_SIZE_M = 0.2   # Blender draws empties black, and small ones are lost on dark footage


def two_points(context: bpy.types.Context, take: bpy.types.Object) -> tuple[str, Array] | None:
    """The points whose distance is meant, in words, and their places [2, 3] in the world; None where there are none.

    Two selected bones in Pose Mode, two selected objects, or else the two points of the take.
    """
    if context.mode == "POSE":
        bones = context.selected_pose_bones or []
        found = [(bone.name, bone.id_data.matrix_world @ bone.head) for bone in bones]
    else:
        found = _places([thing for thing in context.selected_objects if _is_a_point(thing)])
    if len(found) != 2:
        found = _places(points_of(take))
    if len(found) != 2:
        return None
    (one, place), (other, place_of_other) = found
    words = f"{one.removeprefix(f'{take.name} ')} and {other.removeprefix(f'{take.name} ')}"
    return words, np.array([place, place_of_other])


def points_of(take: bpy.types.Object) -> list[bpy.types.Object]:
    """The empties that First Point and Second Point put there."""
    return sorted((thing for thing in take.children if POINT in thing), key=lambda thing: thing[POINT])


def _places(things: list[bpy.types.Object]) -> list[tuple[str, Array]]:
    return [(thing.name, thing.matrix_world.translation) for thing in things]


def _is_a_point(thing: bpy.types.Object) -> bool:
    """People, bodies, floors and whole takes are no points; the cameras of a take are."""
    return FOLDER not in thing and (PART not in thing or thing.type == "CAMERA")


class OfTakeToScale(TellsRefusals, OfTake):
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        if context.mode not in {"OBJECT", "POSE"}:
            cls.poll_message_set("Go to Object Mode or Pose Mode first")
            return False
        return True


class MAMBOCAP_OT_scale_point(OfTakeToScale, bpy.types.Operator):
    bl_idname = "mambocap.scale_point"
    bl_label = "Put Point at 3D Cursor"
    bl_description = (
        "Put one of two points whose true distance you know where the 3D cursor is. They are empties, "
        "which you may move and snap"
    )

    number: IntProperty(name="Point", default=1, min=1, max=2, description="Which of the two points")

    def execute(self, context: bpy.types.Context) -> set[str]:
        put_point(active_take(context), self.number, context.scene.cursor.location)
        context.view_layer.update()
        return {"FINISHED"}


def put_point(take: bpy.types.Object, number: int, place_world: Vector) -> None:
    """Bring point 1 or 2 of a take to a place, making it where it is not there yet."""
    point = next((point for point in points_of(take) if point[POINT] == number), None)
    point = point or _new_point(take, number)
    point.location = take.matrix_world.inverted() @ place_world


def _new_point(take: bpy.types.Object, number: int) -> bpy.types.Object:
    point = bpy.data.objects.new(f"{take.name} Point {number}", None)
    point.empty_display_type, point.empty_display_size = "SPHERE", 0.5 * _SIZE_M
    point.show_in_front = point.show_name = True
    point[POINT], point.parent = number, take
    take.users_collection[0].objects.link(point)
    return point


class MAMBOCAP_OT_set_scale(OfTakeToScale, bpy.types.Operator):
    bl_idname = "mambocap.set_scale"
    bl_label = "Set Scale"
    bl_description = (
        "Make the whole take larger or smaller, people, floor and cameras alike, so that two points lie as far apart "
        "as in truth: the two points of the take, two selected empties or cameras, or two bones. "
        "What the cameras see stays the same"
    )

    length_m: FloatProperty(
        name="True Distance", default=1.0, min=0.01, soft_max=100.0, max=10_000.0, precision=3, subtype="DISTANCE",
        description="How far the two points are apart in truth",
    )  # fmt: skip

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        if not super().poll_take(context):
            return False
        if two_points(context, active_take(context)) is None:
            cls.poll_message_set("Put First Point and Second Point, or select two empties, cameras or bones")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        self.length_m = _distance_m(two_points(context, active_take(context))[1])
        return context.window_manager.invoke_props_dialog(self)

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._scale(context))

    def _scale(self, context: bpy.types.Context) -> str:
        take = active_take(context)
        found = two_points(context, take)
        if found is None:
            raise Refusal("no-points", f"There are no two points in {take.name}.", "Put First Point and Second Point.")
        factor = factor_between(found[1], self.length_m)
        scale_take(take, factor, context)
        return f"{take.name} is {factor:.4g} times as large as before"


def _distance_m(places: Array) -> float:
    return float(np.linalg.norm(places[1] - places[0]))


class MAMBOCAP_PT_scale(InSidebar, bpy.types.Panel):
    bl_label = "Scale"
    bl_parent_id = "MAMBOCAP_PT_takes"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_take(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        row = layout.row(align=True)
        for number, words in enumerate(("First Point", "Second Point"), start=1):
            row.operator("mambocap.scale_point", text=words, icon="PIVOT_CURSOR").number = number
        layout.operator("mambocap.draw_length", icon="GREASEPENCIL")
        found = two_points(context, active_take(context))
        if found is None:
            draw_wrapped(layout, context, "Points go to the 3D cursor. Two selected empties, cameras or bones do, too.",
                         icon="INFO")  # fmt: skip
        else:
            draw_wrapped(layout, context, f"{found[0]}: {_distance_m(found[1]):.3f} m", icon="DRIVER_DISTANCE")
        layout.operator("mambocap.set_scale", text="Set Scale...", icon="FULLSCREEN_ENTER")


_CLASSES = (MAMBOCAP_OT_scale_point, MAMBOCAP_OT_set_scale, MAMBOCAP_PT_scale)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
