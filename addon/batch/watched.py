"""The batches that this Blender shows, looked at from a timer, in the background, while there is something to see."""

import logging
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import bpy

from ...motion.job import CANCEL
from ...motion.whole_files import unwritable
from .. import backend_process
from ..redraw import redraw_panels
from .in_background import in_background
from .seen_batch import Places, Seen, found, looked_at

LOOK_EVERY_S = 0.25
PATIENCE_S = 30.0   # a backend of ours that has not stopped by then is ended

log = logging.getLogger(__name__)


@dataclass
class Batch:
    """A batch and what is going on with it."""

    seen: Seen
    look: Future[Seen] | None = None      # that is going on
    is_finding: bool = False              # whether that look is for the footage, too
    process_id: int | None = None         # of the backend, where this Blender started it
    stop_asked_s: float | None = None


batches: dict[Path, Batch] = {}   # by their folders


def batch_of(scene: bpy.types.Scene) -> Batch | None:
    """The batch that a scene's panel shows, None while nothing is chosen or nobody has looked yet."""
    places = scene.mambocap_batch.places
    batch = batches.get(places.folder) if places is not None else None
    return batch if batch is not None and batch.seen.places == places else None


def find(scene: bpy.types.Scene) -> None:
    """Find the takes of the footage that is chosen in a scene, and how far their batch is."""
    places = scene.mambocap_batch.places
    if places is None:
        show_rows(scene, ())
        return
    batch = batches.setdefault(places.folder, Batch(Seen(places)))
    if batch.seen.places != places:
        batch.seen = Seen(places, runs=batch.seen.runs, before_ns=batch.seen.before_ns)
    batch.look = in_background(partial(found, places, batch.process_id, batch.seen.before_ns))
    batch.is_finding = True
    watch()


def find_all() -> None:
    """The same for the scenes of all windows."""
    for scene in {window.scene for window in bpy.context.window_manager.windows}:
        find(scene)


def watch() -> None:
    """Have the timer look until there is nothing more to see."""
    if not bpy.app.timers.is_registered(look):
        bpy.app.timers.register(look, first_interval=LOOK_EVERY_S, persistent=True)


def started(places: Places, process_id: int) -> None:
    """The backend works on a batch."""
    batch = batches[places.folder]
    batch.look, batch.is_finding, batch.process_id, batch.stop_asked_s = None, False, process_id, None
    before_ns = batch.seen.table_written_ns
    batch.seen = replace(batch.seen, runs=True, broken="", is_there=True, before_ns=before_ns)
    watch()


def ask_to_stop(batch: Batch) -> None:
    """Raises Refusal when the batch's folder cannot be written."""
    folder = batch.seen.places.folder
    try:
        backend_process.ask_to_stop(folder)
    except OSError as error:
        raise unwritable(folder / CANCEL, error) from error
    batch.stop_asked_s = time.monotonic()


def look() -> float | None:
    """Take in what was seen and look again; returns the seconds until the next time, None when all is at rest."""
    for batch in list(batches.values()):
        if batch.look is None and batch.seen.runs:
            _end_when_out_of_patience(batch)
            batch.look = in_background(partial(looked_at, batch.seen, batch.process_id))
        elif batch.look is not None and batch.look.done():
            _take_in(batch)
    return LOOK_EVERY_S if any(batch.look is not None or batch.seen.runs for batch in batches.values()) else None


def _take_in(batch: Batch) -> None:
    before, was_finding = batch.seen, batch.is_finding
    batch.seen, batch.look, batch.is_finding = _answer(batch), None, False
    if not batch.seen.runs:
        batch.stop_asked_s = None
    if was_finding or batch.seen != before:
        for scene in bpy.data.scenes:
            if scene.mambocap_batch.places == batch.seen.places:
                show_rows(scene, tuple(batch.seen.rows))
        redraw_panels()


def _answer(batch: Batch) -> Seen:
    try:
        return batch.look.result()
    except Exception:
        log.exception("the batch could not be looked at")
        return replace(batch.seen, runs=False, broken="The batch could not be looked at; the fault is ours. Report it "
                       "with what Blender's console says.")  # fmt: skip


def _end_when_out_of_patience(batch: Batch) -> None:
    """Another Blender's backend may run on another machine: a process of that number here is not it."""
    asked_s = batch.stop_asked_s
    if asked_s is not None and batch.process_id is not None and time.monotonic() - asked_s > PATIENCE_S:
        backend_process.end(batch.process_id)


def show_rows(scene: bpy.types.Scene, names: tuple[str, ...]) -> None:
    """Let a scene's table have these takes; those that were there keep their check boxes."""
    rows = scene.mambocap_batch.rows
    if tuple(rows.keys()) == names:
        return
    left_out = set(rows.keys()) - set(scene.mambocap_batch.chosen_rows)
    rows.clear()
    for name in names:
        row = rows.add()
        row.name, row.wanted = name, name not in left_out
    scene.mambocap_batch.active_row = max(0, min(scene.mambocap_batch.active_row, len(names) - 1))


@bpy.app.handlers.persistent
def _file_opened(*_: object) -> None:
    find_all()


@bpy.app.handlers.persistent
def _undone(*_: object) -> None:
    """Rows came by the timer, which makes no step of undo: the step before an import may have none."""
    for scene in {window.scene for window in bpy.context.window_manager.windows}:
        batch = batch_of(scene)
        if batch is None:
            find(scene)
        else:
            show_rows(scene, tuple(batch.seen.rows))


_HANDLERS = (
    (bpy.app.handlers.load_post, _file_opened),
    (bpy.app.handlers.undo_post, _undone), (bpy.app.handlers.redo_post, _undone),
)  # fmt: skip


def register() -> None:
    for functions, function in _HANDLERS:
        functions.append(function)
    bpy.app.timers.register(find_all, first_interval=0.5, persistent=True)   # outlives the opening of a file


def unregister() -> None:
    for timer in (look, find_all):
        if bpy.app.timers.is_registered(timer):
            bpy.app.timers.unregister(timer)
    for functions, function in _HANDLERS:
        functions.remove(function)
    batches.clear()
