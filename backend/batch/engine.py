"""What does a batch's tasks: this machine's processes (this_machine.py) or a Ray cluster's (ray_cluster.py)."""

from __future__ import annotations

from typing import Protocol

from backend.batch.task import Ended, Task, Told


class Engine(Protocol):
    """Does tasks at the same time, each in a process that does one at a time.

    A worker that dies is replaced, and its task is done again up to MOST_TRIES times; then it ends with the Failure
    "worker-lost". All other endings of a task are its own words.
    """

    where: str      # for people: "this machine", "3 machines of the cluster at ..."

    @property
    def slots(self) -> int:
        """Tasks that can be worked on at the same time, at least 1; on a cluster this changes."""

    def start(self, task: Task) -> None:
        """Queue a task; those that were started first are done first."""

    def wait(self, timeout_s: float) -> list[Ended]:
        """The tasks that ended since the last call, as soon as there is one; none after `timeout_s`."""

    def told(self) -> list[Told]:
        """What working tasks said since the last call, the last word of each."""

    def close(self) -> None:
        """End all workers, now, whatever they do; no process stays behind."""


MOST_TRIES = 3
