"""Joining a Ray cluster as its driver, or saying within seconds and in words why that cannot be."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

from backend.batch.cluster.how_ray_runs import answers, ray_environment
from backend.batch.cluster.sent_code import copied_code
from backend.batch.engine import MOST_TRIES
from backend.command_line.names import BUILD
from motion.refusal import Refusal

AUTO = "auto"          # the cluster that runs on this machine
PATIENCE_S = 12.0      # for Ray to have joined us
MOST_SAID_BYTES = 2_000
INSTALL = f"Run `{BUILD} setup --cluster`."
# Of the processes of one task each; results do not depend on threads, and workers share the machine.
WORKERS_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1",   # a task that asked for no graphics card sees none
}  # fmt: skip
OF_THE_DRIVER = {
    "RAY_task_oom_retries": str(MOST_TRIES - 1),   # without it Ray tries for ever
    "RAY_BACKEND_LOG_LEVEL": "fatal",              # what its threads log at lower levels goes to the screen as well
}

log = logging.getLogger(__name__)


def connect(address: str) -> Any:
    """The module ray, joined to the cluster at `address`, "host:port" or "auto".

    Raises Refusal where Ray is not installed, where nothing answers there, and where this machine is no part of it.
    """
    os.environ.update(ray_environment())
    for name, value in OF_THE_DRIVER.items():
        os.environ.setdefault(name, value)
    ray = _imported()
    if address != AUTO and not answers(address):
        raise _silent(address)
    failed: list[BaseException] = []
    joining = threading.Thread(target=_join, args=(ray, address, failed), daemon=True)
    with _unheard():
        joining.start()
        joining.join(PATIENCE_S)
    if joining.is_alive():
        raise _silent(address)
    if failed:
        raise _why(address, failed[0]) from failed[0]
    logging.getLogger("ray").handlers.clear()   # those write to the screen; the batch's log has one of its own
    logging.getLogger("ray").propagate = True
    if printing := sys.modules.get("ray._private.worker"):
        # Deaths of workers are printed to stdout, which belongs to our own results, and no setting stops that.
        printing.print_to_stdstream = _log_said   # type: ignore[attr-defined]
    return ray


def _log_said(data: dict[str, Any], ignore_prefix: bool = False) -> None:
    log.info("Ray said: %s", "\n".join(map(str, data.get("lines", ())))[:MOST_SAID_BYTES])


def _imported() -> Any:
    try:
        import ray
    except ModuleNotFoundError as error:
        raise Refusal("no-ray", f"Batches on a cluster need the package {error.name}, which is not installed.",
                      INSTALL) from error  # fmt: skip
    return ray


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """What Ray's own threads write to the screen in the block goes to our log."""
    screen = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(screen, 2)
            os.close(screen)
            said.seek(0)
            if text := said.read(MOST_SAID_BYTES).decode(errors="replace").strip():
                log.info("Ray said: %s", text)


def _join(ray: Any, address: str, failed: list[BaseException]) -> None:
    try:
        with copied_code() as code:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, configure_logging=False,
                     runtime_env={"working_dir": str(code), "env_vars": WORKERS_ENVIRONMENT})  # fmt: skip
    except BaseException as error:   # handed to the thread that waits
        failed.append(error)


def _why(address: str, error: BaseException) -> Refusal:
    log.error("Ray did not join the cluster at %s", address, exc_info=error)
    said = str(error)
    if address == AUTO and isinstance(error, ConnectionError):
        return Refusal("no-cluster", "No cluster runs on this machine.",
                       f"Run `{BUILD} cluster start` here, or `cluster join ADDRESS`.")  # fmt: skip
    if "token" in said.lower() or "unauthenticated" in said.lower():
        return Refusal("other-token", f"The cluster at {address} has another token than this machine.",
                       "Copy the head's file cluster_token to the data folder of this machine.")  # fmt: skip
    if "Version mismatch" in said:
        return Refusal("other-versions", f"The cluster at {address} runs another Python or Ray than this machine.",
                       f"Run `{BUILD} setup --cluster` on all machines, with the same Python.")  # fmt: skip
    return _silent(address)


def _silent(address: str) -> Refusal:
    where = "on this machine" if address == AUTO else f"at {address}"
    return Refusal("no-cluster", f"No cluster that this machine is part of answers {where}.",
                   f"Look at `{BUILD} cluster status`; `cluster join ADDRESS` makes this machine a part of it, "
                   "for which it needs the head's file cluster_token.")  # fmt: skip
