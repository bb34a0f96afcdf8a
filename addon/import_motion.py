"""File > Import > Motion Capture as Person, and dropping such files onto the window."""

from pathlib import Path

import bpy
from bpy.props import BoolProperty, CollectionProperty, EnumProperty, StringProperty
from bpy_extras.io_utils import ImportHelper

from ..motion.refusal import Refusal
from .body_model import body_model
from .imported_files import SUFFIXES, grouped_by_take, people_in
from .take_scene import TakeOptions, build_people, notes_of


class MAMBOCAP_OT_import_motion(bpy.types.Operator, ImportHelper):
    bl_idname = "mambocap.import_motion"
    bl_label = "Import Motion Capture"
    bl_description = "Add people from Mambocap, AMASS, SMPL-X, BVH, AMC or SKM files as animated armatures"
    bl_options = {"REGISTER", "UNDO", "PRESET"}

    filename_ext = ".npz"
    filter_glob: StringProperty(default=";".join(f"*{suffix}" for suffix in SUFFIXES), options={"HIDDEN"})
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE", "HIDDEN"})
    files: CollectionProperty(type=bpy.types.OperatorFileListElement, options={"SKIP_SAVE", "HIDDEN"})

    up_axis: EnumProperty(
        name="Up Axis",
        description="Which axis of an AMASS or SMPL-X file points up; all other files say it themselves",
        items=[("Z", "Z", "As in AMASS"), ("Y", "Y", "As in most SMPL-X tools")],
        default="Z",
    )
    rate: EnumProperty(
        name="Frame Rate",
        description="Whose frame rate the scene has afterwards",
        items=[
            ("AUTO", "Automatic", "An empty scene takes the file's rate; any other keeps its own"),
            ("FOOTAGE", "File", "The scene takes the file's rate and length, and the shape of its footage"),
            ("SCENE", "Scene", "The motion is resampled to the scene's rate"),
        ],
        default="AUTO",
    )
    with_body: BoolProperty(name="Body", description="Add a skinned body to each armature", default=True)
    with_camera: BoolProperty(
        name="Camera", default=True,
        description="Add the camera with its footage behind the body, where the file knows it",
    )

    @classmethod
    def poll(cls, context):
        # In an edit mode Ctrl Z would take back edits and leave the import.
        if context.mode not in {"OBJECT", "POSE"}:
            cls.poll_message_set("Go to Object Mode first")
            return False
        return True

    def invoke(self, context, event):
        if self.directory and any(item.name for item in self.files):
            return self.execute(context)
        return super().invoke(context, event)

    def execute(self, context):
        try:
            return self._import(context)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}

    def draw(self, context):
        self.layout.use_property_split = True
        for name in ("up_axis", "rate", "with_body", "with_camera"):
            self.layout.prop(self, name)

    def _import(self, context) -> set[str]:
        model = body_model(context)
        # All files are read before anything is built, so a refused one leaves the scene as it was.
        groups = grouped_by_take(self._paths())
        takes = {take: people_in(paths, model, self.up_axis == "Y") for take, paths in groups.items()}
        options = TakeOptions(self.with_body, self.with_camera, self.rate)
        for (name, folder), people in takes.items():
            take = build_people(context.scene, people, name, model, options, folder)
            for note in notes_of(take):
                self.report({"WARNING"}, note)
        count = sum(len(people) for people in takes.values())
        self.report({"INFO"}, f"Imported {count} {'person' if count == 1 else 'people'}.")
        return {"FINISHED"}

    def _paths(self) -> list[Path]:
        names = sorted(item.name for item in self.files if item.name)
        paths = [Path(self.directory) / name for name in names] or ([Path(self.filepath)] if self.filepath else [])
        if not paths:
            raise Refusal("no-file", "No motion file was chosen.", "Choose one or several files.")
        return paths


class MAMBOCAP_FH_motion(bpy.types.FileHandler):
    bl_idname = "MAMBOCAP_FH_motion"
    bl_label = "Motion Capture as Person"
    bl_import_operator = MAMBOCAP_OT_import_motion.bl_idname
    bl_file_extensions = ";".join(SUFFIXES)

    @classmethod
    def poll_drop(cls, context):
        return context.area is not None and context.area.type in {"VIEW_3D", "OUTLINER"}


def _menu(self, context):
    self.layout.operator(MAMBOCAP_OT_import_motion.bl_idname, text=f"Motion Capture as Person ({'/'.join(SUFFIXES)})")


_CLASSES = (MAMBOCAP_OT_import_motion, MAMBOCAP_FH_motion)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.TOPBAR_MT_file_import.append(_menu)


def unregister() -> None:
    bpy.types.TOPBAR_MT_file_import.remove(_menu)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
