"""`build.py cluster`: makes this machine the head or a part of a Ray cluster, looks at it, and takes it out again."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from backend.batch.cluster.how_ray_runs import answers, make_token, ray_environment, token_file
from backend.command_line.names import BUILD
from backend.environments.environment import is_ready
from backend.environments.pins import CLUSTER
from backend.install import ROOT
from backend.threads import available_cores
from commands.setup import BACKEND
from motion.job import DONE
from motion.places import python_of
from motion.refusal import Refusal

PORT = 6379                # Ray's own choice
STORE_BYTES = 512 << 20    # of memory for what passes between machines: pieces of files, and progress
PATIENCE_S = 90.0          # with Ray's own program
OPTIONS = ("--disable-usage-stats", "--object-store-memory", str(STORE_BYTES), "--include-log-monitor", "false")


def run(argv: list[str]) -> int:
    """One of start, join, status and stop; returns the exit code."""
    options = _parser().parse_args(argv)
    if not is_ready(BACKEND, (CLUSTER,)):
        raise Refusal("no-ray", "What a cluster needs is not installed on this machine.",
                      f"Run `{BUILD} setup --cluster`.")  # fmt: skip
    return options.run(options)   # type: ignore[no-any-return]


def _start(options: argparse.Namespace) -> int:
    _check_free()
    is_new = make_token()
    _ray_start(options, "--head", "--port", str(options.port), "--include-dashboard", "false")
    address = f"{options.ip}:{options.port}" if options.ip else _own_address(options.port)
    print(f"The cluster runs. Its {'new token' if is_new else 'token'} is the file {token_file()}; on every other "
          f"machine:\n  {BUILD} setup --cluster\n  {BUILD} cluster join {address} --token-file FILE\n"
          f"Then: {BUILD} batch FOLDER --out DIR --cluster auto")  # fmt: skip
    return DONE


def _join(options: argparse.Namespace) -> int:
    if not answers(options.address):
        raise _unreachable(options.address)
    _check_free()
    if options.token_file:
        _take_token(options.token_file)
    _ray_start(options, "--address", options.address)
    print(f"This machine is a part of the cluster at {options.address}.")
    return DONE


def _check_free() -> None:
    """Raises Refusal on a part of a cluster, where a second one would count the cores of this machine twice."""
    if clusters := _look():
        raise Refusal("runs-already", f"This machine is a part of the cluster at {clusters[0]} already.",
                      "It need not join, nor does any head. To join or start another cluster, first run "
                      f"`{BUILD} cluster stop`, which ends all of Ray here.")  # fmt: skip


def _status(options: argparse.Namespace) -> int:
    if options.address and not answers(options.address):
        raise _silent(options.address)
    if seen := _look("--machines", options.address):
        if not seen["machines"]:
            raise _silent(seen["address"])
        print(f"The cluster at {seen['address']}. Other machines: {BUILD} cluster join {seen['address']}")
        print("\n".join(_line(machine) for machine in seen["machines"]))
        return DONE
    said = _ray("status", *(("--address", options.address) if options.address else ()))
    if said.returncode != 0:
        raise _silent(options.address)
    print(said.stdout.strip())
    return DONE


def _silent(address: str) -> Refusal:
    where = f" at {address}" if address else ""
    return Refusal("no-cluster", f"No cluster answers{where}.",
                   f"Run `{BUILD} cluster start`, or cluster join; what a dead head left here goes by "
                   "`cluster stop`.")  # fmt: skip


def _line(machine: dict[str, Any]) -> str:
    """A machine of the cluster for people."""
    busy = machine["busy_cores"]
    work = "only gives out work" if not machine["cores"] else f"{busy:.3g} at work" if busy else "free"
    cards = f", {machine['cards']:.3g} graphics card{'s' * (machine['cards'] != 1)}" if machine["cards"] else ""
    return (f"  {machine['name']} ({machine['ip']}{', head' * machine['is_head']}): {machine['cores']:.3g} cores, "
            f"{machine['memory_bytes'] / (1 << 30):.1f} GB of memory{cards}; {work}")  # fmt: skip


def _stop(options: argparse.Namespace) -> int:
    said = _ray("stop", *(("--force",) if options.force else ()))
    if said.returncode != 0:
        raise Refusal("not-stopped", "Some processes of the cluster did not end.", "Add --force.")
    if "did not find any" in (said.stdout + said.stderr).lower():
        print("No cluster runs on this machine; nothing had to end.")
    else:
        print("This machine has left the cluster; all of Ray that ran here has ended.")
    return DONE


def _ray_start(options: argparse.Namespace, *arguments: str) -> None:
    own = ["--num-cpus", str(available_cores() if options.cpus is None else options.cpus)]
    own += ["--node-ip-address", options.ip] if options.ip else []
    own += ["--num-gpus", str(options.gpus)] if options.gpus is not None else []
    said = _ray("start", *arguments, *OPTIONS, *own)
    if said.returncode != 0:
        raise _why(said.stdout + said.stderr, arguments)


def _why(said: str, arguments: tuple[str, ...]) -> Refusal:
    """Why Ray did not start, by what it said."""
    if "already" in said.lower():
        return Refusal("runs-already", "A cluster runs on this machine already, or something else uses its port.",
                       f"Run `{BUILD} cluster stop`, or choose another --port.")  # fmt: skip
    if "token" in said.lower() and "--address" in arguments:
        return Refusal("other-token", "The cluster wants another token than this machine has.",
                       f"Copy the head's {token_file().name} here and name it by --token-file.")  # fmt: skip
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    print("\n".join(lines[-15:]), file=sys.stderr)
    if "--address" in arguments:
        return _unreachable(arguments[1])
    return Refusal("not-started", "The cluster could not be started.", "See above.")


def _unreachable(address: str) -> Refusal:
    return Refusal("no-cluster", f"The cluster at {address} could not be joined.",
                   "Look whether it runs, whether a firewall is between, and whether Ray and Python are the same.")


def _take_token(source: Path) -> None:
    try:
        token_file().parent.mkdir(parents=True, exist_ok=True)
        if not (token_file().exists() and source.samefile(token_file())):
            shutil.copyfile(source, token_file())
        os.chmod(token_file(), 0o600)
    except OSError as error:
        raise Refusal("no-token", f"{source} cannot be copied ({error.strerror}).",
                      "Copy the head's file to this machine first.") from error  # fmt: skip


def _own_address(port: int) -> str:
    """Where others reach this machine, by Ray's own opinion."""
    command = "import ray.util; print(ray.util.get_node_ip_address())"
    said = subprocess.run([str(python_of(BACKEND)), "-c", command], capture_output=True, text=True, errors="replace",
                          env=ray_environment())  # fmt: skip
    return f"{said.stdout.strip() or '127.0.0.1'}:{port}"


def _look(*arguments: str) -> Any:
    """What backend/batch/cluster/look.py says; None where it cannot."""
    command = [str(python_of(BACKEND)), "-m", "backend.batch.cluster.look", *arguments]
    try:
        said = subprocess.run(command, capture_output=True, text=True, errors="replace", env=ray_environment(),
                              stdin=subprocess.DEVNULL, timeout=PATIENCE_S, cwd=ROOT)  # fmt: skip
        return json.loads(said.stdout.splitlines()[-1]) if said.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        return None


def _ray(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ray's own program, in the backend's environment."""
    # By the module, since the program beside the interpreter is called differently on Windows.
    command = [str(python_of(BACKEND)), "-c", "from ray.scripts.scripts import main; main()", *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", env=ray_environment(),
                              stdin=subprocess.DEVNULL, timeout=PATIENCE_S)  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"No answer within {PATIENCE_S:.0f} s.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build.py cluster", description="Machines that work on batches together.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    start = commands.add_parser("start", help="make this machine the head of a new cluster")
    start.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    _add_machine(start)
    start.set_defaults(run=_start)
    join = commands.add_parser("join", help="make this machine a part of a cluster")
    join.add_argument("address", metavar="ADDRESS", help="as cluster start printed it, such as 10.0.0.5:6379")
    join.add_argument("--token-file", type=Path, metavar="FILE", help="a copy of the head's token, needed once")
    _add_machine(join)
    join.set_defaults(run=_join)
    status = commands.add_parser("status", help="its address, its machines, and whether they are free")
    status.add_argument("address", nargs="?", default="", metavar="ADDRESS", help="default: the cluster running here")
    status.set_defaults(run=_status)
    stop = commands.add_parser("stop", help="end all of Ray on this machine, also what other programs started")
    stop.add_argument("--force", action="store_true", help="without waiting for it")
    stop.set_defaults(run=_stop)
    return parser


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ip", default="", help="the address of this machine that the others reach it by")
    parser.add_argument("--cpus", type=int, metavar="N", help="cores to work with, 0: it only gives out work")
    parser.add_argument("--gpus", type=int, metavar="N", help="graphics cards to work with; default: all")
