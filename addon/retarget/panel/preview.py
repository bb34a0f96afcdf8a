"""The motion shown on the character before it is keyed: posed without keys on every frame that is shown.

That a preview is on, and the pose from before, stand in the file (MambocapRetarget.previewed and kept_pose), so that
every step of undo and every automatic backup knows how to come back. Saving and rendering see the rig without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy
import numpy as np
from bpy.app.handlers import persistent

from ....motion.refusal import Refusal
from ...redraw import redraw_panels
from ..retarget_character import Plan, plan, show_frame
from ..sources import Source
from . import changed
from .kept_pose import bring_back, pose_text, with_numbers
from .retarget_settings import MambocapRetarget
from .wanted_source import wanted_source
from .wish import wish_of

_PAUSE_S = 0.4   # from the last change in the panel to planning anew


@dataclass(frozen=True, eq=False)
class _Shown:
    """What is on show. Only the plan of the last change is kept; undo and loading make it anew."""

    scene: str
    source: Source
    plan: Plan


_shown: _Shown | None = None
_paused: dict[str, str] = {}   # by scene, the character whose preview comes back after saving or rendering


def is_on(scene: bpy.types.Scene) -> bool:
    return scene.mambocap_retarget.previewed is not None


def start(context: bpy.types.Context, report: Callable[[float, str], None]) -> None:
    """Show the motion on the character. Raises Refusal when it cannot be; nothing has been changed then."""
    scene, settings = context.scene, context.scene.mambocap_retarget
    made = _planned(context, report)
    _keep(scene, settings)
    try:
        _show(scene, made)
    except Exception:
        stop(scene)
        raise


def stop(scene: bpy.types.Scene) -> None:
    """Give the character the pose back that it had, whatever has happened since."""
    global _shown
    settings = scene.mambocap_retarget
    character, text = settings.previewed, settings.kept_pose
    settings.previewed, settings.kept_pose, _shown = None, "", None
    if character is not None and text:
        bring_back(character, text, scene.frame_current_final)


def _keep(scene: bpy.types.Scene, settings: MambocapRetarget) -> None:
    settings.kept_pose = pose_text(settings.character, scene.frame_current_final)
    settings.previewed = settings.character


def _stop_all() -> None:
    for scene in bpy.data.scenes:
        if is_on(scene):
            stop(scene)


def _planned(context: bpy.types.Context, report: Callable[[float, str], None]) -> _Shown:
    settings = context.scene.mambocap_retarget
    source = wanted_source(context)
    return _Shown(context.scene.name, source, plan(settings.character, source, wish_of(settings), report))


def _show(scene: bpy.types.Scene, shown: _Shown) -> None:
    global _shown
    settings = scene.mambocap_retarget
    settings.kept_pose = with_numbers(settings.kept_pose, settings.previewed, shown.plan.held)
    _shown = shown
    _pose(scene)


def _pose(scene: bpy.types.Scene) -> None:
    """Pose the character as the motion has it on the frame that the scene shows, or at its nearer end."""
    character = scene.mambocap_retarget.previewed
    if _shown is None or character is None or _shown.scene != scene.name:
        return
    try:
        index = int(np.argmin(np.abs(_shown.source.frames - scene.frame_current_final)))
        show_frame(character, _shown.plan, index)
    except Exception:   # whatever it was, the rig must not stay half posed
        stop(scene)
        raise


def _plan_again() -> None:
    """Run by a timer after the last change: plan anew with what the panel says now."""
    global _shown
    context, _shown = bpy.context, None   # reading a source may go through frames, on which nothing must be posed
    scene, settings = context.scene, context.scene.mambocap_retarget
    if not is_on(scene):
        return
    try:
        if settings.previewed != settings.character:
            stop(scene)
            return
        # A reference pose, and what is not keyed, is the artist's, not the one that is on show.
        bring_back(settings.character, settings.kept_pose, scene.frame_current_final)
        _show(scene, _planned(context, lambda share, words: None))
        settings.problem = ""
    except Refusal as refusal:
        stop(scene)
        settings.problem = f"{refusal.sentence} {refusal.mend}"
    except Exception:
        stop(scene)
        raise
    finally:
        redraw_panels()


def _plan_again_soon(scene: bpy.types.Scene) -> None:
    if is_on(scene):
        _stop_waiting()
        bpy.app.timers.register(_plan_again, first_interval=_PAUSE_S)


def _stop_waiting() -> None:
    if bpy.app.timers.is_registered(_plan_again):
        bpy.app.timers.unregister(_plan_again)


@contextmanager
def set_aside(scene: bpy.types.Scene) -> Iterator[None]:
    """The character in its own pose meanwhile."""
    was_on = is_on(scene)
    if was_on:
        stop(scene)
    try:
        yield
    finally:
        if was_on:
            _keep(scene, scene.mambocap_retarget)
            _plan_again_soon(scene)


@persistent
def _on_frame(scene: bpy.types.Scene, _: object = None) -> None:
    if is_on(scene) and not _paused:
        _pose(scene)


@persistent
def _on_undo(*_: object) -> None:
    """Undo brought pose, kept pose and choices of that step: the plan on show may be of another."""
    global _shown
    _shown = None
    for scene in bpy.data.scenes:
        _plan_again_soon(scene)


@persistent
def _on_load(*_: object) -> None:
    """A backup that was saved in the middle of a preview."""
    global _shown
    _shown = None
    _paused.clear()
    _stop_all()


@persistent
def _pause(*_: object) -> None:
    """Before saving and rendering."""
    for scene in bpy.data.scenes:
        if is_on(scene):
            _paused[scene.name] = scene.mambocap_retarget.previewed.name
            stop(scene)


@persistent
def _go_on(*_: object) -> None:
    """After saving and rendering: planned again, as after a change."""
    for name, character in _paused.items():
        scene = bpy.data.scenes.get(name)
        settings = scene.mambocap_retarget if scene is not None else None
        if settings is not None and settings.character is not None and settings.character.name == character:
            _keep(scene, settings)
            _plan_again_soon(scene)
    _paused.clear()


_HANDLERS = {
    "frame_change_post": _on_frame, "undo_post": _on_undo, "redo_post": _on_undo, "load_post": _on_load,
    "save_pre": _pause, "save_post": _go_on, "save_post_fail": _go_on, "render_init": _pause,
    "render_complete": _go_on, "render_cancel": _go_on,
}  # fmt: skip


def register() -> None:
    changed.listeners.append(_plan_again_soon)
    for name, function in _HANDLERS.items():
        getattr(bpy.app.handlers, name).append(function)


def unregister() -> None:
    _stop_waiting()
    _stop_all()
    for name, function in _HANDLERS.items():
        getattr(bpy.app.handlers, name).remove(function)
    changed.listeners.remove(_plan_again_soon)
