"""While the animation plays: counts the frames that are shown, and shows light bodies below 24 a second."""

from __future__ import annotations

import time
from collections import deque

import bpy
from bpy.app.handlers import persistent

from .backend_place import preferences
from .light_body import BODY, show_full, show_light

ENOUGH_FPS = 24.0   # from here on a motion looks fluent
_SPAN_S = 1.0       # over which frames are counted
_SETTLE_S = 0.5     # after the start, in which Blender reads footage and compiles what it draws with


class PlaybackMeter:
    """Frames a second that are really shown."""

    def __init__(self, began_s: float) -> None:
        self._counts_from_s = began_s + _SETTLE_S
        self._shown_s: deque[float] = deque()

    def frame_shown(self, now_s: float) -> float | None:
        """The rate over the last second; None before a second has been counted."""
        if now_s < self._counts_from_s:
            return None
        self._shown_s.append(now_s)
        while now_s - self._shown_s[0] > _SPAN_S and now_s - self._shown_s[1] >= _SPAN_S:
            self._shown_s.popleft()
        span_s = now_s - self._shown_s[0]
        return (len(self._shown_s) - 1) / span_s if span_s >= _SPAN_S else None


_meter: PlaybackMeter | None = None   # while the animation plays and bodies are whole


def enough_fps(scene: bpy.types.Scene) -> float:
    """What a scene asks for, at most 24; a little less, since no timer is exact."""
    return 0.95 * min(ENOUGH_FPS, scene.render.fps / scene.render.fps_base)


@persistent
def _started(scene: bpy.types.Scene, *_: object) -> None:
    global _meter
    own = preferences()
    _meter = PlaybackMeter(time.monotonic()) if own is not None and own.light_body_while_playing else None


@persistent
def _frame_shown(scene: bpy.types.Scene, *_: object) -> None:
    global _meter
    if _meter is None:
        return
    rate = _meter.frame_shown(time.monotonic())
    if rate is not None and rate < enough_fps(scene):
        _meter = None
        for thing in scene.objects:
            if BODY in thing and thing.visible_get():
                show_light(thing)


@persistent
def _stopped(*_: object) -> None:
    """Also before a file is saved and after one was opened that was kept while it played."""
    global _meter
    _meter = None
    for thing in bpy.data.objects:
        if BODY in thing:
            show_full(thing)


_HANDLERS = (
    ("animation_playback_pre", _started), ("frame_change_post", _frame_shown), ("animation_playback_post", _stopped),
    ("save_pre", _stopped), ("render_init", _stopped), ("load_post", _stopped),
)  # fmt: skip


def register() -> None:
    for name, function in _HANDLERS:
        getattr(bpy.app.handlers, name).append(function)


def unregister() -> None:
    _stopped()
    for name, function in _HANDLERS:
        getattr(bpy.app.handlers, name).remove(function)
