"""A night's takes done one after the other as captures, as a batch on this machine, and on a Ray cluster.

`python -m bench.batch_ways FOLDER captures|machine|ADDRESS`: one of them in a process of its own, its seconds as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from backend.batch.engine import Engine
from backend.batch.open_engine import open_engine
from backend.batch.run_batch import run_batch
from backend.batch.this_machine import ThisMachine
from backend.job.run import run_job
from bench.batch_night import Night
from bench.data import ROOT
from bench.process_tree import ProcessTree
from motion.batch.words import BATCH_LOG, BatchRequest, read_batch
from motion.job import Request

CAPTURES, MACHINE = "captures", "machine"
OUTPUT = "driver.log"    # in the batch's folder, what the process says
LONGEST_S = 3600.0       # a night that takes longer hangs
END_S = 5.0              # for processes to end after the one that they worked for
NODES_OWN = ("ray::IDLE", "Agent", "raylet")   # in the words of processes that wait for the cluster's next batch
Meanwhile = Callable[["subprocess.Popen[bytes]"], None]   # called with the driver's process


@dataclass(frozen=True)
class Ran:
    """A night that was done."""

    folder: Path             # of the batch, with the takes' job folders in it
    seconds: float           # without the start of Python
    cpu_s: float             # of all processes, as far as they were looked at before they ended
    peak_bytes: int          # resident, of all of them at the same time
    alive: tuple[str, ...]   # processes of the batch that are still there


def one_after_the_other(folder: Path, night: Night) -> Ran:
    """Each take by a capture of its own, in one process that has all cores: the truth for all other ways."""
    return _ran(folder, night, CAPTURES)


def on_this_machine(folder: Path, night: Night, workers: int) -> Ran:
    """The plain batch with so many workers of one thread each."""
    return _ran(folder, night, MACHINE, workers)


def on_cluster(folder: Path, night: Night, address: str, meanwhile: Meanwhile | None = None) -> Ran:
    """The batch on all machines of a Ray cluster that runs already."""
    return _ran(folder, night, address, 0, meanwhile)


def _ran(folder: Path, night: Night, way: str, workers: int = 0, meanwhile: Meanwhile | None = None) -> Ran:
    folder.mkdir()
    night.request(workers).write(folder)
    with ProcessTree() as tree, open(folder / OUTPUT, "wb") as log:
        driver = subprocess.Popen([sys.executable, "-m", "bench.batch_ways", str(folder), way], cwd=ROOT,
                                  stdout=subprocess.PIPE, stderr=log)  # fmt: skip
        try:
            if meanwhile:
                meanwhile(driver)
            said, _ = driver.communicate(timeout=LONGEST_S)
        finally:
            driver.kill()
        if driver.returncode:
            logs = folder / BATCH_LOG, folder / OUTPUT
            raise RuntimeError("\n".join(path.read_text(encoding="utf-8", errors="replace") for path in logs))
        return Ran(folder, json.loads(said.splitlines()[-1]), tree.cpu_s(), tree.peak_bytes,
                   tree.alive(END_S, NODES_OWN))  # fmt: skip


def main(folder: Path, way: str) -> None:
    began_s = time.perf_counter()
    if way == CAPTURES:
        _capture_all(folder)
    else:
        run_batch(folder, lambda _, request: _engine(way, folder, request))
    print(json.dumps(time.perf_counter() - began_s))


def _engine(way: str, folder: Path, request: BatchRequest) -> Engine:
    if way == MACHINE:
        return ThisMachine(request.workers, threads=1)
    return open_engine(folder, replace(request, cluster=way))


def _capture_all(folder: Path) -> None:
    request = read_batch(folder)
    for take in request.takes:
        job = folder / take.name
        job.mkdir()
        Request(take.clips, request.settings, request.preview).write(job)
        run_job(job)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
