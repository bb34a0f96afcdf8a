"""A batch's tasks on the machines of a Ray cluster."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.batch.cluster.connect import AUTO, connect
from backend.batch.cluster.desk import Desk
from backend.batch.cluster.how_ray_runs import answers
from backend.batch.cluster.likeness import likeness
from backend.batch.cluster.worker import Office, Unfit, fitness, work_on
from backend.batch.engine import MOST_TRIES
from backend.batch.shipping.node_folder import Cleaner
from backend.batch.shipping.sender import Sender, Shipment, shipment_of
from backend.batch.task import Ended, Needs, Task, Told
from backend.command_line.names import BUILD
from motion.batch.words import BatchRequest
from motion.job import Failure
from motion.refusal import Refusal

FIT_S = 120.0      # for all machines to get the code and say what they are
CLOSE_S = 10.0     # for cancelled tasks to end, and for machines to remove what was sent
GONE_S = 20.0      # without an answer of the head
SENDERS = 4        # files that are read for machines at the same time
LOST = Failure("worker-lost", f"The processes that worked on this take died {MOST_TRIES} times.",
               "Look whether the cluster's machines run out of memory, and try this take alone.")  # fmt: skip
BUG = Failure("bug", "Mambocap failed on a machine of the cluster; the fault is ours.",
              "Report it with the batch's log, which says why.")  # fmt: skip

log = logging.getLogger(__name__)


class RayCluster:
    """The cluster at an address: machines may come and go meanwhile, and lost tasks are done again by Ray."""

    def __init__(self, folder: Path, request: BatchRequest) -> None:
        """For the batch in `folder`, whose takes have their job folders by now.

        Raises Refusal where there is no such cluster, and where a machine of it would give other numbers than this one.
        """
        self._ray = connect(request.cluster)
        self._work_on = self._ray.remote(work_on)   # once, since each is another kind of task to Ray
        self._most, self._address = request.workers, request.cluster
        self._waiting: deque[Task] = deque()
        self._running: dict[Any, Task] = {}
        self._unfit: set[str] = set()
        self._cleaners: dict[str, Any] = {}   # by Ray's name of the machine, where anything is sent
        self._last_nodes: list[dict[str, Any]] = []
        self._is_closed = self._is_lost = False
        self._head = self._ray.get_runtime_context().gcs_address
        self._head_seen_s = time.monotonic()
        try:
            self._office = self._opened(shipment_of(folder, request) if request.ship else None)
            self._check_machines()
        except BaseException:
            self._ray.shutdown()
            raise

    @property
    def where(self) -> str:
        count = len({node["NodeManagerHostname"] for node in self._nodes()})
        return f"{count} machine{'s' * (count != 1)} of {_cluster(self._address)}"

    @property
    def slots(self) -> int:
        needs = Needs()
        has = [node["Resources"] for node in self._nodes()]
        room = sum(int(min(each.get("CPU", 0.0) / needs.threads, each.get("memory", 0.0) / needs.memory_bytes))
                   for each in has)  # fmt: skip
        return max(1, min(room, self._most or room))

    def start(self, task: Task) -> None:
        self._waiting.append(task)
        self._hand_out()

    def wait(self, timeout_s: float) -> list[Ended]:
        self._head_answers()
        until_s = time.monotonic() + timeout_s
        ended: list[Ended] = []
        while not ended and (left_s := until_s - time.monotonic()) > 0:
            if not self._running:
                time.sleep(left_s)
                continue
            running = list(self._running)
            if self._ray.wait(running, timeout=left_s)[0]:
                ready = self._ray.wait(running, num_returns=len(running), timeout=0)[0]
                ended = [each for reference in ready for each in self._ended(reference)]
                self._hand_out()
        return ended

    def told(self) -> list[Told]:
        try:
            return self._ray.get(self._office.desk.take.remote(), timeout=1.0)   # type: ignore[no-any-return]
        except self._ray.exceptions.RayError:   # progress is told the next time
            return []

    def close(self) -> None:
        self._waiting.clear()
        self._is_closed = True
        if self._is_lost:   # nobody would hear it; machines without a head end what works for us
            return
        for reference in self._running:
            self._ray.cancel(reference, force=True)
        if self._running:
            self._ray.wait(list(self._running), num_returns=len(self._running), timeout=CLOSE_S)
        if self._office.files is not None:
            self._log_bytes()
        clearing = [cleaner.clear.remote(self._office.batch) for cleaner in self._cleaners.values()]
        if clearing:
            self._ray.wait(clearing, num_returns=len(clearing), timeout=CLOSE_S)
        self._running.clear()
        self._ray.shutdown()   # ends the actors and every process that still works for us

    def _log_bytes(self) -> None:
        with contextlib.suppress(self._ray.exceptions.RayError):
            sent, got = self._ray.get(self._office.files.passed_bytes.remote(), timeout=CLOSE_S)
            log.info("%.1f MB were sent to the machines, %.1f MB came back", sent / 1e6, got / 1e6)

    def _opened(self, shipment: Shipment | None) -> Office:
        sender = self._beside_us(Sender, shipment) if shipment else None
        return Office(likeness(), os.getcwd(), self._beside_us(Desk), sender, shipment.batch if shipment else "")

    def _beside_us(self, kind: type, *arguments: Any) -> Any:
        """An actor on this machine, which sees our files."""
        here = self._ray.get_runtime_context().get_node_id()
        return self._actor(kind, here, max_concurrency=SENDERS if arguments else 1).remote(*arguments)

    def _actor(self, kind: type, node: str, **options: Any) -> Any:
        """Makes an actor on one machine, even where all cores are busy."""
        return self._ray.remote(kind).options(num_cpus=0, scheduling_strategy=self._only(node), **options)

    def _only(self, node: str) -> Any:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        return NodeAffinitySchedulingStrategy(node, soft=False)

    def _fitness(self, node: str) -> Any:
        ask = self._ray.remote(fitness).options(num_cpus=0, max_retries=0, scheduling_strategy=self._only(node))
        return ask.remote(self._office, node)

    def _check_machines(self) -> None:
        nodes = list(self._nodes())
        asked = [self._fitness(node["NodeID"]) for node in nodes]
        late = self._ray.wait(asked, num_returns=len(asked), timeout=FIT_S)[1]
        for node, answer in zip(nodes, asked, strict=True):
            name = node["NodeManagerHostname"]
            try:
                unfit = None if answer in late else self._ray.get(answer)
            except self._ray.exceptions.RayError as error:
                log.error("%s could not be asked", name, exc_info=True)
                raise Refusal("other-machine", f"Mambocap does not start on the machine {name}.",
                              f"Run `{BUILD} setup --cluster` there, or take it out by `cluster stop`."
                              ) from error  # fmt: skip
            if unfit:
                raise unfit.refusal

    def _hand_out(self) -> None:
        if self._office.files is not None:
            new = {node["NodeID"] for node in self._nodes()} - self._cleaners.keys()
            self._cleaners |= {node: self._actor(Cleaner, node).remote() for node in new}
        while self._waiting and (not self._most or len(self._running) < self._most):
            task = self._waiting.popleft()
            self._running[self._submitted(task)] = task

    def _submitted(self, task: Task) -> Any:
        needs, most = task.needs, _largest(self._nodes())
        options: dict[str, Any] = {
            # A wish that no machine could ever fulfil would wait for ever.
            "num_cpus": min(needs.threads, most["CPU"] or needs.threads),
            "memory": int(min(needs.memory_bytes, most["memory"] or needs.memory_bytes)),
            "num_gpus": min(needs.gpu_share, most["GPU"]),
            "max_retries": MOST_TRIES - 1,
            "name": f"{task.kind} {task.take}",
        }
        if self._unfit:
            options["label_selector"] = {"ray.io/node-id": f"!in({', '.join(sorted(self._unfit))})"}
        return self._work_on.options(**options).remote(task, self._office)

    def _ended(self, reference: Any) -> Iterator[Ended]:
        """How a task ended; nothing where its machine was unfit and another one gets it."""
        task = self._running.pop(reference)
        try:
            answer = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError:
            log.error("%s of %s did not finish", task.kind, task.take, exc_info=True)
            answer = Ended(task, BUG)
        except self._ray.exceptions.RayError as error:
            self._check_alive()
            log.error("%s of %s was lost: %s", task.kind, task.take, error)
            answer = Ended(task, LOST)
        if isinstance(answer, Unfit):
            log.warning("%s %s It gets no work.", answer.sentence, answer.mend)
            self._unfit.add(answer.node)
            self._waiting.appendleft(task)
            return
        if self._office.files is not None and (task.kind == "make" or isinstance(answer.outcome, Failure)):
            self._office.files.end.remote(os.path.abspath(task.job))
        yield answer

    def _check_alive(self) -> None:
        """Raises Refusal when it is not a worker that was lost, but the cluster or our part in it."""
        here = self._ray.get_runtime_context().get_node_id()
        if here not in {node["NodeID"] for node in self._nodes()}:
            raise _gone(self._address)

    def _head_answers(self) -> bool:
        """Raises Refusal when it has not for a while. Ray would wait, and after a minute end our process by force."""
        if does := answers(self._head):
            self._head_seen_s = time.monotonic()
        elif time.monotonic() - self._head_seen_s > GONE_S:
            self._is_lost = True
            raise _gone(self._address)
        return does

    def _nodes(self) -> list[dict[str, Any]]:
        """The machines that live and may work for us."""
        if not self._is_closed and self._head_answers():
            try:
                nodes = self._ray.nodes()
            except Exception as error:   # Ray raises what its transport raises
                raise _gone(self._address) from error
            self._last_nodes = [node for node in nodes if node["Alive"] and node["NodeID"] not in self._unfit]
        return self._last_nodes


def _largest(nodes: list[dict[str, Any]]) -> dict[str, float]:
    """The most that one machine has of each resource."""
    return {kind: max((node["Resources"].get(kind, 0.0) for node in nodes), default=0.0)
            for kind in ("CPU", "memory", "GPU")}  # fmt: skip


def _gone(address: str) -> Refusal:
    name = _cluster(address)
    return Refusal("no-cluster", f"{name[0].upper()}{name[1:]} does not answer any more.",
                   "Start it and then the batch again, which goes on where it stopped.")  # fmt: skip


def _cluster(address: str) -> str:
    return "this machine's cluster" if address == AUTO else f"the cluster at {address}"
