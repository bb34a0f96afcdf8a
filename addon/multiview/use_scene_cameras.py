"""Use Scene Cameras: camera objects that stand as the real ones did become the calibration of the clips."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import bpy
from bpy.props import CollectionProperty, StringProperty

from ...motion.places import home
from ...motion.refusal import Refusal
from ...motion.whole_files import unwritable
from ..stage import PART
from ..tells_refusals import TellsRefusals
from .blender_cameras import write_blender_cameras


class MambocapClipCamera(bpy.types.PropertyGroup):
    """The camera of a clip. Its `name` is the clip's."""

    camera: StringProperty(name="Camera", description="The camera object that stands where the one of the clip stood")


class MAMBOCAP_OT_use_scene_cameras(TellsRefusals, bpy.types.Operator):
    bl_idname = "mambocap.use_scene_cameras"
    bl_label = "Use Scene Cameras"
    bl_description = (
        "Capture with cameras that you placed in this scene as the real ones stood, with their lenses. They are "
        "written to a file as they stand at the current frame, which becomes the calibration. A unit is a metre"
    )
    bl_options = {"REGISTER", "UNDO"}

    cameras: CollectionProperty(type=MambocapClipCamera, name="Cameras", description="The camera of each clip")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if why := _why_not(context):
            cls.poll_message_set(why)
        return not why

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        self._fill(context)
        return context.window_manager.invoke_props_dialog(self, width=400)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        for row in self.cameras:
            layout.prop_search(row, "camera", context.scene, "objects", text=row.name, icon="CAMERA_DATA")

    def execute(self, context: bpy.types.Context) -> set[str]:
        if not self.cameras:
            self._fill(context)
        return self._try(lambda: self._use(context))

    def _fill(self, context: bpy.types.Context) -> None:
        titles = [clip.title for clip in context.scene.mambocap.clips]
        self.cameras.clear()
        for title, camera in zip(titles, likely_cameras(titles, _free_cameras(context.scene))):
            row = self.cameras.add()
            row.name, row.camera = title, camera

    def _use(self, context: bpy.types.Context) -> str:
        settings = context.scene.mambocap
        things = _chosen(context.scene, [row.camera for row in self.cameras], len(settings.clips))
        path = _new_path()
        write_blender_cameras(things, [(clip.width_px, clip.height_px) for clip in settings.clips], path,
                              [clip.title for clip in settings.clips])  # fmt: skip
        settings.multiview.calibration_file = str(path)
        return f"The cameras of {len(things)} clips are known"


def likely_cameras(titles: Sequence[str], cameras: Sequence[str]) -> list[str]:
    """A camera for each clip: the one that has its name in its own, else the next that no clip has."""
    named = {title: next((name for name in cameras if Path(title).stem.lower() in name.lower()), "")
             for title in titles}  # fmt: skip
    rest = iter([name for name in cameras if name not in named.values()])
    return [named[title] or next(rest, "") for title in titles]


def _why_not(context: bpy.types.Context) -> str:
    settings = context.scene.mambocap
    count = len(_free_cameras(context.scene))
    if not settings.has_several_clips:
        return "Choose the clips of two cameras or more first"
    if unread := [clip.title for clip in settings.clips if clip.width_px < 1]:
        return f"Blender cannot read {unread[0]}, so the size of its picture is not known"
    if settings.mirrored or settings.turn != "0":
        return "No camera in a scene shows footage that is turned or mirrored: switch Turn and Mirrored off"
    if count < len(settings.clips):
        return f"The scene has {count} camera{'' if count == 1 else 's'} of its own for {len(settings.clips)} clips"
    return ""


def _free_cameras(scene: bpy.types.Scene) -> list[str]:
    """Names of the scene's cameras, without those of takes, which were found out and not placed."""
    return sorted(thing.name for thing in scene.objects if thing.type == "CAMERA" and PART not in thing)


def _chosen(scene: bpy.types.Scene, names: Sequence[str], count: int) -> list[bpy.types.Object]:
    mend = "Choose a camera for each clip."
    for name in names:
        if scene.objects.get(name) is None:
            raise Refusal("no-camera", f"There is no camera {name or 'chosen'} in this scene.", mend)
        if list(names).count(name) > 1:
            raise Refusal("same-camera", f"{name} is chosen for two clips.", mend)
    if len(names) != count:
        raise Refusal("no-camera", "Not every clip has a camera.", mend)
    return [scene.objects[name] for name in names]


def _new_path() -> Path:
    folder = home() / "cameras"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder / f"scene-{datetime.now():%Y%m%d-%H%M%S-%f}.json"


_CLASSES = (MambocapClipCamera, MAMBOCAP_OT_use_scene_cameras)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
