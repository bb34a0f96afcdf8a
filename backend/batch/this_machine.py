"""A batch's tasks in processes of this machine."""

from __future__ import annotations

import contextlib
import functools
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path

from backend.batch.engine import MOST_TRIES
from backend.batch.task import Ended, Outcome, Task, Tell, Told
from backend.batch.teller import teller
from backend.job.native_output import STDERR, STDOUT, native_output_to
from backend.job.run import failure_of
from backend.machine import cores, memory_bytes
from motion.job import LOG, Failure
from motion.refusal import Refusal

SPARED = 0.2                    # of the memory, for everything else that runs here
WORKER_BYTES = 1500 << 20       # a worker that does every stage of takes of up to 1,000 pictures; one_take.py: NEEDS
CARD_BYTES = 4 << 30            # of a graphics card's memory, for one process
MOST_ON_WINDOWS = 60            # pipes that one call can wait for there
LOOK_EVERY_S = 1.0              # for workers that died without a word
END_S = 5.0                     # in which a killed process ends, unless its disk does not answer
LOST = Failure("worker-lost", f"The process that worked on this take died {MOST_TRIES} times.",
               "Look whether the machine runs out of memory, and try this take alone.")  # fmt: skip

log = logging.getLogger(__name__)
Do = Callable[[Task, Tell, threading.Event], Outcome]


def fitting_workers(device: str) -> int:
    """As many as cores, memory and the graphics card allow, at least one. `device` is torch's word."""
    most = cores()
    if memory := memory_bytes():
        most = min(most, int((1.0 - SPARED) * memory / WORKER_BYTES))
    if device.startswith("cuda"):
        import torch

        most = min(most, int((1.0 - SPARED) * torch.cuda.get_device_properties(device).total_memory / CARD_BYTES))
    return max(1, most)


class ThisMachine:
    """Workers, each a process that does one task after the other. They start when there is something to do."""

    where = "this machine"

    def __init__(self, workers: int, threads: int = 0, do: Do | None = None) -> None:
        """`threads` of each worker; 0: the cores are shared out. `do` is what they do, a function of a module; None:
        a capture's tasks (work.py)."""
        self.slots = min(workers, MOST_ON_WINDOWS) if sys.platform == "win32" else workers
        self._threads = threads or max(1, cores() // self.slots)
        self._memory = int((1.0 - SPARED) * memory_bytes())
        self._do = do
        self._free: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, Task, int]] = {}
        self._queue: deque[tuple[Task, int]] = deque()
        self._told: dict[Task, Told] = {}
        self._ended: deque[Ended] = deque()

    def start(self, task: Task) -> None:
        """Raises Refusal where no process can be started at all."""
        self._queue.append((task, 1))
        self._hand_out()

    def wait(self, timeout_s: float) -> list[Ended]:
        until_s = time.monotonic() + timeout_s
        while not self._ended and (left_s := until_s - time.monotonic()) > 0:
            self._hand_out()
            if self._busy:
                self._listen(min(left_s, LOOK_EVERY_S))
            else:
                time.sleep(left_s)
        ended = list(self._ended)
        self._ended.clear()
        return ended

    def told(self) -> list[Told]:
        told, self._told = list(self._told.values()), {}
        return told

    def close(self) -> None:
        self._queue.clear()
        workers = (*self._free, *(worker for worker, _, _ in self._busy.values()))
        self._free, self._busy = [], {}
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.leave()

    def _hand_out(self) -> None:
        while self._queue and len(self._busy) < self.slots and self._fits(self._queue[0][0]):
            worker = self._some_worker()
            if worker is None:
                return
            task, tries = self._queue.popleft()
            self._busy[worker.pipe] = worker, task, tries
            worker.begin(task)

    def _fits(self, task: Task) -> bool:
        """Into the memory beside what is worked on; nothing is too large for a machine that does nothing else."""
        needed = task.needs.memory_bytes + sum(other.needs.memory_bytes for _, other, _ in self._busy.values())
        return not self._busy or not self._memory or needed <= self._memory

    def _some_worker(self) -> _Worker | None:
        """A free one that lives, else a new one; None where the system gives us no more processes just now."""
        while self._free:
            worker = self._free.pop()
            if worker.lives:
                return worker
            log.warning("process %d ended while it was free (%s)", worker.number, worker.exit_code)
            worker.leave()
        try:
            return _Worker(self._threads, self._do)
        except OSError as error:
            if self._busy:
                log.warning("no further process could be started: %s", error)
                return None
            raise Refusal("no-worker", f"No process could be started to work in ({error.strerror}).",
                          "Close other programs and start again; what is finished is kept.") from error  # fmt: skip

    def _listen(self, timeout_s: float) -> None:
        ready = wait(list(self._busy), timeout_s)
        for pipe in ready:
            self._hear(pipe)   # type: ignore[arg-type]
        if not ready:
            # Where a process dies before it takes over its end of the pipe, Windows keeps that open.
            for pipe in [pipe for pipe, (worker, _, _) in self._busy.items() if not worker.lives]:
                self._hear_last(pipe)

    def _hear(self, pipe: Connection) -> None:
        worker, task, _ = self._busy[pipe]
        try:
            message = pipe.recv()
        except (EOFError, OSError):
            self._lose(pipe)
            return
        if isinstance(message, Told):
            self._told[task] = message
        else:
            del self._busy[pipe]
            self._free.append(worker)
            self._ended.append(message)
            self._hand_out()

    def _hear_last(self, pipe: Connection) -> None:
        """Of a worker that is dead: what it still said, else it is lost."""
        if pipe.poll():
            self._hear(pipe)
        else:
            self._lose(pipe)

    def _lose(self, pipe: Connection) -> None:
        """A worker died: what it did is done again, or given up."""
        worker, task, tries = self._busy.pop(pipe)
        worker.kill()
        worker.leave()
        log.warning("process %d died (%s) with %s of %s, try %d of %d", worker.number, worker.exit_code, task.kind,
                    task.take, tries, MOST_TRIES)  # fmt: skip
        if tries < MOST_TRIES:
            self._queue.appendleft((task, tries + 1))
        else:
            self._ended.append(Ended(task, LOST))
        self._hand_out()


class _Worker:
    """One process and the pipe to it. Nothing else is shared: what a process shares with others, it can leave locked
    or half-written when it dies."""

    def __init__(self, threads: int, do: Do | None) -> None:
        """Raises OSError where no process can be started."""
        # A forked process would inherit the locks of our threads, but not the threads.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, threads, do), daemon=True)
        try:
            self._process.start()
        except OSError:
            self.pipe.close()
            raise
        finally:
            theirs.close()   # so that the pipe ends when the process does

    @property
    def lives(self) -> bool:
        return self._process.is_alive()

    @property
    def number(self) -> int:
        return self._process.pid or 0

    @property
    def exit_code(self) -> int | None:
        """Minus the signal's number where one ended it; None while it lives."""
        return self._process.exitcode

    def begin(self, task: Task) -> None:
        with contextlib.suppress(OSError):   # a death in this moment shows when we listen
            self.pipe.send(task)

    def kill(self) -> None:
        self._process.kill()

    def leave(self) -> None:
        self._process.join(END_S)
        self.pipe.close()


def _serve(pipe: Connection, threads: int, do: Do | None) -> None:
    """The worker's life: task after task, until the driver closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)   # Ctrl+C reaches all processes of a terminal; the driver ends us
    threading.Thread(target=_end_with_driver, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task: Task = pipe.recv()
            began_s = time.monotonic()
            tell = teller(task, functools.partial(_say, pipe))
            outcome = _outcome(task, do or functools.partial(_captured, threads), tell)
            pipe.send(Ended(task, outcome, time.monotonic() - began_s, ThisMachine.where))


def _end_with_driver() -> None:
    """Wherever the work is: files appear whole or not at all, and the rest is done again."""
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
    os._exit(1)


def _outcome(task: Task, do: Do, tell: Tell) -> Outcome:
    """Never raises. What libraries print goes to the log of the take, where it does not disturb who runs the batch."""
    log_file = Path(task.job) / LOG
    try:
        with native_output_to(log_file, STDOUT, STDERR):
            return do(task, tell, threading.Event())
    except Exception as error:
        with contextlib.suppress(OSError), open(log_file, "a", encoding="utf-8", errors="backslashreplace") as stream:
            traceback.print_exception(error, file=stream)
        return failure_of(error, Path(task.job), "open")


def _captured(threads: int, task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    from backend.batch.work import do  # imports all stages, which takes seconds
    from backend.threads import use_threads

    use_threads(threads)
    return do(task, tell, stop)


def _say(pipe: Connection, told: Told) -> None:
    with contextlib.suppress(OSError):   # the driver is gone, and we end with it
        pipe.send(told)
