"""What of Ray runs: `python -m backend.batch.cluster.look`, for build.py, which has no Ray itself.

Without --machines: the addresses of the clusters that this machine is a part of, as a JSON list.
With it, the machines of the cluster at an address, "" for the one that runs here: {"address": ..., "machines": [...]},
none where nothing answers.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from typing import Any

from backend.batch.cluster.how_ray_runs import answers


@dataclass(frozen=True)
class Machine:
    """A machine of a cluster that lives."""

    name: str
    ip: str
    is_head: bool
    cores: float
    busy_cores: float
    memory_bytes: float         # that its tasks may use
    cards: float


def machines_of(address: str) -> list[Machine]:
    """The machines that live, the head first. Raises what Ray raises where nothing answers."""
    from ray._raylet import GcsClient
    from ray.autoscaler.v2.sdk import get_cluster_status

    known = {node.node_id.hex(): node for node in GcsClient(address=address).get_all_node_info(timeout=10).values()}
    status = get_cluster_status(address)
    machines = [_machine(node, known.get(node.node_id)) for node in (*status.active_nodes, *status.idle_nodes)]
    return sorted(machines, key=lambda machine: (not machine.is_head, machine.name, machine.ip))


def _machine(node: Any, known: Any) -> Machine:
    has, used = node.total_resources(), node.used_resources()
    name, is_head = (known.node_manager_hostname, known.is_head_node) if known else (node.ip_address, False)
    return Machine(name, node.ip_address, is_head, has.get("CPU", 0.0), used.get("CPU", 0.0),
                   has.get("memory", 0.0), has.get("GPU", 0.0))  # fmt: skip


def clusters_here() -> list[str]:
    """Addresses of the clusters whose work this machine does, by its processes."""
    from ray._private.services import find_gcs_addresses

    return sorted(find_gcs_addresses())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", metavar="ADDRESS")
    wanted = parser.parse_args().machines
    if wanted is None:
        print(json.dumps(clusters_here()))
        return
    address = wanted or next(iter(clusters_here()), "")
    machines = machines_of(address) if address and answers(address) else []   # Ray itself would knock for minutes
    print(json.dumps({"address": address, "machines": [asdict(each) for each in machines]}))


if __name__ == "__main__":
    main()
