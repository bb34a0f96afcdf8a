"""A Ray cluster of two nodes on this machine, one core each, and its worker node's sudden death."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import math
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from typing import Any, get_args

from backend.batch.cluster.how_ray_runs import ray_environment
from backend.batch.task import Kind
from bench.process_tree import psutil_of_ray
from motion.refusal import Refusal

MEMORY_BYTES = 4 << 30           # that a node says it has
STORE_BYTES = 100 << 20
SHORT_TEMPORARY = "/tmp"         # Ray's sockets lie in it, whose paths may have 103 letters
SETTLED_S, SETTLED_AFTER = 0.15, 40   # of processor a second, of nodes that do nothing; seconds waited at most
OF_TASKS = tuple(f"ray::{kind} " for kind in get_args(Kind))


def prepare_ray() -> None:
    """To be called before Ray is imported, which reads the environment then. Raises Refusal where it is not installed.

    As with the clusters of `build.py cluster`, only who knows a token may talk to ours.
    """
    if importlib.util.find_spec("ray") is None:
        raise Refusal("no-ray", "The night on a cluster needs Ray, which is not installed.",
                      "Run `python3 build.py setup --cluster`.")  # fmt: skip
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    os.environ["RAY_worker_niceness"] = "0"   # as the plain batch's; else whatever runs beside us costs only Ray time
    os.environ |= ray_environment()


@contextlib.contextmanager
def two_nodes() -> Iterator[TwoNodes]:
    """A cluster that runs while the block does."""
    from ray.cluster_utils import Cluster

    home = SHORT_TEMPORARY if os.path.isdir(SHORT_TEMPORARY) else None
    folder = tempfile.mkdtemp(prefix="mambocap-", dir=home)
    os.environ["RAY_TMPDIR"] = folder        # where other clusters of this machine are not disturbed
    os.mkdir(os.path.join(folder, "ray"))    # in which Ray writes the address
    cluster = Cluster()
    try:
        yield TwoNodes(cluster, folder)
    finally:
        cluster.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


class TwoNodes:
    """The head node, beside which the driver runs, and a worker node that can be killed and replaced."""

    def __init__(self, cluster: Any, folder: str) -> None:
        """`cluster` is Ray's, without nodes."""
        self._cluster, self._folder = cluster, folder
        self._numbers = itertools.count()
        self._add()
        self._worker = self._add()
        _let_settle()

    @property
    def address(self) -> str:
        return str(self._cluster.address)

    def kill_worker_node(self) -> tuple[str, ...]:
        """As when its power goes: all its processes at once. Returns the tasks that they worked on, as Ray tells."""
        psutil = psutil_of_ray()
        raylet = psutil.Process(self._worker.all_processes["raylet"][0].process.pid)
        processes = [raylet, *raylet.children(recursive=True)]
        titles = [_title(process) for process in processes]
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self._cluster.remove_node(self._worker, allow_graceful=False)
        return tuple(title.removeprefix("ray::").strip() for title in titles if title.startswith(OF_TASKS))

    def join_again(self) -> None:
        """A fresh worker node in place of the dead one."""
        self._worker = self._add()

    def _add(self) -> Any:
        # In a folder of its own, as on a machine of its own: a node that joins removes what code lies in its folder.
        return self._cluster.add_node(
            num_cpus=1, memory=MEMORY_BYTES, object_store_memory=STORE_BYTES, include_dashboard=False,
            temp_dir=os.path.join(self._folder, str(next(self._numbers))),
        )  # fmt: skip


def _let_settle() -> None:
    """Wait until the nodes' own processes have started, which is not what is measured."""
    psutil = psutil_of_ray()
    before_s = -math.inf
    for _ in range(SETTLED_AFTER):
        now_s = 0.0
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                now_s += sum(process.cpu_times()[:2])
        if now_s - before_s < SETTLED_S:
            return
        before_s = now_s
        time.sleep(1.0)


def _title(process: Any) -> str:
    """What a process calls itself; of Ray's workers the task."""
    with contextlib.suppress(psutil_of_ray().Error):
        return (process.cmdline() or [""])[0]
    return ""
