"""Place at Origin: a take moved and turned as a whole to where a scene begins."""

import bpy
import numpy as np
from mathutils import Matrix, Vector

from ..motion.refusal import Refusal
from .clean_up_take import first_frame_of
from .kept_corrections import pose_of
from .say_world import first_person
from .takes import OfTake, active_take

_CLEARLY = 0.3   # of a direction's length, along the ground: less, and it does not tell a heading


def place_at_origin(take: bpy.types.Object, scene: bpy.types.Scene) -> None:
    """Move and turn a take about the vertical such that the first person's hips, when that person is first there, are
    over the world's origin, facing -Y, and the floor at z = 0. Its tilt and its scale stay.

    Raises Refusal when constraints or keys of the take itself hold it where it is.
    """
    _refuse_held(take)
    person = first_person(take)
    hips, floor, heading_rad = _stand(person, first_frame_of(person), scene)
    to_origin = Matrix.Translation((-hips.x, -hips.y, -floor.z))
    take.matrix_world = Matrix.Rotation(-heading_rad, 4, "Z") @ to_origin @ take.matrix_world
    bpy.context.view_layer.update()


def _stand(person: bpy.types.Object, frame: float, scene: bpy.types.Scene) -> tuple[Vector, Vector, float]:
    """At a scene frame: hips and the floor below them in the world, and the heading in rad away from -Y."""
    before = scene.frame_current, scene.frame_subframe
    scene.frame_set(int(np.floor(frame)), subframe=float(frame % 1.0))
    pose, world = pose_of(person), person.matrix_world.copy()
    scene.frame_set(before[0], subframe=before[1])
    hips = Vector(pose.root_world)
    axes = np.array(world.to_3x3().normalized()) @ pose.R_parent_from_joint[0]
    return world @ hips, world @ Vector((hips.x, hips.y, 0.0)), _heading(axes)


def _heading(R_world_from_hips: np.ndarray) -> float:
    """By where the left hip points; for one who lies on the side, by where the front does."""
    left, front = R_world_from_hips[:, 0], R_world_from_hips[:, 2]
    if np.hypot(left[0], left[1]) > _CLEARLY:
        return float(np.arctan2(left[1], left[0]))
    return float(np.arctan2(front[0], -front[1]))


def _refuse_held(take: bpy.types.Object) -> None:
    animation = take.animation_data
    has_keys = animation is not None and (animation.action is not None or len(animation.drivers) > 0)
    if has_keys or any(not constraint.mute for constraint in take.constraints):
        raise Refusal("held-take", f"{take.name} is moved by its own keys, drivers or constraints.",
                      "Remove those from the take's empty first.")  # fmt: skip


class MAMBOCAP_OT_place_at_origin(OfTake, bpy.types.Operator):
    bl_idname = "mambocap.place_at_origin"
    bl_label = "Place at Origin, Facing -Y"
    bl_description = (
        "Move and turn the whole take, cameras and floor included, such that its first person begins over the world's "
        "origin, facing the front view, with the floor at height zero"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        if first_person(active_take(context)) is None:
            cls.poll_message_set("There is nobody in this take")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        take = active_take(context)
        try:
            place_at_origin(take, context.scene)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        self.report({"INFO"}, f"{take.name} begins at the origin now")
        return {"FINISHED"}


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_OT_place_at_origin)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_OT_place_at_origin)
