"""How far one take of a batch is, and which tasks come next: open, detect every segment, follow each camera, make."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import replace
from pathlib import Path

from backend.batch.done_row import done_row
from backend.batch.task import MEBIBYTE, Ended, Kind, Needs, Opened, Task, Told
from backend.job.foreign_folder import check_folder
from backend.job.lock import locked
from motion.batch.words import CANCELLED, DONE, FAILED, UNFINISHED, WORKING, BatchRequest, TakeRow, WantedTake
from motion.job import ERROR, Failure, Request, Result, read_failure, read_request, read_result
from motion.refusal import Refusal
from motion.whole_files import remove, unwritable

# The largest resident size of a process that does this and nothing before it, one thread, was measured (VmHWM) on
# clips of 20 to 90 pictures: open 381 MB at 1080p and 411 MB at 4K, detect 861 and 1,048 MB, camera 414 and 451 MB,
# make 669 and 677 MB. Longer segments are held in chunks of bounded size too.
NEEDS: dict[Kind, Needs] = {
    "open": Needs(1, 450 * MEBIBYTE),
    "detect": Needs(1, 1150 * MEBIBYTE, gpu_share=0.25),
    "camera": Needs(1, 500 * MEBIBYTE),
    "make": Needs(1, 600 * MEBIBYTE, gpu_share=0.25),
}
# And what each picture of each person adds to "make": 100 and 900 pictures of one person took 551 and 879 MB.
MAKE_BYTES_EACH = 450_000
AFTER: dict[Kind, Kind] = {"open": "detect", "detect": "camera", "camera": "make"}
# Pictures' worth of looking that the rest takes: 60 at 1080p took 11.9, 1.7 and, with preview, 5.6 s of a core.
CAMERA_SHARE, MAKE_SHARE = 0.15, 0.5
TRIED_AGAIN = ("cancelled", "disk-full")   # when a batch is run again: endings that say nothing of the footage
OF_OTHERS = ("busy", "foreign-folder")     # endings by which a job folder is not ours to write to


class TakeInWork:
    """One take from its job folder to its row of the table."""

    def __init__(self, wanted: WantedTake, job: Path, request: BatchRequest) -> None:
        """As the job folder has it: done, failed, or to be done. The folder is made with the first task."""
        self.wanted, self.job = wanted, job
        self.row = TakeRow(wanted.name, wanted.clips)
        self.failure: Failure | None = None
        self._request = Request(wanted.clips, request.settings, request.preview, request.actor_folder)
        self._kind: Kind = "open"
        self._ready: deque[Task] = deque([self._task("open")])
        self._in_hand: set[Task] = set()
        self._pictures: tuple[tuple[int, ...], ...] = ()        # to look at, by clip and segment
        self._looked_at: dict[tuple[int, int], int] = {}        # by clip and segment
        self._followed: set[int] = set()                        # clips whose camera is known
        if not _is_plain(wanted.name):
            self.show(Failure("bad-name", f"{wanted.name!r} cannot be the name of a take.", "Give it another name."))
        elif _asked(job) == self._request and not (job / UNFINISHED).exists():
            self._take_over(request.retry)

    def _take_over(self, retry: bool) -> None:
        failure, result = read_failure(self.job), read_result(self.job)
        if failure:
            if not retry and failure.code not in TRIED_AGAIN and not _is_mended(self.job, self.wanted.clips):
                self.show(failure)
        elif result:
            self.row = done_row(self.row, result)

    def remember(self, earlier: TakeRow | None) -> None:
        """Take over how long the work took from the row of an earlier run; a result knows only its last task's time."""
        if earlier and self.row.state == earlier.state == DONE and self.row.clips == earlier.clips:
            self.row = replace(self.row, seconds=earlier.seconds)

    @property
    def is_over(self) -> bool:
        return self.row.state in (DONE, FAILED, CANCELLED)

    def next_task(self, may_make: bool = True) -> Task | None:
        """What can be done now and was not given out before; a "make" only if `may_make`."""
        if self._kind == "open" and self._ready and not self.is_over:
            self._begin()
        if self.is_over or not self._ready or (self._kind == "make" and not may_make):
            return None
        self._in_hand.add(self._ready[0])
        return self._ready.popleft()

    def hear(self, told: Told) -> None:
        """A working task's word; one that comes after the task's end says nothing any more."""
        if self.is_over or told.task not in self._in_hand:
            return
        if told.task.kind == "detect" and told.of:
            self._look(told.task, min(told.done / told.of, 1.0))
        self.row = replace(self.row, stage=told.stage, done=self._done, people=max(self.row.people, told.people))

    def end(self, ended: Ended) -> None:
        """A task is over. The first failure is the take's, and what others say after it is not heard."""
        if self.is_over or ended.task not in self._in_hand:
            return
        self._in_hand.remove(ended.task)
        self.row = replace(self.row, seconds=self.row.seconds + ended.seconds)
        match ended.outcome:
            case Failure() as failure:
                self.fail(failure)
            case Result() as result:
                self.row = done_row(self.row, result)
                _take_away(self.job / UNFINISHED)
            case Opened(pictures):
                self._pictures = pictures
                whole = round((1 + CAMERA_SHARE + MAKE_SHARE) * sum(map(sum, pictures)))
                self.row = replace(self.row, stage="detect", of=whole)
                self._go_on()
            case _:
                if ended.task.kind == "detect":
                    self._look(ended.task, 1.0)
                else:
                    self._followed.add(ended.task.clip)
                self.row = replace(self.row, done=self._done)
                self._go_on()

    def fail(self, failure: Failure) -> None:
        """The take is over. A job folder of somebody else, or in which they work, is left as it is."""
        self.show(failure)
        if failure.code in OF_OTHERS:
            return
        with contextlib.suppress(Refusal):   # a full disk must not hide what went wrong
            failure.write(self.job)
            _take_away(self.job / UNFINISHED)

    def show(self, failure: Failure) -> None:
        """The take is over, and nothing is written."""
        self.failure = failure
        state = CANCELLED if failure.code == "cancelled" else FAILED
        self.row = replace(self.row, state=state, stage="", sentence=failure.sentence, mend=failure.mend)

    def _begin(self) -> None:
        try:
            _make_ready(self.job, self._request)
            self.row = replace(self.row, state=WORKING, stage="open")
        except Refusal as refusal:
            self.fail(Failure(refusal.code, refusal.sentence, refusal.mend))

    def _go_on(self) -> None:
        """To the next kind of tasks, when all of one are over."""
        while not self._ready and not self._in_hand:
            self._kind = AFTER[self._kind]
            self._ready += self._tasks()

    def _tasks(self) -> list[Task]:
        clips = range(len(self._pictures))
        match self._kind:
            case "detect":
                return [self._task("detect", clip, segment)
                        for clip in clips for segment in range(len(self._pictures[clip]))]  # fmt: skip
            case "camera":
                return [self._task("camera", clip) for clip in clips]
            case kind:
                return [self._task(kind)]

    def _task(self, kind: Kind, clip: int = 0, segment: int = 0) -> Task:
        needs = NEEDS[kind]
        if kind == "make":
            findings = max(1, self.row.people) * sum(map(sum, self._pictures))
            needs = replace(needs, memory_bytes=needs.memory_bytes + MAKE_BYTES_EACH * findings)
        return Task(self.wanted.name, str(self.job), kind, needs, clip, segment)

    def _look(self, task: Task, share: float) -> None:
        self._looked_at[task.clip, task.segment] = round(share * self._pictures[task.clip][task.segment])

    @property
    def _done(self) -> int:
        followed = sum(sum(self._pictures[clip]) for clip in self._followed)
        return sum(self._looked_at.values()) + round(CAMERA_SHARE * followed)


def _is_plain(name: str) -> bool:
    """Whether it can be a folder in the batch's, and not one elsewhere."""
    return name not in ("", ".", "..") and not set(name) & set("/\\:\0")


def _make_ready(job: Path, request: Request) -> None:
    """Raises Refusal for a folder that cannot be written, is not a capture's, or in which another process works."""
    check_folder(job, "Choose another folder for the batch, or rename the take.")
    try:
        job.mkdir(parents=True, exist_ok=True)
        with locked(job):
            # Until it is taken away, results that lie there may be of another request.
            (job / UNFINISHED).touch()
            request.write(job)
            remove(job / ERROR)
    except OSError as error:
        raise unwritable(job, error) from error


def _is_mended(job: Path, clips: tuple[str, ...]) -> bool:
    """Whether a clip was written, copied or moved there after the failure; a copy may keep the time of its original."""
    failed_ns = _changed_ns(job / ERROR)
    return any(_changed_ns(Path(clip)) > failed_ns for clip in clips)


def _changed_ns(path: Path) -> int:
    try:
        about = path.stat()
    except OSError:
        return 0
    return max(about.st_mtime_ns, about.st_ctime_ns)


def _take_away(path: Path) -> None:
    with contextlib.suppress(OSError):
        remove(path)


def _asked(job: Path) -> Request | None:
    try:
        return read_request(job)
    except Refusal:
        return None
