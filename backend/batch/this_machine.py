"""A batch's tasks in processes of this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from multiprocessing.connection import Connection, wait

from backend.batch.engine import MOST_TRIES
from backend.batch.task import Ended, Task, Told
from backend.machine import memory_bytes
from backend.threads import available_cores
from motion.job import Failure

SPARED = 0.2                    # of the memory, for everything else that runs here
WORKER_BYTES = 1500 << 20       # a capture's largest process, by 1,080 pictures at 1080p with every stage
CARD_BYTES = 4 << 30            # of a graphics card's memory, for one process
TELL_EVERY_S = 0.5
LOST = Failure("worker-lost", f"The process that worked on this take died {MOST_TRIES} times.",
               "Look whether the machine runs out of memory, and try this take alone.")  # fmt: skip


def fitting_workers(device: str) -> int:
    """As many as cores, memory and the graphics card allow, at least one. `device` is torch's word."""
    most = available_cores()
    if installed := memory_bytes():
        most = min(most, int((1.0 - SPARED) * installed / WORKER_BYTES))
    if device.startswith("cuda"):
        import torch

        most = min(most, int((1.0 - SPARED) * torch.cuda.get_device_properties(device).total_memory / CARD_BYTES))
    return max(1, most)


class ThisMachine:
    """Workers, each a process that does one task after the other."""

    where = "this machine"

    def __init__(self, workers: int, threads: int = 0) -> None:
        """`threads` of each worker; 0: the cores are shared out."""
        self.slots = workers
        self._threads = threads or max(1, available_cores() // workers)
        self._free: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, Task, int]] = {}
        self._queue: deque[tuple[Task, int]] = deque()
        self._told: dict[Task, Told] = {}

    def start(self, task: Task) -> None:
        self._queue.append((task, 1))
        self._hand_out()

    def wait(self, timeout_s: float) -> list[Ended]:
        until_s = time.monotonic() + timeout_s
        ended: list[Ended] = []
        while not ended and (left_s := until_s - time.monotonic()) > 0:
            if not self._busy:
                time.sleep(left_s)
            for pipe in wait(list(self._busy), left_s):
                ended += self._heard(pipe)   # type: ignore[arg-type]
        return ended

    def told(self) -> list[Told]:
        told, self._told = list(self._told.values()), {}
        return told

    def close(self) -> None:
        self._queue.clear()
        for worker in (*self._free, *(worker for worker, _, _ in self._busy.values())):
            worker.end()
        self._free, self._busy = [], {}

    def _hand_out(self) -> None:
        while self._queue and len(self._busy) < self.slots:
            task, tries = self._queue.popleft()
            worker = self._free.pop() if self._free else _Worker(self._threads)
            self._busy[worker.pipe] = worker, task, tries
            worker.begin(task)

    def _heard(self, pipe: Connection) -> list[Ended]:
        """What a worker's message ends; nothing for a word on the way, and for a death after which we try again."""
        worker, task, tries = self._busy[pipe]
        try:
            message = pipe.recv()
        except (EOFError, OSError):
            return self._died(pipe)
        if isinstance(message, Told):
            self._told[task] = message
            return []
        del self._busy[pipe]
        self._free.append(worker)
        self._hand_out()
        return [message]

    def _died(self, pipe: Connection) -> list[Ended]:
        worker, task, tries = self._busy.pop(pipe)
        worker.end()
        if tries < MOST_TRIES:
            self._queue.appendleft((task, tries + 1))
        self._hand_out()
        return [] if tries < MOST_TRIES else [Ended(task, LOST)]


class _Worker:
    """One process and the pipe to it. Nothing else is shared: what a process shares with others, it can leave locked
    or half-written when it dies."""

    def __init__(self, threads: int) -> None:
        # A forked process would inherit the locks of our threads, but not the threads.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, threads, os.getpid()), daemon=True)
        self._process.start()
        theirs.close()   # so that the pipe ends when the process does

    def begin(self, task: Task) -> None:
        with contextlib.suppress(OSError):   # a death while it was free shows when we listen
            self.pipe.send(task)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, threads: int, driver: int) -> None:
    """The worker's life: task after task, until the driver closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)   # Ctrl+C reaches all processes of a terminal; the driver ends us
    from backend.job.parent_process import stop_with
    from backend.threads import use_threads

    stop = threading.Event()
    stop_with(driver, stop)
    use_threads(threads)
    while True:
        try:
            task: Task = pipe.recv()
            pipe.send(_done(task, pipe, stop))
        except (EOFError, OSError):
            return


def _done(task: Task, pipe: Connection, stop: threading.Event) -> Ended:
    from backend.batch.work import do  # imports all stages, which takes seconds

    began_s, said_s = time.monotonic(), 0.0

    def tell(stage: str, done: int, of: int, people: int) -> None:
        nonlocal said_s
        if time.monotonic() - said_s >= TELL_EVERY_S:
            said_s = time.monotonic()
            with contextlib.suppress(OSError):
                pipe.send(Told(task, stage, done, of, people))

    outcome = do(task, tell, stop)
    return Ended(task, outcome, time.monotonic() - began_s, "this machine")
