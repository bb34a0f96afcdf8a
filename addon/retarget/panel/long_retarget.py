"""A long motion brought over while Blender stays free: a thread computes, a timer watches it and keys at the end.

Until then nothing of the character or the file changes, so that to cancel is to forget.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from dataclasses import dataclass, field

import bpy
from bpy.app.handlers import persistent

from ....motion.refusal import Refusal
from ...progress import duration_words
from ...redraw import redraw_panels
from ..retarget_character import Brought, Outcome, Task, brought_over, is_still_of, keyed, plan_of, task_of
from ..sources import Source
from . import changed
from .outcome import show_outcome
from .wish import wish_of

LOOK_EVERY_S = 0.1
LONG_S = 2.0              # from which on Blender stays free
_S_PER_FRAME = 7e-4       # for a character with fingers, on one slow core
_READING = 0.4            # of the time before keys are written, where the source is still to be worked out
_BRINGING = 0.85          # of the whole time; the rest is writing keys, while Blender waits
_FASTEST_STAGE = 0.05     # a share from which the time left can be told
_PATIENCE_S = 10.0        # for the thread, when the extension goes


class _Stopped(Exception):
    """Nobody waits for the result any more."""


@dataclass(eq=False)
class Session:
    """One motion on its way. Names instead of Blender's objects, which die with every undo."""

    task: Task
    scene_name: str
    character_name: str
    character_uid: int
    began_s: float = field(default_factory=time.monotonic)
    reading: float = 0.0             # the share of working out the source
    share: float = 0.0               # of all before the keys; this and what follows is set by the thread
    stage_ended_s: float = 0.0       # after the beginning, when that share was reached
    brought: Brought | None = None
    failure: Exception | None = None
    is_stopped: bool = False
    waits_for: str = ""              # what keeps the keys from being written
    is_announced: bool = False       # whether the panel says that Blender will wait

    def reached(self, share: float) -> None:
        """Called by the thread."""
        if self.is_stopped:
            raise _Stopped
        self.stage_ended_s, self.share = time.monotonic() - self.began_s, self.reading + (1.0 - self.reading) * share

    @property
    def whole_s(self) -> float:
        """How long all will have taken, by the speed until now."""
        if self.share < _FASTEST_STAGE:
            return estimated_s(self.task.source)
        return self.stage_ended_s / (_BRINGING * self.share)

    @property
    def seconds_left(self) -> float:
        return max(0.0, self.whole_s - (time.monotonic() - self.began_s))

    @property
    def done(self) -> float:
        """0..1 of the whole."""
        return _BRINGING if self.brought is not None else min(_BRINGING, 1.0 - self.seconds_left / self.whole_s)

    @property
    def words(self) -> str:
        if self.waits_for:
            return self.waits_for
        if self.brought is not None:
            return "Writing keys"
        left = f": about {duration_words(self.seconds_left)} left" if self.seconds_left else ""
        return f"Bringing the motion over{left}"


session: Session | None = None
notice = ""    # why the last one came to nothing
_thread: threading.Thread | None = None


def estimated_s(source: Source) -> float:
    return _S_PER_FRAME * len(source.frames)


def is_long(source: Source) -> bool:
    return estimated_s(source) >= LONG_S


def can_go_on_alone() -> bool:
    """Without a window no timer runs."""
    return not bpy.app.background


def start(context: bpy.types.Context, source: Source) -> None:
    """Begin with what the panel says now. Raises Refusal when it cannot be done."""
    global session, notice, _thread
    settings = context.scene.mambocap_retarget
    character = settings.character
    task = task_of(character, source, wish_of(settings))
    session, notice = Session(task, context.scene.name, character.name, character.session_uid), ""
    session.reading = 0.0 if source.is_worked_out else _READING
    _thread = threading.Thread(target=_compute, args=(session,), daemon=True)
    _thread.start()
    bpy.app.timers.register(look, first_interval=LOOK_EVERY_S)


def stop(why: str = "") -> None:
    """Forget it; the thread ends by itself with its next step."""
    global session, notice
    if session is not None:
        session.is_stopped, session, notice = True, None, why
        redraw_panels()


def _compute(running: Session) -> None:
    try:
        running.brought = brought_over(running.task, running.reached)
    except _Stopped:
        pass
    except Exception as error:   # said by the timer
        running.failure = error


def look() -> float | None:
    """One look at what is on its way; returns the seconds until the next, None when there is nothing more to see."""
    if session is None:
        return None
    if _character(session) is None:
        stop(f"{session.character_name} is gone: its motion was not brought over")
    elif session.failure is not None:
        stop(_words_of(session.failure))
    elif session.brought is not None:
        _write_when_free(session)
    redraw_panels()
    return LOOK_EVERY_S if session is not None else None


def _character(running: Session) -> bpy.types.Object | None:
    scene = bpy.data.scenes.get(running.scene_name)
    found = scene.objects.get(running.character_name) if scene is not None else None
    return found if found is not None and found.session_uid == running.character_uid else None


def _words_of(failure: Exception) -> str:
    if isinstance(failure, Refusal):
        return f"{failure.sentence} {failure.mend}"
    traceback.print_exception(failure, file=sys.stderr)
    return "The motion could not be brought over; the fault is ours. Report it with what Blender's console says."


def _write_when_free(running: Session) -> None:
    """As one step of undo: not in the middle of a drag, nor of what Ctrl Z would take back otherwise."""
    window = next((w for w in bpy.context.window_manager.windows if w.scene.name == running.scene_name), None)
    running.waits_for = _why_wait(window, running)
    if running.waits_for:
        return
    if not running.is_announced:   # drawn before Blender stops for a moment
        running.is_announced = True
        return
    try:
        with bpy.context.temp_override(window=window):
            bpy.ops.mambocap.write_retarget("EXEC_DEFAULT", True)
    except RuntimeError as error:   # what the operator reported: Blender raises it again
        stop(_reported(str(error)))


def _why_wait(window: bpy.types.Window | None, running: Session) -> str:
    if window is None:
        return f"Ready: show the scene {running.scene_name}"
    if window.modal_operators or bpy.app.is_job_running("RENDER"):
        return "Ready: waits until Blender is free"
    with bpy.context.temp_override(window=window):
        return "" if bpy.context.mode in {"OBJECT", "POSE"} else "Ready: go to Object Mode or Pose Mode"


def _reported(report: str) -> str:
    if "Traceback" in report:
        print(report, file=sys.stderr)
        return "The keys could not be written; the fault is ours. Report it with what Blender's console says."
    return report.removeprefix("Error: ").strip()


class MAMBOCAP_OT_write_retarget(bpy.types.Operator):
    bl_idname = "mambocap.write_retarget"
    bl_label = "Retarget"
    bl_description = "Give the character the motion that was brought over"
    bl_options = {"UNDO", "INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        is_ready = session is not None and session.brought is not None
        if not is_ready:
            cls.poll_message_set("No motion was brought over")
        return is_ready

    def execute(self, context: bpy.types.Context) -> set[str]:
        global session
        try:
            outcome = _keyed(session)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        settings = context.scene.mambocap_retarget
        if settings.character is not None and settings.character.name == session.character_name:
            show_outcome(settings, outcome)
        self.report({"INFO"}, f"{session.character_name} has the action {outcome.action.name}")
        session = None
        return {"FINISHED"}


def _keyed(ready: Session) -> Outcome:
    character = _character(ready)
    if not is_still_of(ready.task, character):
        raise Refusal("rig-changed", f"The bones of {character.name} were changed meanwhile.", "Press Retarget again.")
    return keyed(character, plan_of(character, ready.task, ready.brought), lambda share, words: None)


class MAMBOCAP_OT_cancel_retarget(bpy.types.Operator):
    bl_idname = "mambocap.cancel_retarget"
    bl_label = "Cancel Retarget"
    bl_description = "Stop bringing the motion over. The character stays as it is"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session is None:
            cls.poll_message_set("No motion is being brought over")
        return session is not None

    def execute(self, context: bpy.types.Context) -> set[str]:
        stop()
        return {"FINISHED"}


@persistent
def _on_undo(*_: object) -> None:
    """Whoever presses Ctrl Z after Retarget takes it back, and what was read may be of a step that is no more."""
    stop("Undo was pressed: the motion was not brought over")


def _forget_notice(_: bpy.types.Scene) -> None:
    """What the artist changes may mend it."""
    global notice
    notice = ""


@persistent
def _on_load(*_: object) -> None:
    stop()


_CLASSES = (MAMBOCAP_OT_write_retarget, MAMBOCAP_OT_cancel_retarget)
_HANDLERS = {"undo_pre": _on_undo, "redo_pre": _on_undo, "load_pre": _on_load}


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    for name, function in _HANDLERS.items():
        getattr(bpy.app.handlers, name).append(function)
    changed.listeners.append(_forget_notice)


def unregister() -> None:
    stop()
    changed.listeners.remove(_forget_notice)
    if bpy.app.timers.is_registered(look):
        bpy.app.timers.unregister(look)
    if _thread is not None:
        _thread.join(_PATIENCE_S)
    for name, function in _HANDLERS.items():
        getattr(bpy.app.handlers, name).remove(function)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
