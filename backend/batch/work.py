"""Doing one task of a batch, in whatever process and as often as it is asked for: the results are the same."""

from __future__ import annotations

import functools
import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from backend.batch.task import Finished, Opened, Outcome, Task, Tell
from backend.detect.detector import Detector, DetectSettings
from backend.detect.find_people import segments_to_look_at
from backend.device import choose_device
from backend.job.cache import Cache
from backend.job.footages import calibrated, footages_of
from backend.job.run import STOPPED, failure_of, line_count, log_file, run_job
from backend.job.watch import SilentWatch
from backend.one_clip import Footage, Work, detected, detected_in, filmed, taking_part, tracked
from backend.progress import Cancelled
from backend.settings import settings_from
from motion.job import CACHE, LOG, Event, Failure, read_request
from motion.refusal import Refusal

OPEN_AT_ONCE = 4    # takes whose footage a worker has read the headers of

log = logging.getLogger(__name__)


def do(task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    """Do a task. Never raises: what goes wrong is a Failure in words, "cancelled" soon after `stop` is set."""
    job = Path(task.job)

    def listener(event: Event) -> None:
        tell(event.stage, event.done, event.of, event.people)

    if task.kind == "make":
        return run_job(job, listener=listener, stop=stop)
    try:
        with log_file(job / LOG):
            return _part(task, SilentWatch(job, listener, stop))
    except Refusal as refusal:
        return Failure(refusal.code, refusal.sentence, refusal.mend)


def _part(task: Task, watch: SilentWatch) -> Outcome:
    job = Path(task.job)
    log.info("%s, clip %d, segment %d, in process %d", task.kind, task.clip + 1, task.segment + 1, os.getpid())
    try:
        return _STAGES[task.kind](task, watch)
    except Cancelled:
        return STOPPED
    except Exception as error:
        log_line = line_count(job / LOG) + 1
        log.error("%s did not finish: %s", task.kind, error, exc_info=not isinstance(error, Refusal))
        return failure_of(error, job, watch.current_stage, log_line)


def _open(task: Task, watch: SilentWatch) -> Opened:
    segments = [segments_to_look_at(each.clip, each.settings.detect) for each in _footages(task)]
    return Opened(tuple(tuple(each.end_look - each.first_look for each in of_clip) for of_clip in segments))


def _detect(task: Task, watch: SilentWatch) -> Finished:
    footages = _footages(task)
    footage = footages[task.clip]
    segment = segments_to_look_at(footage.clip, footage.settings.detect)[task.segment]
    with watch.stage("detect") as report:
        detected_in(segment, footage, lambda: _opened(footage), _work(task, watch), report, footages)
    return Finished()


def _camera(task: Task, watch: SilentWatch) -> Finished:
    footages, work = _footages(task), _work(task, watch)
    footage = footages[task.clip]
    with watch.stage("detect") as report:   # all of it is kept, unless the disk is full
        detections = detected(footage, work, report, footages)
    with watch.stage("track"):
        found = tracked(footage, detections, work, footages)
    with watch.stage("camera") as report:
        if taking_part(found):
            filmed(footage, detections, found, work, report, footages)
    return Finished()


_STAGES: dict[str, Callable[[Task, SilentWatch], Outcome]] = {"open": _open, "detect": _detect, "camera": _camera}


def _work(task: Task, watch: SilentWatch) -> Work:
    return Work(None, watch, Cache(Path(task.job) / CACHE), None)


def _footages(task: Task) -> Sequence[Footage]:
    """The take's clips as its "make" has them, so that it finds what was kept for them."""
    job = Path(task.job)
    return _read_footages(job, repr(read_request(job)))


@functools.lru_cache(maxsize=OPEN_AT_ONCE)
def _read_footages(job: Path, _: str) -> Sequence[Footage]:
    request, unheard = read_request(job), SilentWatch(job, None, threading.Event())
    footages = footages_of(job, request, settings_from(request.settings), unheard)
    return calibrated(footages, unheard)[0] if len(footages) > 1 else footages


def _opened(footage: Footage) -> Detector:
    """The detector, kept open from task to task."""
    settings = footage.settings.detect
    if settings.is_told_people:   # by what was opened for one clip
        return footage.open_detector()
    key = settings, choose_device(footage.settings.device)
    if key not in _kept_open:
        _kept_open.clear()
        _kept_open[key] = footage.open_detector()
    return _kept_open[key]


_kept_open: dict[tuple[DetectSettings, str], Detector] = {}
