"""Upright Here, Floor Here and Draw Vertical Line: the artist's word on the world, said on a take that is there."""

from __future__ import annotations

import bpy
import numpy as np
from bpy.props import EnumProperty, IntProperty

from ..motion.arrays import Array
from ..motion.job import read_request
from ..motion.motion import Motion
from ..motion.refusal import Refusal
from . import world_hints
from .capture_request import video_fields
from .capture_settings import start_s
from .clean_up_take import source_of
from .drawn_line import DrawsLine
from .person_clock import frame_at, take_of, time_at
from .redraw import redraw_panels
from .take_cameras import index_of
from .take_scene import FIRST_CLIP_S, MOTION_FILE
from .takes import OfTake, active_take, job_of, people_of

_SHORTEST_PX = 10.0   # of a line, in the footage: the backend refuses shorter ones
_AHEAD = 1e-3         # a ray that points less to the front never meets the picture


def first_person(take: bpy.types.Object) -> bpy.types.Object | None:
    """The one of whom hints speak."""
    return min(people_of(take), key=lambda person: str(person.get(MOTION_FILE, "")), default=None)


def footage_time(context: bpy.types.Context) -> float:
    """Seconds from the first picture of the (first) footage to the one that the current frame shows."""
    return _take_time(context) + _take_start(context)


def frame_of_footage(context: bpy.types.Context, footage_s: float) -> int:
    """The scene frame that shows the picture of the (first) footage at a second of it."""
    return frame_at(first_person(active_take(context)), context.scene, footage_s - _take_start(context))


def _take_time(context: bpy.types.Context) -> float:
    return time_at(first_person(active_take(context)), context.scene, context.scene.frame_current_final)


def _take_start(context: bpy.types.Context) -> float:
    """What the first clip's clock shows when the take starts; below zero where another clip began before it."""
    person = first_person(active_take(context))
    return start_s(context.scene.mambocap) + float(person.get(FIRST_CLIP_S, 0.0))


def looks_through_camera(context: bpy.types.Context) -> bool:
    """Whether the 3D view that is drawn, or has the pointer, shows what the scene's camera sees."""
    view = context.space_data.region_3d if context.area and context.area.type == "VIEW_3D" else None
    return view is not None and view.view_perspective == "CAMERA" and context.scene.camera is not None


class _OfShownTake(OfTake):
    """An operator on the active take, whose footage and frames the panel shows."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        take = active_take(context)
        if not cls.has_job(context) or not cls.shows_its_footage(context):
            return False
        if not _is_same_part(context, take):
            cls.poll_message_set("The panel shows another part of the footage: press Show Its Settings first")
            return False
        if first_person(take) is None or footage_time(context) < start_s(context.scene.mambocap) - 1e-3:
            cls.poll_message_set("This frame lies before the take: go to a frame of it first")
            return False
        return True


def _is_same_part(context: bpy.types.Context, take: bpy.types.Object) -> bool:
    """Whether the panel's second 0 is that of the take."""
    try:
        asked, shown = read_request(job_of(take)).settings.get("video", {}), video_fields(context.scene.mambocap)
    except Refusal:
        return False
    return all(abs((asked.get(name) or 0.0) - shown.get(name, 0.0)) < 1e-3 for name in ("in_s", "recorded_fps"))


class MAMBOCAP_OT_upright_here(_OfShownTake, bpy.types.Operator):
    bl_idname = "mambocap.upright_here"
    bl_label = "Upright Here"
    bl_description = (
        "Say that the first person stands upright at the current frame, which makes the world level. "
        "Solve Again goes by it"
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.mambocap.hints.upright_at_s = max(0.0, footage_time(context))
        return {"FINISHED"}


class MAMBOCAP_OT_floor_here(_OfShownTake, bpy.types.Operator):
    bl_idname = "mambocap.floor_here"
    bl_label = "Floor Here"
    bl_description = (
        "Say that the lower foot of the first person stands on the floor at the current frame. Solve Again goes by it"
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.mambocap.hints.floor_at_s = max(0.0, footage_time(context))
        return {"FINISHED"}


class MAMBOCAP_OT_draw_vertical(DrawsLine, _OfShownTake, bpy.types.Operator):
    bl_idname = "mambocap.draw_vertical"
    bl_label = "Draw Vertical Line"
    bl_description = (
        "Click the two ends of an edge in the footage that is upright in truth, such as that of a door. "
        "Solve Again makes the world level by it"
    )
    bl_options = {"REGISTER", "UNDO", "BLOCKING"}

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        if not super().poll_take(context):
            return False
        camera = context.scene.camera
        if not looks_through_camera(context):
            cls.poll_message_set("Look through the take's camera first: Numpad 0 over the 3D view")
            return False
        if take_of(camera) != active_take(context):
            cls.poll_message_set(f"{camera.name} is not the camera of this take: make that one the scene's camera")
            return False
        if index_of(camera) > 0:
            cls.poll_message_set("Look through the camera of the first clip: lines are drawn in its footage")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        try:
            self._motion = source_of(first_person(active_take(context)), context).raw
        except Refusal as refusal:
            return self._refuse(f"{refusal.sentence} {refusal.mend}")
        if not self._motion.cameras:
            return self._refuse("The take has no camera with footage.")
        return self._start(context, "an upright edge")

    def _drawn(self, context: bpy.types.Context) -> set[str]:
        ends = [pixel_of(self._motion, _take_time(context), ray) for ray in self._line.rays_from_camera(context)]
        if any(end is None for end in ends) or np.linalg.norm(ends[1] - ends[0]) < _SHORTEST_PX:
            return self._refuse("The line is too short. Click the two ends of a long edge.")
        line = (*map(float, ends[0]), *map(float, ends[1]), max(0.0, footage_time(context)))
        world_hints.add_line(context.scene.mambocap.hints, line)
        redraw_panels()
        return {"FINISHED"}

    def _refuse(self, sentence: str) -> set[str]:
        self.report({"ERROR"}, sentence)
        return {"CANCELLED"}


def pixel_of(motion: Motion, time_s: float, ray: Array) -> Array | None:
    """[2] px of the upright picture at which a ray [3] in Blender's camera axes stands; None for one to the back."""
    frame = int(np.argmin(np.abs(motion.times_s - time_s)))
    right, up, back = ray
    if -back < _AHEAD:
        return None
    return (motion.cameras[0].K[frame] @ np.array([right, -up, -back]) / -back)[:2]


class MAMBOCAP_OT_clear_hint(bpy.types.Operator):
    bl_idname = "mambocap.clear_hint"
    bl_label = "Clear"
    bl_description = "Forget this word on the world. Solve Again does without it"
    bl_options = {"REGISTER", "UNDO"}

    hint: EnumProperty(
        name="Hint", description="What is forgotten",
        items=[("upright_at_s", "Upright Here", "When the first person stands upright"),
               ("floor_at_s", "Floor Here", "When the lower foot is on the floor"),
               ("vertical", "Vertical Line", "One of the upright edges")],
    )  # fmt: skip
    index: IntProperty(name="Line", description="Which of the lines, from 0")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not world_hints.is_said(context.scene.mambocap.hints):
            cls.poll_message_set("Nothing is said of the world")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        hints = context.scene.mambocap.hints
        if self.hint == "vertical":
            world_hints.remove_line(hints, self.index)
        else:
            hints.property_unset(self.hint)
        return {"FINISHED"}


_CLASSES = (MAMBOCAP_OT_upright_here, MAMBOCAP_OT_floor_here, MAMBOCAP_OT_draw_vertical, MAMBOCAP_OT_clear_hint)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
