"""How far one take of a batch is, and which tasks come next: open, detect every segment, follow each camera, make."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import replace
from pathlib import Path

from backend.batch.task import MEBIBYTE, Ended, Finished, Kind, Needs, Opened, Task, Told
from motion.batch.words import DONE, FAILED, WORKING, BatchRequest, TakeRow, WantedTake
from motion.job import ERROR, Failure, Request, Result, read_failure, read_request, read_result
from motion.quality.card import GRADES, card_from
from motion.refusal import Refusal
from motion.whole_files import unwritable

# Measured on clips of 1080p: the largest resident size of a process that does this and nothing before it.
NEEDS: dict[Kind, Needs] = {
    "open": Needs(1, 600 * MEBIBYTE),
    "detect": Needs(1, 1000 * MEBIBYTE, gpu_share=0.25),
    "camera": Needs(1, 1000 * MEBIBYTE),
    "make": Needs(1, 1500 * MEBIBYTE, gpu_share=0.25),
}
# Pictures' worth of looking that the rest takes: of a capture with preview, detection has about two thirds.
CAMERA_SHARE, MAKE_SHARE = 0.1, 0.4


class TakeInWork:
    """One take from its job folder to its row of the table."""

    def __init__(self, wanted: WantedTake, job: Path, request: BatchRequest) -> None:
        """As the job folder has it: done, failed, or to be done. Raises Refusal where the folder cannot be written."""
        self.wanted, self.job = wanted, job
        self.row = TakeRow(wanted.name, wanted.clips)
        self._ready: deque[Task] = deque()
        self._given_out = 0
        self._pictures: tuple[tuple[int, ...], ...] = ()        # to look at, by clip and segment
        self._looked_at: dict[tuple[int, int], int] = {}        # by clip and segment
        own = Request(wanted.clips, request.settings, request.preview, request.actor_folder)
        if _asked(job) == own:
            self._take_over(request.retry)
        if not self.is_over:
            _make_ready(job, own)
            self._ready.append(self._task("open"))

    def _take_over(self, retry: bool) -> None:
        failure, result = read_failure(self.job), read_result(self.job)
        if failure and failure.code != "cancelled" and not retry:
            self.row = replace(self.row, state=FAILED, sentence=failure.sentence, mend=failure.mend)
        elif result and not failure:
            self.row = _done_row(self.row, self.job, result)

    @property
    def is_over(self) -> bool:
        return self.row.state in (DONE, FAILED)

    def next_task(self) -> Task | None:
        """What can be done now and was not given out before."""
        if self.is_over or not self._ready:
            return None
        self._given_out += 1
        return self._ready.popleft()

    def hear(self, told: Told) -> None:
        """A working task's word."""
        if self.is_over:
            return
        if told.task.kind == "detect" and told.of:
            self._look(told.task, min(told.done / told.of, 1.0))
        self.row = replace(self.row, stage=told.stage, done=self._done, people=max(self.row.people, told.people))

    def end(self, ended: Ended) -> None:
        """A task is over. The first failure is the take's, and what others say after it is not heard."""
        self._given_out -= 1
        if self.is_over:
            return
        self.row = replace(self.row, state=WORKING, seconds=self.row.seconds + ended.seconds)
        match ended.outcome:
            case Failure() as failure:
                self._fail(failure)
            case Result() as result:
                self.row = _done_row(self.row, self.job, result)
            case Opened(pictures):
                self._pictures = pictures
                whole = round((1 + CAMERA_SHARE + MAKE_SHARE) * sum(map(sum, pictures)))
                self.row = replace(self.row, stage="detect", of=whole)
                self._ready += [self._task("detect", clip, segment) for clip, of_clip in enumerate(pictures)
                                for segment in range(len(of_clip))]  # fmt: skip
            case Finished():
                self._go_on(ended.task)

    def _go_on(self, task: Task) -> None:
        if task.kind == "detect":
            self._look(task, 1.0)
        if not self._ready and not self._given_out:
            cameras = [self._task("camera", clip) for clip in range(len(self._pictures))]
            self._ready += cameras if task.kind == "detect" else [self._task("make")]
        self.row = replace(self.row, done=self._done)

    def _fail(self, failure: Failure) -> None:
        with contextlib.suppress(Refusal):   # a full disk must not hide what went wrong
            failure.write(self.job)
        self.row = replace(self.row, state=FAILED, sentence=failure.sentence, mend=failure.mend)

    def _task(self, kind: Kind, clip: int = 0, segment: int = 0) -> Task:
        return Task(self.wanted.name, str(self.job), kind, NEEDS[kind], clip, segment)

    def _look(self, task: Task, share: float) -> None:
        self._looked_at[task.clip, task.segment] = round(share * self._pictures[task.clip][task.segment])

    @property
    def _done(self) -> int:
        return sum(self._looked_at.values())


def _make_ready(job: Path, request: Request) -> None:
    try:
        job.mkdir(parents=True, exist_ok=True)
        (job / ERROR).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(job, error) from error
    request.write(job)


def _asked(job: Path) -> Request | None:
    try:
        return read_request(job)
    except Refusal:
        return None


def _done_row(row: TakeRow, job: Path, result: Result) -> TakeRow:
    """The row of a take that is there."""
    first = result.people[0] if result.people else None
    return replace(
        row, state=DONE, stage="", done=row.of, people=len(result.people),
        frames=max((person.frames for person in result.people), default=0),
        grade=_worst_grade(result),
        seconds=row.seconds or (first.seconds if first else 0.0),
        thumbnail=f"{job.name}/{first.thumbnail}" if first and first.thumbnail else "",
    )  # fmt: skip


def _worst_grade(result: Result) -> str:
    grades = [card.grade for person in result.people if (card := card_from(person.quality))]
    return max(grades, key=GRADES.index, default="")
