"""The engine on a cluster: what it asks of Ray, and how it tells what Ray says. One test has a real cluster."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from backend.batch import ray_cluster
from backend.batch.cluster.how_ray_runs import ray_environment
from backend.batch.cluster.sent_code import ROOT
from backend.batch.cluster.worker import Unfit
from backend.batch.ray_cluster import BUG, LOST, RayCluster
from backend.batch.shipping.node_folder import PREFIX
from backend.batch.task import MEBIBYTE, Ended, Finished, Needs, Task
from motion.batch.words import BatchRequest, WantedTake
from motion.job import Request
from motion.refusal import Refusal

REQUEST = BatchRequest((WantedTake("jump", ("/jump.mp4",)),), cluster="auto")
GIB = 1024 * MEBIBYTE


class RayError(Exception):
    pass


class RayTaskError(RayError):
    pass


class Reference:
    """To what a call will have returned."""

    def __init__(self, function: str, arguments: tuple) -> None:
        self.function, self.arguments = function, arguments


class MadeUpRay:
    """Ray without processes: a call's result is there at once, as `answer` makes it from its arguments."""

    exceptions = types.SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError)

    def __init__(self) -> None:
        self.machines = {"head": {"CPU": 4.0, "memory": 8.0 * GIB}, "other": {"CPU": 2.0, "memory": 64.0 * GIB}}
        self.asked: list[tuple[str, dict]] = []
        self.cancelled: list[object] = []
        self.is_shut_down = False
        self.answer = lambda task, office: Ended(task, Finished(), 1.0, "head")
        self.fitness = lambda office, node: None

    def nodes(self) -> list[dict]:
        return [{"NodeID": name, "Alive": True, "NodeManagerHostname": name, "Resources": has}
                for name, has in self.machines.items()]  # fmt: skip

    def remote(self, what):
        def options(**asked):
            return types.SimpleNamespace(remote=lambda *arguments: self._called(what, asked, arguments))

        return types.SimpleNamespace(options=options)

    def _called(self, what, asked, arguments):
        if isinstance(what, type):
            return types.SimpleNamespace(take=None)
        self.asked.append((what.__name__, asked))
        return Reference(what.__name__, arguments)

    def get(self, reference, timeout=None):
        answer = self.fitness if reference.function == "fitness" else self.answer
        return answer(*reference.arguments)

    def wait(self, references, num_returns=1, timeout=None):
        return references, []

    def get_runtime_context(self):
        return types.SimpleNamespace(get_node_id=lambda: "head", gcs_address="10.0.0.5:6379")

    def cancel(self, reference, force):
        assert force
        self.cancelled.append(reference)

    def shutdown(self):
        self.is_shut_down = True


@pytest.fixture
def ray(monkeypatch) -> MadeUpRay:
    made_up = MadeUpRay()
    monkeypatch.setattr(ray_cluster, "connect", lambda address: made_up)
    monkeypatch.setattr(ray_cluster, "answers", lambda address: True)
    monkeypatch.setattr(RayCluster, "_only", lambda self, node: node)
    return made_up


def opened(tmp_path: Path, **words) -> RayCluster:
    return RayCluster(tmp_path, BatchRequest(REQUEST.takes, cluster="auto", **words))


def task(number: int = 0, **needs) -> Task:
    return Task("jump", "/out/jump", "detect", Needs(**needs), segment=number)


def test_as_many_fit_as_cores_and_memory_of_each_machine_allow(ray, tmp_path):
    assert opened(tmp_path).slots == 4 + 2
    ray.machines["head"]["memory"] = 3.2 * GIB
    assert opened(tmp_path).slots == 2 + 2
    assert opened(tmp_path, workers=3).slots == 3


def test_every_task_says_what_it_needs_and_how_often_it_is_tried(ray, tmp_path):
    engine = opened(tmp_path)
    engine.start(task(memory_bytes=GIB, threads=2))
    _, asked = ray.asked[-1]
    assert (asked["num_cpus"], asked["memory"], asked["num_gpus"], asked["max_retries"]) == (2, GIB, 0, 2)


def test_a_card_is_asked_for_only_where_the_cluster_has_one(ray, tmp_path):
    engine = opened(tmp_path)
    engine.start(task(gpu_share=0.25))
    assert ray.asked[-1][1]["num_gpus"] == 0
    ray.machines["other"]["GPU"] = 2.0
    engine.start(task(1, gpu_share=0.25))
    assert ray.asked[-1][1]["num_gpus"] == 0.25


def test_a_wish_that_no_machine_fulfils_is_cut_down_to_the_largest(ray, tmp_path):
    engine = opened(tmp_path)
    engine.start(task(threads=64, memory_bytes=900 * GIB))
    assert ray.asked[-1][1]["num_cpus"] == 4 and ray.asked[-1][1]["memory"] == 64 * GIB


def test_no_more_than_the_wished_workers_have_something_to_do(ray, tmp_path):
    engine = opened(tmp_path, workers=2)
    for number in range(5):
        engine.start(task(number))
    assert [name for name, _ in ray.asked].count("work_on") == 2
    ended = [each.task.segment for _ in range(3) for each in engine.wait(1.0)]
    assert ended == [0, 1, 2, 3, 4] and engine.wait(0.01) == []


@pytest.mark.parametrize("error, failure", [(RayError("node died"), LOST), (RayTaskError("bug"), BUG)])
def test_what_ray_could_not_do_is_a_failure_in_words(ray, tmp_path, error, failure):
    def fail(*_):
        raise error

    ray.answer = fail
    engine = opened(tmp_path)
    engine.start(task())
    assert [each.outcome for each in engine.wait(1.0)] == [failure]


def test_a_lost_cluster_is_not_blamed_on_the_take(ray, tmp_path):
    def fail(*_):
        raise RayError("raylet died")

    engine = opened(tmp_path)
    ray.answer = fail
    engine.start(task())
    del ray.machines["head"]
    with pytest.raises(Refusal) as refused:
        engine.wait(1.0)
    assert refused.value.sentence == "This machine's cluster does not answer any more."


def test_a_head_that_is_gone_ends_the_batch_with_a_sentence(ray, tmp_path, monkeypatch):
    engine = opened(tmp_path)
    monkeypatch.setattr(ray_cluster, "answers", lambda address: False)
    monkeypatch.setattr(ray, "nodes", lambda: pytest.fail("Ray would wait for a minute"))
    assert engine.slots == 6 and engine.wait(0.1) == []   # it may only be busy
    monkeypatch.setattr(ray_cluster, "GONE_S", 0.05)
    with pytest.raises(Refusal) as refused:
        engine.wait(0.1)
    assert refused.value.sentence == "This machine's cluster does not answer any more."
    engine.close()


def test_a_machine_of_other_versions_is_refused_at_the_start(ray, tmp_path):
    ray.fitness = lambda office, node: (
        Unfit(node, "other-machine", "It has numpy 1.0.", "Set it up.") if node == "other" else None)  # fmt: skip
    with pytest.raises(Refusal, match=r"^It has numpy 1.0\. Set it up\.$"):
        opened(tmp_path)
    assert ray.is_shut_down


def test_a_machine_of_other_versions_that_joins_later_gets_no_work(ray, tmp_path):
    def answer(task, office):
        avoided = "late" in ray.asked[-1][1].get("label_selector", {}).get("ray.io/node-id", "")
        return Ended(task, Finished()) if avoided else Unfit("late", "other-machine", "Other.", "Mend.")

    engine = opened(tmp_path)
    ray.machines["late"] = {"CPU": 8.0, "memory": 64.0 * GIB}
    assert engine.slots == 14
    ray.answer = answer
    engine.start(task())
    assert [each.outcome for each in engine.wait(1.0)] == [Finished()]
    assert engine.slots == 6


def test_closing_ends_what_still_works(ray, tmp_path):
    engine = opened(tmp_path)
    engine.start(task())
    engine.close()
    assert len(ray.cancelled) == 1 and ray.is_shut_down
    assert engine.slots == 6 and engine.where == "2 machines of this machine's cluster"


@pytest.fixture
def head(monkeypatch) -> Iterator[str]:
    """The address of a real cluster of one machine with one core."""
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="ray") as folder:   # in the test's own, paths of sockets would be too long
        command = [sys.executable, "-c", "from ray.scripts.scripts import main; main()", "start", "--head", "--block",
                   "--port", str(port), "--temp-dir", folder, "--num-cpus", "1", "--include-dashboard", "false",
                   "--object-store-memory", "100000000"]  # fmt: skip
        started = subprocess.Popen(command, env=ray_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield f"127.0.0.1:{port}"
        finally:
            started.terminate()
            started.wait(30)


DRIVER = """
import sys, time
from pathlib import Path
from backend.batch.cluster.how_ray_runs import answers
from backend.batch.ray_cluster import RayCluster
from backend.batch.task import Needs, Task
from motion.batch.words import BatchRequest, WantedTake
address, job, clip = sys.argv[1:]
while not answers(address):
    time.sleep(0.1)
engine = RayCluster(Path(job).parent, BatchRequest((WantedTake("jump", (clip,)),), cluster=address, ship=True))
engine.start(Task("jump", job, "open", Needs()))
while not (ended := engine.wait(1.0)):
    pass
print(ended[0].outcome.sentence)
engine.close()
"""


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: python3 build.py setup --cluster")
def test_on_a_real_cluster_a_take_is_sent_and_its_failure_names_the_users_file(head, tmp_path):
    job, clip = tmp_path / "out/jump", tmp_path / "jump.mp4"
    job.mkdir(parents=True)
    clip.write_bytes(b"")
    Request((str(clip),)).write(job)
    before = set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    said = subprocess.run([sys.executable, "-c", DRIVER, head, str(job), str(clip)], cwd=ROOT, capture_output=True,
                          text=True, timeout=120)  # fmt: skip
    assert said.stdout.splitlines() == ["jump.mp4 is empty."], said.stderr
    assert set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")) <= before
