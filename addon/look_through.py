"""Look Through: which of a take's cameras shows the scene, and a list of them in the sidebar."""

from collections.abc import Sequence

import bpy
from bpy.props import StringProperty

from .footage_camera import PICTURE, fit_picture
from .multiview.kept_cameras import findings_of
from .panel import InSidebar
from .take_cameras import cameras_of, is_take_camera
from .takes import OfTake, active_take


def look_through(scene: bpy.types.Scene, camera: bpy.types.Object) -> None:
    """Make a camera of a take the scene's, and its picture that of the render.

    All cameras of takes still show their footage as they did.
    """
    scene.camera = camera
    if PICTURE not in camera:
        return
    render = scene.render
    render.resolution_x, render.resolution_y = camera[PICTURE]
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    for thing in scene.objects:
        if is_take_camera(thing):
            fit_picture(thing, scene)


def are_cut(cameras: Sequence[bpy.types.Object], scene: bpy.types.Scene) -> bool:
    """Whether markers of the timeline choose between a take's cameras."""
    return any(marker.camera in cameras for marker in scene.timeline_markers if marker.camera)


class MAMBOCAP_OT_look_through(OfTake, bpy.types.Operator):
    bl_idname = "mambocap.look_through"
    bl_label = "Look Through"
    bl_description = (
        "See the take through this camera, with its footage behind the people, or through the next one from a menu. "
        "The render takes the size of its picture"
    )
    bl_options = {"REGISTER", "UNDO"}

    camera: StringProperty(
        name="Camera", options={"SKIP_SAVE"}, description="Name of the camera; empty for the next one of the take",
    )  # fmt: skip

    @classmethod
    def poll_take(cls, context: bpy.types.Context) -> bool:
        take = active_take(context)
        cameras = cameras_of(take)
        if not cameras:
            cls.poll_message_set(f"{take.name} has no camera")
            return False
        if are_cut(cameras, context.scene):
            cls.poll_message_set(f"The cameras of {take.name} change at the markers of the timeline")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        cameras = cameras_of(active_take(context))
        chosen = next((camera for camera in cameras if camera.name == self.camera), None)
        if self.camera and chosen is None:
            self.report({"ERROR"}, f"{active_take(context).name} has no camera {self.camera}.")
            return {"CANCELLED"}
        if chosen is None:
            now = cameras.index(context.scene.camera) if context.scene.camera in cameras else -1
            chosen = cameras[(now + 1) % len(cameras)]
        look_through(context.scene, chosen)
        _show_camera(context)
        return {"FINISHED"}


def _show_camera(context: bpy.types.Context) -> None:
    """Let the 3D view in which somebody pressed a button show the scene's camera, all of its picture."""
    if context.area is None or context.area.type != "VIEW_3D" or context.space_data.region_3d is None:
        return
    context.space_data.region_3d.view_perspective = "CAMERA"
    window = next((region for region in context.area.regions if region.type == "WINDOW"), None)
    with context.temp_override(region=window):
        if bpy.ops.view3d.view_center_camera.poll():
            bpy.ops.view3d.view_center_camera()


class MAMBOCAP_PT_look_through(InSidebar, bpy.types.Panel):
    bl_label = "Look Through"
    bl_parent_id = "MAMBOCAP_PT_takes"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = active_take(context)
        if take is None or findings_of(take):   # which are told beside the cameras, with buttons of their own
            return False
        cameras = cameras_of(take)
        return len(cameras) > 1 and not are_cut(cameras, context.scene)

    def draw(self, context: bpy.types.Context) -> None:
        column, take = self.layout.column(align=True), active_take(context)
        for camera in cameras_of(take):
            words = camera.name.removeprefix(f"{take.name} ")
            is_shown = camera == context.scene.camera
            button = column.operator("mambocap.look_through", text=words, depress=is_shown,
                                     icon="VIEW_CAMERA" if is_shown else "CAMERA_DATA")  # fmt: skip
            button.camera = camera.name


_CLASSES = (MAMBOCAP_OT_look_through, MAMBOCAP_PT_look_through)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
