"""How far one of Blender's exporters has come, told by the frames that it looks at."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import bpy


@contextlib.contextmanager
def frames_reported(room: bpy.types.Scene, report: Callable[[float], None]) -> Iterator[None]:
    """Report the share of frames of `room` that were looked at, each once, however often exporters go through them."""
    frames, seen = range(room.frame_start, room.frame_end + 1), set()

    def count(scene: bpy.types.Scene, _: bpy.types.Depsgraph) -> None:
        frame = scene.frame_current
        if scene == room and frame in frames and frame not in seen:
            seen.add(frame)
            report(len(seen) / len(frames))

    bpy.app.handlers.frame_change_post.append(count)
    try:
        yield
    finally:
        bpy.app.handlers.frame_change_post.remove(count)
