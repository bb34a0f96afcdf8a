"""What the last export came to, for the panel.

It is kept outside the blend file, as files on disk are: undo takes none back, and so brings no older sentence back.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from ..redraw import redraw_panels
from .whom import whose

_About = tuple[int, int, str, str, str, str]


@dataclass(frozen=True)
class _Outcome:
    about: _About
    sentence: str


_last: _Outcome | None = None


def show_outcome(sentence: str, context: bpy.types.Context) -> None:
    """Say `sentence` in the panel until the artist turns to something else."""
    global _last
    _last = _Outcome(_about(context), sentence)
    redraw_panels()


def shown_outcome(context: bpy.types.Context) -> str:
    """What to say of the last export: nothing once the character, the format or the file is another."""
    global _last
    if _last is not None and _last.about != _about(context):
        _last = None
    return _last.sentence if _last is not None else ""


def _about(context: bpy.types.Context) -> _About:
    """Scene and character by the numbers that undo leaves them and no other file has, and where the file goes."""
    panel = context.scene.mambocap_export
    character = whose(context) if panel.what == "CHARACTER" else None
    return (context.scene.session_uid, character.session_uid if character is not None else 0, panel.what,
            panel.format, panel.folder, panel.name)  # fmt: skip
