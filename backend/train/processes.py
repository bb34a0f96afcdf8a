"""Training by several processes at once, on one machine or several, as torchrun starts them.

Each makes its part of every batch and learns from it; what they add up is what one process would have had from the
whole batch. One process alone is the ordinary case, for which nothing here is started.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from backend.device import choose_device
from backend.train.part import Part
from motion.job import CANCELLED, USER_CAN_MEND
from motion.refusal import Refusal

T = TypeVar("T")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE_S = 600.0   # for another process: the longest that one may work alone, as the first does when it validates
_LOST = "Another process of this training has ended or does not answer."
_GO_ON = "See what it said last, then go on by the same command with --resume and the resume.npz in --out."


class ProcessLost(Refusal):
    """Another process is gone; what was learned until then is still here."""


@dataclass(frozen=True)
class Processes:
    """One process of several; the first of them alone writes and talks."""

    number: int = 0
    count: int = 1
    on_machine: int = 0   # its number on its machine
    _interrupted: threading.Event = field(default_factory=threading.Event)

    @property
    def is_first(self) -> bool:
        return self.number == 0

    def part(self, rows: int) -> Part:
        """Its part of batches of so many rows. Raises Refusal where there is not a row for each process."""
        if rows < self.count:
            raise Refusal("too-many-processes", f"A batch of {rows} cannot be shared by {self.count} processes.",
                          f"Choose --batch {self.count} or more, or start fewer processes.")  # fmt: skip
        return Part.of(rows, self.number, self.count)

    def device(self, setting: str) -> str:
        """Of torch, for one of DEVICE_SETTINGS: each process of a machine has a card of its own, or all its processor.

        Raises Refusal where there are fewer cards than processes.
        """
        chosen = choose_device(setting)
        if self.count == 1 or chosen == "cpu":
            return chosen
        cards = torch.cuda.device_count()
        if self.on_machine >= cards:
            raise Refusal("too-few-cards", f"This machine has {cards} graphics cards, fewer than processes to train.",
                          "Start as many processes as there are cards, or choose --device cpu.")  # fmt: skip
        torch.cuda.set_device(self.on_machine)
        return f"cuda:{self.on_machine}"

    def summed(self, values: Tensor) -> Tensor:
        """The sum of all processes' values, the same to the bit in each."""
        if self.count == 1:
            return values
        total = values.detach().clone()
        with _others_answer():
            dist.all_reduce(total)
        return total

    def add_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Gradients of parts of the loss become those of the whole, in one message."""
        if self.count == 1:
            return
        gradients = [each.grad for each in parameters if each.grad is not None]
        total = self.summed(torch.cat([each.flatten() for each in gradients]))
        for gradient, part in zip(gradients, total.split([each.numel() for each in gradients]), strict=True):
            gradient.copy_(part.view_as(gradient))

    def spread(self, weights: Mapping[str, Tensor]) -> None:
        """The first process' weights become everybody's, lest rounding on unlike machines leads them apart."""
        if self.count == 1:
            return
        all_of_them = torch.cat([values.flatten() for values in weights.values()])
        with _others_answer():
            dist.broadcast(all_of_them, src=0)
        for values, part in zip(weights.values(), all_of_them.split([v.numel() for v in weights.values()]),
                                strict=True):  # fmt: skip
            values.copy_(part.view_as(values))

    def agreed_share(self, share: float) -> float:
        """The first process' share of a run that is over, so that all take the same step and end after the same one.

        Raises KeyboardInterrupt in all processes when one was interrupted.
        """
        if self.count == 1:
            return share
        said = torch.tensor([share if self.is_first else 0.0, float(self._interrupted.is_set())], dtype=torch.float64)
        with _others_answer():
            dist.all_reduce(said, dist.ReduceOp.MAX)
        if said[1]:
            raise KeyboardInterrupt
        return float(said[0])

    def agreed(self, work: Callable[[], T]) -> T:
        """What `work` gives here. Where it refuses in any process all of them end, and the first such one says it."""
        if self.count == 1:
            return work()
        result, refusal = None, None
        try:
            result = work()
        except Refusal as said:
            refusal = said
        refused = self._of_all(refusal is not None)
        if refusal is not None and not any(refused[: self.number]):
            raise refusal
        if any(refused):
            self.end_after_the_others(USER_CAN_MEND)
        return result   # type: ignore[return-value]

    def from_first(self, work: Callable[[], T]) -> T:
        """What `work` gives in the first process, where alone it is done."""
        if self.count == 1:
            return work()
        held = [self.agreed(lambda: work() if self.is_first else None)]
        with _others_answer():
            dist.broadcast_object_list(held, src=0)
        return held[0]   # type: ignore[return-value]

    def check_alike(self, what: str) -> None:
        """Raises Refusal where a process has something else than the first: then they would not learn the same."""
        if self.count == 1:
            return
        said = self._of_all(what)
        other = next((number for number, each in enumerate(said) if each != said[0]), None)
        if other is not None and self.is_first:
            raise Refusal("unlike-processes", f"Process {other} has other options, files or devices than process 0.",
                          "Give all processes the same command, and all machines the same files.")  # fmt: skip
        if other is not None:
            self.end_after_the_others(USER_CAN_MEND)

    def end_after_the_others(self, exit_code: int) -> NoReturn:
        """Raises SystemExit once a process that has something to say or to write is gone.

        torchrun ends all processes as soon as one has ended, and that one might not have come to it.
        """
        with suppress(RuntimeError):
            dist.all_reduce(torch.zeros(1))   # which never comes about; on the processor, where that is noticed at once
        raise SystemExit(exit_code)

    def _of_all(self, said: T) -> list[T]:
        gathered: list[T] = [said] * self.count
        with _others_answer():
            dist.all_gather_object(gathered, said)
        return gathered


ALONE = Processes()


@contextmanager
def joined_processes() -> Iterator[Processes]:
    """Those that torchrun has started with this one, until all is done; else ALONE.

    Ctrl+C, and that torchrun wants them to end, is heeded between steps, by all at once. Raises Refusal where they do
    not find each other.
    """
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield ALONE
        return
    processes = Processes(int(os.environ["RANK"]), count, int(os.environ.get("LOCAL_RANK", "0")))
    before = {each: signal.signal(each, lambda *_: processes._interrupted.set()) for each in _SIGNALS}
    try:
        with _others_answer():
            dist.init_process_group(_backend(), timeout=timedelta(seconds=PATIENCE_S))
        yield processes
        dist.destroy_process_group()
    except KeyboardInterrupt:
        if not processes.is_first:
            processes.end_after_the_others(CANCELLED)
        raise
    finally:   # who is refused keeps the others waiting until it has ended
        for each, handler in before.items():
            signal.signal(each, handler)


def _backend() -> str:
    """What is on cards goes from card to card; what processes say to each other never leaves the processor."""
    with_cards = torch.cuda.is_available() and dist.is_nccl_available()
    return "cpu:gloo,cuda:nccl" if with_cards else "gloo"


@contextmanager
def _others_answer() -> Iterator[None]:
    """Raises ProcessLost where another process is gone, or has not answered for PATIENCE_S."""
    try:
        yield
    except (RuntimeError, ValueError) as error:   # torch has no class of its own for all of gloo's and nccl's
        raise ProcessLost("process-lost", _LOST, _GO_ON) from error
