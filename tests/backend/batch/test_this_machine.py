"""Workers that are real processes, with tasks that are made up: they work, hang and die."""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.batch import this_machine
from backend.batch.one_take import NEEDS
from backend.batch.run_batch import run_batch
from backend.batch.task import Ended, Finished, Needs, Task
from backend.batch.this_machine import LOST, WORKER_BYTES, ThisMachine, fitting_workers
from backend.job.parent_process import lives
from motion.batch.words import CANCELLED, DONE, FAILED
from motion.job import CANCEL, LOG, read_failure

from ..processes import started, wait_for
from . import made_up_work
from .made_up_work import batch_of, did


@pytest.fixture
def machines() -> Iterator[functools.partial[ThisMachine]]:
    opened: list[ThisMachine] = []

    def open_one(do, workers: int = 1) -> ThisMachine:
        opened.append(ThisMachine(workers, 1, do))
        return opened[-1]

    yield open_one   # type: ignore[misc]
    for machine in opened:
        machine.close()


def tasks(folder: Path, *names: str) -> list[Task]:
    for name in names:
        (folder / name).mkdir()
    return [Task(name, str(folder / name), "detect", NEEDS["detect"]) for name in names]


def ends(machine: ThisMachine, count: int) -> list[Ended]:
    ended: list[Ended] = []
    deadline_s = time.monotonic() + 60.0
    while len(ended) < count:
        assert time.monotonic() < deadline_s
        ended += machine.wait(0.5)
    return ended


def processes(folder: Path) -> list[int]:
    return [int(path.name.split("_")[1]) for path in folder.glob("*/process_*")]


def test_deaths_lose_only_what_dies_always(tmp_path, machines):
    """The take's name says how often the process dies in one of its tasks."""
    batch_of(tmp_path, ["dies 0", "dies 2", "dies 9"])
    table = run_batch(tmp_path, lambda *_: machines(made_up_work.deadly, 2))
    assert [row.state for row in table.takes] == [DONE, DONE, FAILED]
    assert read_failure(tmp_path / "dies 9").code == LOST.code == "worker-lost"
    assert table.takes[2].sentence == "The process that worked on this take died 3 times."
    assert (tmp_path / "dies 9" / "tries").read_text() == "3"
    assert sorted(did(tmp_path / "dies 2")) == sorted(did(tmp_path / "dies 0"))


def test_a_worker_that_dies_while_it_is_free_costs_nobody_a_try(tmp_path, machines):
    machine = machines(made_up_work.dying_afterwards)
    for task in tasks(tmp_path, "a", "b", "c"):
        machine.start(task)
        (ended,) = ends(machine, 1)
        assert ended.outcome == Finished() and did(tmp_path / task.take) == ["detect"]
        wait_for(lambda: not machine._free[0].lives)


def test_a_task_that_raises_ends_in_words_and_its_log_has_the_rest(tmp_path, machines):
    for number, do in enumerate((made_up_work.broken, made_up_work.refusing)):
        machine = machines(do)
        for task in tasks(tmp_path, f"a {number}"):
            machine.start(task)
        (ended,) = ends(machine, 1)
        assert ended.outcome.code == ("bug", "no-model")[number]
    text = (tmp_path / "a 0" / LOG).read_text()
    assert "RuntimeError: a bug" in text and "said by a library" in text


def test_waiting_takes_no_longer_than_it_may(tmp_path, machines):
    machine = machines(made_up_work.slow)
    began_s = time.monotonic()
    assert machine.wait(0.2) == []   # with nothing to do
    (task,) = tasks(tmp_path, "a")
    machine.start(task)
    assert machine.wait(0.2) == []
    assert 0.4 <= time.monotonic() - began_s < 3.0
    machine.close()
    assert machine.wait(0.0) == []


@pytest.mark.parametrize("how", ["cancel", "terminated", "killed"])
def test_no_process_outlives_its_batch(tmp_path, how):
    """However it ends, in the middle of tasks that hear nothing."""
    batch_of(tmp_path, ["a", "b"])
    driver = started(Path(__file__).with_name("driver.py"), tmp_path)
    try:
        wait_for(lambda: len(processes(tmp_path)) == 2)
        workers = processes(tmp_path)
        children = _children(driver.pid)
        assert set(workers) <= set(children)
        if how == "cancel":
            (tmp_path / CANCEL).touch()
        else:
            driver.terminate() if how == "terminated" else driver.kill()
        driver.communicate(timeout=30)
        deadline_s = time.monotonic() + 5.0
        while any(map(lives, children)):
            assert time.monotonic() < deadline_s, "a worker outlived its batch"
            time.sleep(0.02)
    finally:
        driver.kill()


def _children(process: int) -> list[int]:
    """All processes that it started; where the system does not say, its workers do."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in listed.read_text().split()] if listed.exists() else []


def test_a_batch_of_processes_is_cancelled_at_once(tmp_path, machines):
    batch_of(tmp_path, ["a"])
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    table = run_batch(tmp_path, lambda *_: machines(made_up_work.slow), stop=stop)
    assert [row.state for row in table.takes] == [CANCELLED]


def test_tasks_wait_for_memory_but_none_is_too_large(tmp_path, machines, monkeypatch):
    monkeypatch.setattr(this_machine, "memory_bytes", lambda: 1 << 30)
    machine = machines(made_up_work.slow, 3)
    for task, gigabytes in zip(tasks(tmp_path, "a", "b", "c"), (9.0, 0.3, 0.3), strict=True):
        machine.start(replace(task, needs=Needs(memory_bytes=int(gigabytes * 2**30))))
    assert machine.wait(0.1) == [] and len(machine._busy) == 1   # the large one alone
    machine.close()
    machine = machines(made_up_work.slow, 3)
    for task in tasks(tmp_path, "d", "e", "f"):
        machine.start(replace(task, needs=Needs(memory_bytes=int(0.3 * 2**30))))
    assert len(machine._busy) == 2


def test_a_system_without_processes_is_told(tmp_path, machines, monkeypatch):
    def no_process(*_):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(this_machine, "_Worker", no_process)
    machine = machines(made_up_work.quick)
    (task,) = tasks(tmp_path, "a")
    with pytest.raises(Exception, match=r"No process could be started to work in \(Resource temporarily unavailable\)"):
        machine.start(task)


def test_what_workers_say_and_leave_comes_through(tmp_path, machines):
    batch_of(tmp_path, ["a"])
    seen = []
    table = run_batch(tmp_path, lambda *_: machines(made_up_work.quick), listener=seen.append)
    (row,) = table.takes
    assert (row.state, row.people, table.workers, table.where) == (DONE, 1, 1, "this machine")
    assert [table.running for table in seen][-2:] == [True, False]
    assert did(tmp_path / "a") == ["open", "detect", "detect", "detect", "camera", "camera", "make"]


@pytest.mark.parametrize("cores, gigabytes, workers", [
    (8, 64, 8), (64, 8, 4), (1, 64, 1), (16, 0, 16), (4, 1, 1),
])  # fmt: skip
def test_workers_fit_into_cores_and_memory(monkeypatch, cores, gigabytes, workers):
    monkeypatch.setattr(this_machine, "WORKER_BYTES", 1500 << 20)
    monkeypatch.setattr(this_machine, "cores", lambda: cores)
    monkeypatch.setattr(this_machine, "memory_bytes", lambda: gigabytes << 30)
    assert fitting_workers("cpu") == workers


def test_a_worker_has_room_for_every_kind_of_task():
    assert max(need.memory_bytes for need in NEEDS.values()) < WORKER_BYTES
    assert sys.platform != "win32" or ThisMachine(100).slots == 60
