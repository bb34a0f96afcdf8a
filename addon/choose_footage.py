"""Footage is chosen in the file browser or dropped on the 3D view."""

from dataclasses import dataclass
from pathlib import Path

import bpy
from bpy.props import CollectionProperty, StringProperty
from bpy_extras.io_utils import ImportHelper

FILMS = (".mp4", ".mov", ".m4v", ".mkv", ".avi", ".webm", ".mts", ".m2ts", ".mpg", ".mpeg", ".3gp", ".wmv", ".ogv")
SEQUENCE_FPS = 30.0   # at which the backend takes pictures when nobody says otherwise
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


@dataclass(frozen=True)
class Film:
    """What Blender itself can say of a film."""

    width_px: int
    height_px: int
    frame_count: int
    fps: float


def is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURES


def measured(path: Path | None) -> Film | None:
    """Size, length and rate of a film, None when Blender cannot read it."""
    if path is None or not path.is_file():
        return None
    try:
        clip = bpy.data.movieclips.load(str(path))
    except RuntimeError:
        return None
    try:
        film = Film(*clip.size, clip.frame_duration, SEQUENCE_FPS if is_picture(path) else clip.fps)
    finally:
        bpy.data.movieclips.remove(clip)
    return film if film.width_px > 0 else None


class MAMBOCAP_OT_choose_footage(bpy.types.Operator, ImportHelper):
    bl_idname = "mambocap.choose_footage"
    bl_label = "Choose Footage"
    bl_description = "Choose the film, or the first picture of a sequence, to capture from. Nothing is copied"
    bl_options = {"REGISTER", "UNDO"}

    filter_glob: StringProperty(default=";".join(f"*{ending}" for ending in FILMS + PICTURES), options={"HIDDEN"})
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE", "HIDDEN"})
    files: CollectionProperty(type=bpy.types.OperatorFileListElement, options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if self.files:   # dropped on the window
            return self.execute(context)
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        names = sorted(file.name for file in self.files if file.name)
        path = Path(self.directory) / names[0] if names and self.directory else Path(self.filepath)
        if not path.is_file():
            self.report({"ERROR"}, f"There is no file {path}. Choose footage that exists.")
            return {"CANCELLED"}
        context.scene.mambocap.clip = str(path)
        if len(names) > 1 and path.suffix.lower() in FILMS:
            self.report({"WARNING"}, f"A capture takes one film: {names[0]} was chosen, the others were left.")
        return {"FINISHED"}


class MAMBOCAP_FH_footage(bpy.types.FileHandler):
    bl_idname = "MAMBOCAP_FH_footage"
    bl_label = "Footage for Mambocap"
    bl_import_operator = "mambocap.choose_footage"
    bl_file_extensions = ";".join(FILMS)

    @classmethod
    def poll_drop(cls, context: bpy.types.Context) -> bool:
        return context.area is not None and context.area.type == "VIEW_3D"


_CLASSES = (MAMBOCAP_OT_choose_footage, MAMBOCAP_FH_footage)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
