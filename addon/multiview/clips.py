"""The clips of the take that is to be captured, one a camera: a list in the scene whose first clip leads."""

from collections.abc import Sequence
from pathlib import Path

import bpy
from bpy.props import FloatProperty, IntProperty, StringProperty

from ...motion.refusal import Refusal
from ..film import measured


def _path_chosen(clip: "MambocapClip", context: bpy.types.Context) -> None:
    film = measured(clip.file)
    clip.width_px, clip.height_px = (film.width_px, film.height_px) if film else (0, 0)
    clip.frame_count, clip.fps = (film.frame_count, film.fps) if film else (0, 0.0)
    settings = clip.id_data.mambocap
    if clip == settings.clips[0]:
        settings.first_clip_changed()


class MambocapClip(bpy.types.PropertyGroup):
    """One clip and what Blender knows of it; numbers are 0 where Blender cannot read it."""

    path: StringProperty(
        name="Clip", subtype="FILE_PATH", update=_path_chosen,
        description="The film, or the first picture of a sequence",
    )  # fmt: skip
    width_px: IntProperty()
    height_px: IntProperty()
    frame_count: IntProperty()
    fps: FloatProperty()

    @property
    def file(self) -> Path | None:
        """None where the field is empty."""
        return Path(bpy.path.abspath(self.path)) if self.path else None

    @property
    def is_there(self) -> bool:
        return self.file is not None and self.file.is_file()

    @property
    def title(self) -> str:
        return self.file.name if self.file else "No file"

    @property
    def facts(self) -> str:
        """Such as "1920 × 1080, 29.97 fps, 12.3 s", empty for a file that Blender cannot read."""
        if self.fps <= 0.0:
            return ""
        return f"{self.width_px} × {self.height_px}, {self.fps:.4g} fps, {self.frame_count / self.fps:.1f} s"


def choose(settings: bpy.types.PropertyGroup, paths: Sequence[Path]) -> None:
    """Put these clips in place of all others. Raises Refusal for one that is not there; nothing has changed then."""
    _check_there(paths)
    settings.clips.clear()
    _append(settings, paths)
    settings.active_clip = 0


def add(settings: bpy.types.PropertyGroup, paths: Sequence[Path]) -> None:
    """Put these clips behind the others. Raises Refusal for one that is not there or is among them already."""
    _check_there(paths)
    for path in paths:
        if any(clip.is_there and clip.file.samefile(path) for clip in settings.clips):
            raise Refusal("same-clip", f"{path.name} is in the list already.", "Choose the film of another camera.")
    _append(settings, paths)
    settings.active_clip = len(settings.clips) - 1


def remove(settings: bpy.types.PropertyGroup, index: int) -> None:
    settings.clips.remove(index)
    settings.active_clip = max(0, min(settings.active_clip, len(settings.clips) - 1))
    if index == 0:
        settings.first_clip_changed()


def move(settings: bpy.types.PropertyGroup, index: int, to: int) -> None:
    """Let the clip at `index` stand at `to`."""
    settings.clips.move(index, to)
    settings.active_clip = to
    if 0 in (index, to):
        settings.first_clip_changed()


def in_words(settings: bpy.types.PropertyGroup) -> str:
    """What is chosen now, such as "a.mp4 and 2 more clips"."""
    more = len(settings.clips) - 1
    return settings.clips[0].title + (f" and {more} more clip{'s' if more > 1 else ''}" if more > 0 else "")


def files_of(settings: bpy.types.PropertyGroup) -> list[Path]:
    """All clips as whole paths. Raises Refusal when there is none, one is not there, or one stands there twice."""
    if not settings.clips:
        raise Refusal("no-such-file", "There is no file chosen.", "Choose footage that exists.")
    for clip in settings.clips:
        if clip.file is None or not clip.file.exists():
            raise Refusal("no-such-file", f"There is no file {clip.file or 'chosen'}.", "Choose footage that exists.")
    files = [clip.file for clip in settings.clips]
    for index, file in enumerate(files):
        if any(file.samefile(other) for other in files[:index]):
            raise Refusal("same-clip", f"{file.name} is in the list of clips twice.", "Remove one of the two.")
    return [file.resolve() for file in files]


def _check_there(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.is_file():
            raise Refusal("no-such-file", f"There is no file {path}.", "Choose footage that exists.")


def _append(settings: bpy.types.PropertyGroup, paths: Sequence[Path]) -> None:
    for path in paths:
        settings.clips.add().path = str(path)


def register() -> None:
    bpy.utils.register_class(MambocapClip)


def unregister() -> None:
    bpy.utils.unregister_class(MambocapClip)
