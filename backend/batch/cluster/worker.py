"""What runs in a cluster's worker process: one task at a time, by the code and the versions of the driver."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from backend.batch.cluster.desk import say_at
from backend.batch.cluster.likeness import difference, likeness
from backend.batch.task import Ended, Outcome, Task, Tell
from backend.batch.teller import teller
from motion.refusal import Refusal


@dataclass(frozen=True)
class Unfit:
    """The answer of a machine that would give other numbers than the driver's."""

    node: str        # Ray's name of it
    code: str
    sentence: str
    mend: str

    @property
    def refusal(self) -> Refusal:
        return Refusal(self.code, self.sentence, self.mend)


@dataclass(frozen=True)
class Office:
    """What workers know of the batch's driver."""

    likeness: Mapping[str, str]
    folder: str              # from which relative paths count
    desk: Any                # handle of the actor Desk
    files: Any = None        # of the actor Sender, where footage and results are sent
    batch: str = ""          # name of the batch's folder on the machines then


def fitness(office: Office, node: str) -> Unfit | None:
    """None on a machine like the driver's."""
    refusal = difference(socket.gethostname(), likeness(), office.likeness)
    return refusal and Unfit(node, refusal.code, refusal.sentence, refusal.mend)


def work_on(task: Task, office: Office) -> Ended | Unfit:
    """Do a task and say how it ended."""
    import ray

    from backend.threads import use_threads

    if unfit := fitness(office, ray.get_runtime_context().get_node_id()):
        return unfit
    with contextlib.suppress(OSError):   # a machine that has no such folder gets no relative paths
        os.chdir(office.folder)
    use_threads(task.needs.threads)
    began_s = time.monotonic()
    outcome = _done(task, office, teller(task, functools.partial(say_at, office.desk)))
    return Ended(task, outcome, time.monotonic() - began_s, socket.gethostname())


def _done(task: Task, office: Office, tell: Tell) -> Outcome:
    from backend.batch.work import do  # imports all stages, which takes seconds

    stop = threading.Event()   # never set: whoever stops a batch ends its workers
    if office.files is None:
        return do(task, tell, stop)
    from backend.batch.shipping.shipped_work import do_shipped

    whole = replace(task, job=os.path.normpath(os.path.join(office.folder, task.job)))
    return do_shipped(whole, office.batch, _Distant(office.files), lambda local: do(local, tell, stop))


class _Distant:
    """The methods of an actor as if it were here."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def __getattr__(self, name: str) -> Any:
        return functools.partial(self._call, name)

    def _call(self, name: str, *arguments: Any) -> Any:
        import ray

        try:
            return ray.get(getattr(self._actor, name).remote(*arguments))
        except ray.exceptions.RayTaskError as error:
            raise error.cause from error
