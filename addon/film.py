"""What Blender itself can say of a film or a sequence of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import bpy

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
SEQUENCE_FPS = 30.0   # at which the backend takes pictures when nobody says otherwise


@dataclass(frozen=True)
class Film:
    """Size, length and rate."""

    width_px: int
    height_px: int
    frame_count: int
    fps: float


def is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURES


def measured(path: Path | None) -> Film | None:
    """The facts of a film, None when Blender cannot read it."""
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


def first_pictures(names: Iterable[str]) -> list[str]:
    """File names in their order, of the pictures of one sequence only the first."""
    firsts: dict[str, str] = {}
    for name in sorted(names):
        path = Path(name)
        firsts.setdefault(re.sub(r"\d+$", "", path.stem) + path.suffix if is_picture(path) else name, name)
    return list(firsts.values())
