"""Start Batch, Retry Failed, Stop: the backend is started so that it outlives Blender."""

from pathlib import Path

import bpy

from ...motion.batch.same_batch import check_same_batch
from ...motion.batch.words import DONE, FAILED, BatchRequest, read_batch
from ...motion.places import actors_folder
from ...motion.refusal import Refusal
from ...motion.whole_files import unwritable
from .. import backend_process
from ..backend_place import backend_python, is_installed, preferences
from ..capture_request import settings_for_any_clip
from ..redraw import redraw_panels
from ..tells_refusals import TellsRefusals
from . import watched
from .seen_batch import Seen


def batch_request(scene: bpy.types.Scene, seen: Seen, retry: bool) -> BatchRequest:
    """What the panels ask of the takes. Raises Refusal where a file that is named there does not exist."""
    batch, of_several = scene.mambocap_batch, any(len(take.clips) > 1 for take in seen.wanted)
    settings = settings_for_any_clip(scene.mambocap, preferences(), of_several)
    cluster = batch.cluster.strip()
    return BatchRequest(seen.wanted, settings, batch.preview, retry, batch.workers, cluster,
                        batch.ship and cluster != "", str(actors_folder()))  # fmt: skip


def start(scene: bpy.types.Scene, retry: bool = False) -> None:
    """Have the backend capture the takes that a scene's panel shows. Raises Refusal when it cannot be started."""
    seen = watched.batch_of(scene).seen
    request, folder = batch_request(scene, seen, retry), seen.places.folder
    if seen.counts[DONE]:
        _check_same_batch(folder, request)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / backend_process.START_LOG).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    request.write(folder)
    log = folder / backend_process.START_LOG
    watched.started(seen.places, backend_process.start(backend_python(), arguments(str(folder)), log))
    redraw_panels()


def _check_same_batch(folder: Path, request: BatchRequest) -> None:
    """Raises Refusal where finished takes would be overwritten by others."""
    try:
        earlier = read_batch(folder)
    except Refusal:   # none yet, or damaged
        return
    check_same_batch(earlier, request, str(folder), "choose another folder for the results.")


def arguments(folder: str) -> list[str]:
    """Of the Python that works on the batch in `folder`."""
    return ["-m", "backend", "run-batch", folder]


def seen_in(context: bpy.types.Context, operator: type[bpy.types.Operator]) -> Seen | None:
    """The batch of the scene's panel; without one, the operator's button says why it is grey."""
    batch = watched.batch_of(context.scene)
    if batch is None:
        operator.poll_message_set("Choose a folder of footage under Batch first")
    return batch.seen if batch is not None else None


def _can_start(context: bpy.types.Context, operator: type[bpy.types.Operator]) -> bool:
    seen = seen_in(context, operator)
    if seen is None:
        return False
    running = next((str(folder) for folder, batch in watched.batches.items() if batch.seen.runs), "")
    why_not = (
        f"A batch is running in {running}" if running
        else "The backend is not installed: press Install Backend in the preferences of Mambocap" if not is_installed()
        else "There is no take to capture: choose another folder of footage" if not seen.wanted
        else ""
    )  # fmt: skip
    if why_not:
        operator.poll_message_set(why_not)
    return not why_not


class MAMBOCAP_OT_start_batch(TellsRefusals, bpy.types.Operator):
    bl_idname = "mambocap.start_batch"
    bl_label = "Start Batch"
    bl_description = (
        "Capture all takes of the table one after another, several at a time where the machine allows it. What is done "
        "already is not done again. Blender stays free and may be closed meanwhile"
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return _can_start(context, cls)

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._start(context))

    def _start(self, context: bpy.types.Context) -> str:
        start(context.scene)
        return "The batch was started."


class MAMBOCAP_OT_retry_failed(TellsRefusals, bpy.types.Operator):
    bl_idname = "mambocap.retry_failed"
    bl_label = "Retry Failed"
    bl_description = "Capture the failed takes again, and those that are not done yet"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not _can_start(context, cls):
            return False
        if not (some := watched.batch_of(context.scene).seen.counts[FAILED] > 0):
            cls.poll_message_set("No take has failed")
        return some

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._start(context))

    def _start(self, context: bpy.types.Context) -> str:
        start(context.scene, retry=True)
        return "The failed takes are captured again."


class MAMBOCAP_OT_stop_batch(TellsRefusals, bpy.types.Operator):
    bl_idname = "mambocap.stop_batch"
    bl_label = "Stop Batch"
    bl_description = "Stop the running batch. What is finished is kept, Start Batch goes on from there"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        batch = watched.batch_of(context.scene)
        runs = batch is not None and batch.seen.runs and batch.stop_asked_s is None
        if not runs:
            cls.poll_message_set("No batch is running, or it is stopping already")
        return runs

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._stop(context))

    def _stop(self, context: bpy.types.Context) -> str:
        watched.ask_to_stop(watched.batch_of(context.scene))
        redraw_panels()
        return "The batch is stopping."


_CLASSES = (MAMBOCAP_OT_start_batch, MAMBOCAP_OT_retry_failed, MAMBOCAP_OT_stop_batch)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
