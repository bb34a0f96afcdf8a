"""A capture from Blender's side: started, watched from a timer, ended. Blender stays free all the while."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import bpy

from ..motion.job import ERROR, USER_CAN_MEND, read_object
from ..motion.refusal import Refusal
from . import backend_process, jobs, live_view
from .backend_place import backend_python, is_installed, preferences
from .capture_request import request_from
from .progress import Watch
from .redraw import redraw_panels

LOOK_EVERY_S = 0.25
PATIENCE_S = 10.0   # a backend that has not stopped by then is ended
CANCELLED = "cancelled"


@dataclass
class Session:
    """One capture that this Blender watches. Names instead of Blender's objects, which die with every undo."""

    job: Path
    process_id: int | None      # None when an earlier Blender started it
    scene_name: str             # where the take goes; empty: nowhere until the artist asks
    replaces: str = ""          # the take in that scene whose people the new ones replace; empty: a new take
    watch: Watch = field(init=False)
    cancel_asked_s: float | None = None

    def __post_init__(self) -> None:
        self.watch = Watch(self.job, jobs.has_preview(self.job))


@dataclass(frozen=True)
class Notice:
    """What the panel says after a capture has ended."""

    icon: str
    sentence: str
    mend: str = ""
    log: Path | None = None
    job: str = ""     # the capture that can be brought in or resumed from here


session: Session | None = None
notice: Notice | None = None
found: list[jobs.Job] = []     # the captures on the disk when they were last looked at


def start(job: Path, scene_name: str, mock: str = "", replaces: str = "") -> None:
    """Start the backend on `job` and watch it. Raises Refusal when it cannot be started."""
    global session, notice
    process_id = backend_process.start_job(backend_python(), job, mock)
    session, notice = Session(job, process_id, scene_name, replaces), None
    _watch_from_timer()


def pick_up() -> None:
    """Look at the captures on the disk, and go on watching one that outlived its Blender."""
    global session
    found[:] = jobs.all_jobs()
    running = [job for job in found if job.state == "running"]
    if session is None and running:
        session = Session(running[0].folder, None, "")
        _watch_from_timer()
    redraw_panels()


def cancel() -> None:
    """Ask the running capture to stop; the timer sees to the rest."""
    if session is not None and session.cancel_asked_s is None:
        backend_process.ask_to_stop(session.job)
        session.cancel_asked_s = time.monotonic()


def forget_scene() -> None:
    """Another file was opened: a take that becomes ready waits for the artist."""
    if session is not None:
        session.scene_name = ""


def look() -> float | None:
    """One look at the running capture; returns the seconds until the next, None when there is nothing more to see."""
    if session is None:
        return None
    session.watch.read_on()
    live_view.read_on(session.job)
    state = backend_process.state(session.job, session.process_id)
    if state == "running":
        _end_when_out_of_patience(session)
    else:
        _ended(session, state)
    redraw_panels()
    return LOOK_EVERY_S if session is not None else None


def _watch_from_timer() -> None:
    if not bpy.app.timers.is_registered(look):
        bpy.app.timers.register(look, first_interval=LOOK_EVERY_S, persistent=True)


def _end_when_out_of_patience(running: Session) -> None:
    asked_s = running.cancel_asked_s
    if asked_s is not None and time.monotonic() - asked_s > PATIENCE_S:
        holder = running.process_id or backend_process.lock_holder(running.job)
        if holder is not None:
            backend_process.end(holder)


def _ended(ended: Session, state: str) -> None:
    global session, notice
    session = None
    ended.watch.read_on()
    live_view.forget()
    notice = _notice(ended, state)
    found[:] = jobs.all_jobs()
    if state == "finished" and ended.scene_name:
        notice = _brought_in(ended) or notice


def _notice(ended: Session, state: str) -> Notice:
    job_log = backend_process.log_of(ended.job)
    error = read_object(ended.job / ERROR) or {}
    if state == "finished":
        sentence = f"The capture is ready: {_people(ended)}."
        return Notice("CHECKMARK", sentence, "Press Bring In.", job_log, ended.job.name)
    if ended.cancel_asked_s is not None or error.get("code") == CANCELLED:
        return Notice("INFO", "The capture was cancelled; what is finished is kept.",
                      "Press Resume to go on.", job_log, ended.job.name)  # fmt: skip
    if state == "failed":
        return Notice("ERROR", str(error.get("sentence", "")), str(error.get("mend", "")), job_log, ended.job.name)
    return _notice_of_silence(ended, job_log)


def _notice_of_silence(ended: Session, job_log: Path | None) -> Notice:
    """The backend is gone and has written neither result nor error."""
    code = backend_process.exit_code(ended.process_id) if ended.process_id else None
    if code == USER_CAN_MEND and (word := backend_process.last_word(ended.job)):
        return Notice("ERROR", word, "", job_log)
    sentence = f"The backend ended without a result{f' (exit code {code})' if code is not None else ''}."
    mend = "Press Resume; what is finished is kept. The log says more."
    return Notice("ERROR", sentence, mend, job_log, ended.job.name)


def _brought_in(ended: Session) -> Notice | None:
    """Bring the take into the scene that asked for it, as one step of undo; None when the artist has to say when."""
    window = next((w for w in bpy.context.window_manager.windows if w.scene.name == ended.scene_name), None)
    if window is None or window.modal_operators:   # no undo step in the middle of a drag
        return None
    try:
        with bpy.context.temp_override(window=window):
            # Who poses a person is looking at a take; who models or sculpts is not to be torn out of it.
            if bpy.context.mode not in {"OBJECT", "POSE"} or not bpy.ops.mambocap.bring_in.poll():
                return None
            if ended.replaces:
                bpy.ops.mambocap.replace_people("EXEC_DEFAULT", True, take=ended.replaces)
            else:
                bpy.ops.mambocap.bring_in("EXEC_DEFAULT", True, job=ended.job.name)
    except RuntimeError as error:   # what the operator reported: Blender raises it again
        return _notice_of_refusal(str(error))
    # What was doubtful during the capture can be mended now: the lens said, Solve Again pressed.
    return Notice("CHECKMARK", f"The take was brought in: {_people(ended)}.", " ".join(ended.watch.messages[-2:]))


def _notice_of_refusal(report: str) -> Notice:
    """What the operator said when it did not bring the take in."""
    if "Traceback" in report:
        return Notice("ERROR", "The take could not be brought in; the fault is ours.",
                      "Report it with what Blender's console says. The capture is kept.")  # fmt: skip
    return Notice("ERROR", report.removeprefix("Error: ").strip())


def _people(ended: Session) -> str:
    return jobs.people_words(len(jobs.motion_files(ended.job)))


class MAMBOCAP_OT_capture(bpy.types.Operator):
    bl_idname = "mambocap.capture"
    bl_label = "Capture"
    bl_description = "Find the people in the footage and bring in their motion. Blender stays free meanwhile"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return can_start(cls) and has_footage(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            request = request_from(context.scene.mambocap, preferences())
            start(jobs.new_job(Path(request.clips[0]), request), context.scene.name)
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        return {"FINISHED"}


class MAMBOCAP_OT_cancel(bpy.types.Operator):
    bl_idname = "mambocap.cancel"
    bl_label = "Cancel Capture"
    bl_description = "Stop the running capture. What is finished is kept, Resume goes on from there"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session is None or session.cancel_asked_s is not None:
            cls.poll_message_set("No capture is running" if session is None else "The capture is being stopped")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        cancel()
        redraw_panels()
        return {"FINISHED"}


class MAMBOCAP_OT_open_log(bpy.types.Operator):
    bl_idname = "mambocap.open_log"
    bl_label = "Open Log"
    bl_description = "Open the log of the last capture in the system's text viewer"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        there = notice is not None and notice.log is not None and notice.log.exists()
        if not there:
            cls.poll_message_set("There is no log: nothing was captured since Blender was started")
        return there

    def execute(self, context: bpy.types.Context) -> set[str]:
        return bpy.ops.wm.path_open(filepath=str(notice.log))


def can_start(operator: type[bpy.types.Operator]) -> bool:
    """Whether the backend can be started now; tells the operator's button why not."""
    if session is not None:
        operator.poll_message_set("A capture is running")
        return False
    if not is_installed():
        operator.poll_message_set("The backend is not installed: press Install Backend in the preferences of Mambocap")
        return False
    return True


def has_footage(operator: type[bpy.types.Operator], context: bpy.types.Context) -> bool:
    clips = context.scene.mambocap.clips
    gone = next((clip for clip in clips if not clip.is_there), None)
    if not clips:
        operator.poll_message_set("Choose footage first, or drop a film on the 3D view")
    elif gone is not None:
        operator.poll_message_set(f"There is no file {gone.file or 'chosen'}")
    return len(clips) > 0 and gone is None


@bpy.app.handlers.persistent
def _file_opened(*_: object) -> None:
    forget_scene()


_CLASSES = (MAMBOCAP_OT_capture, MAMBOCAP_OT_cancel, MAMBOCAP_OT_open_log)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.app.handlers.load_post.append(_file_opened)
    bpy.app.timers.register(pick_up, first_interval=0.5, persistent=True)   # outlives the opening of a file


def unregister() -> None:
    global session, notice
    for timer in (look, pick_up):
        if bpy.app.timers.is_registered(timer):
            bpy.app.timers.unregister(timer)
    bpy.app.handlers.load_post.remove(_file_opened)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    session = notice = None
    found.clear()
