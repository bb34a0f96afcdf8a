"""Export, and Mambocap Motion in the menu File > Export."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy_extras.io_utils import ExportHelper

from ...motion.refusal import Refusal
from .batch import everybody_in, export_all
from .export_motion import export_motion
from .export_settings import choices_for, folder_of, path_for
from .file_names import safe_name
from .formats import FORMATS
from .outcome import show_outcome
from .whom import whose


class _Exports:
    """An operator that writes motion."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode not in {"OBJECT", "POSE"}:   # in Edit Mode rigs stand at rest
            cls.poll_message_set("Go to Object Mode or Pose Mode first")
            return False
        if context.scene.mambocap_export.what == "CHARACTER" and whose(context) is None:
            cls.poll_message_set("Select a person of a take or an armature first")
            return False
        return True

    def _try(self, context: bpy.types.Context, do: Callable[[Callable[[float], None]], str]) -> set[str]:
        try:
            with number_at_pointer(context.window_manager) as report:
                sentence = do(report)
        except Refusal as refusal:
            sentence, kind, result = f"{refusal.sentence} {refusal.mend}", "ERROR", {"CANCELLED"}
        else:
            kind, result = "INFO", {"FINISHED"}
        show_outcome(sentence, context)
        self.report({kind}, sentence)
        return result

    def _export_one(self, context: bpy.types.Context, path: Path, report: Callable[[float], None]) -> str:
        character = whose(context)
        note = export_motion(character, path, choices_for(character, context.scene), context, report)
        if note:
            self.report({"WARNING"}, note)
        return f"{character.name} written to {path}. {note}".strip()


class MAMBOCAP_OT_export_motion(_Exports, bpy.types.Operator):
    bl_idname = "mambocap.export_motion"
    bl_label = "Export"
    bl_description = "Write the motion to a file for other programs. Nothing in this scene changes"

    overwrite: BoolProperty(
        name="Overwrite", options={"HIDDEN", "SKIP_SAVE"}, description="Replace a file that is there"
    )

    def invoke(self, context, event):
        path = _path_there(context)
        if path is None:
            return self.execute(context)
        self.overwrite = True
        return context.window_manager.invoke_confirm(
            self, event, title=f"Replace {path.name}?", message=f"It is in {path.parent}", confirm_text="Replace",
            icon="WARNING",
        )  # fmt: skip

    def execute(self, context):
        is_batch = context.scene.mambocap_export.what != "CHARACTER"
        return self._try(context, lambda report: (self._all if is_batch else self._one)(context, report))

    def _one(self, context: bpy.types.Context, report: Callable[[float], None]) -> str:
        path = path_for(whose(context), context.scene)
        if not self.overwrite:
            _refuse_there(path)
        return self._export_one(context, path, report)

    def _all(self, context: bpy.types.Context, report: Callable[[float], None]) -> str:
        scene, panel = context.scene, context.scene.mambocap_export
        summary = export_all(everybody_in(scene, panel.what), folder_of(scene), lambda each: choices_for(each, scene),
                             panel.existing, context, report)  # fmt: skip
        for sentence in (*summary.notes, *summary.failures):
            self.report({"WARNING"}, sentence)
        return ". ".join([summary.in_words, *summary.failures])


class MAMBOCAP_OT_export_file(_Exports, bpy.types.Operator, ExportHelper):
    bl_idname = "mambocap.export_file"
    bl_label = "Export Mambocap Motion"
    bl_description = "Write the motion of the active person or character to a file. Nothing in this scene changes"

    filter_glob: StringProperty(default=";".join(f"*{each.suffix}" for each in FORMATS.values()), options={"HIDDEN"})

    @property
    def filename_ext(self) -> str:
        return FORMATS[bpy.context.scene.mambocap_export.format].suffix

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if whose(context) is None:
            cls.poll_message_set("Select a person of a take or an armature first")
            return False
        return super().poll(context)

    def invoke(self, context, event):
        self.filepath = f"{safe_name(whose(context).name)}{self.filename_ext}"
        return super().invoke(context, event)

    def draw(self, context):
        draw_choices(self.layout, context.scene.mambocap_export)

    def execute(self, context):
        return self._try(context, lambda report: self._export_one(context, self._path(), report))

    def _path(self) -> Path:
        """The chosen file, with the ending of the format, which may have been chosen after the name."""
        path, suffix = Path(self.filepath), self.filename_ext
        if path.suffix.lower() == suffix:
            return path
        known = {each.suffix for each in FORMATS.values()}
        path = path.with_suffix(suffix) if path.suffix.lower() in known else path.with_name(f"{path.name}{suffix}")
        _refuse_there(path)
        return path


def draw_choices(layout: bpy.types.UILayout, panel: bpy.types.PropertyGroup) -> None:
    """What a file is to hold."""
    layout.use_property_split, layout.use_property_decorate = True, False
    layout.prop(panel, "format")
    for option in FORMATS[panel.format].options:
        layout.prop(panel, option)
    layout.prop(panel, "frames")
    if panel.frames == "CUSTOM":
        row = layout.row(align=True)
        row.prop(panel, "first_frame")
        row.prop(panel, "last_frame")


@contextmanager
def number_at_pointer(manager: bpy.types.WindowManager) -> Iterator[Callable[[float], None]]:
    """Shows shares from 0 to 1 as a number from 0 to 100."""

    def show(share: float) -> None:
        manager.progress_begin(0.0, 100.0)   # anew: Blender's glTF exporter begins one of its own and ends it
        manager.progress_update(100.0 * share)

    try:
        show(0.0)
        yield show
    finally:
        manager.progress_end()


def _refuse_there(path: Path) -> None:
    if path.exists():
        raise Refusal("file-exists", f"{path.name} is already in {path.parent}.", "Choose another name.")


def _path_there(context: bpy.types.Context) -> Path | None:
    """The file that the button would replace; in a batch the artist has chosen already."""
    if context.scene.mambocap_export.what != "CHARACTER":
        return None
    try:
        path = path_for(whose(context), context.scene)
    except Refusal:
        return None
    return path if path.exists() else None


def _menu(self, context):
    suffixes = "/".join(each.suffix for each in FORMATS.values())
    self.layout.operator(MAMBOCAP_OT_export_file.bl_idname, text=f"Mambocap Motion ({suffixes})")


_CLASSES = (MAMBOCAP_OT_export_motion, MAMBOCAP_OT_export_file)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.TOPBAR_MT_file_export.append(_menu)


def unregister() -> None:
    bpy.types.TOPBAR_MT_file_export.remove(_menu)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
