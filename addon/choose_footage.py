"""Footage is chosen in the file browser or dropped on the 3D view, one clip or one of each camera."""

import os
from pathlib import Path

import bpy
from bpy.props import CollectionProperty, StringProperty
from bpy_extras.io_utils import ImportHelper

from ..motion.footage_names import FILMS
from .film import PICTURES, first_pictures
from .multiview import clips
from .tells_refusals import TellsRefusals


class _ChoosesFiles(TellsRefusals, ImportHelper):
    """A file browser in which several films can be chosen."""

    filter_glob: StringProperty(default=";".join(f"*{ending}" for ending in FILMS + PICTURES), options={"HIDDEN"})
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE", "HIDDEN"})
    files: CollectionProperty(type=bpy.types.OperatorFileListElement, options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if self.files:   # dropped on the window
            if context.area is not None and context.area.type == "VIEW_3D":
                context.space_data.show_region_ui = True   # where the footage is listed and Capture stands
            return self.execute(context)
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    @property
    def paths(self) -> list[Path]:
        names = first_pictures(file.name for file in self.files if file.name)
        return [Path(self.directory) / name for name in names] if self.directory and names else [Path(self.filepath)]


class MAMBOCAP_OT_choose_footage(_ChoosesFiles, bpy.types.Operator):
    bl_idname = "mambocap.choose_footage"
    bl_label = "Choose Footage"
    bl_description = (
        "Choose the film, or the first picture of a sequence, to capture from; or several films of the same moment, "
        "one from each camera. Nothing is copied"
    )
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._choose(context))

    def _choose(self, context: bpy.types.Context) -> str:
        clips.choose(context.scene.mambocap, self.paths)
        return clips.in_words(context.scene.mambocap)


class MAMBOCAP_OT_add_camera(_ChoosesFiles, bpy.types.Operator):
    bl_idname = "mambocap.add_camera"
    bl_label = "Add Camera"
    bl_description = (
        "Choose the film of another camera that saw the same people at the same time. Rates, sizes and beginnings may "
        "differ; the cameras should stand still and see the people from different sides"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not context.scene.mambocap.clips:
            cls.poll_message_set("Choose the footage of the first camera first")
        return len(context.scene.mambocap.clips) > 0

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        last = context.scene.mambocap.clips[-1].file
        if not self.files and last is not None:   # films of one moment tend to lie together
            self.filepath = f"{last.parent}{os.sep}"
        return super().invoke(context, event)

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._add(context))

    def _add(self, context: bpy.types.Context) -> str:
        clips.add(context.scene.mambocap, self.paths)
        return clips.in_words(context.scene.mambocap)


class MAMBOCAP_FH_footage(bpy.types.FileHandler):
    bl_idname = "MAMBOCAP_FH_footage"
    bl_label = "Footage for Mambocap"
    bl_import_operator = "mambocap.choose_footage"
    bl_file_extensions = ";".join(FILMS)

    @classmethod
    def poll_drop(cls, context: bpy.types.Context) -> bool:
        return context.area is not None and context.area.type == "VIEW_3D"


_CLASSES = (MAMBOCAP_OT_choose_footage, MAMBOCAP_OT_add_camera, MAMBOCAP_FH_footage)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
