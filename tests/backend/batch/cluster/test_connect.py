"""A cluster that cannot be reached is told at once and in words, with or without Ray."""

from __future__ import annotations

import builtins
import contextlib
import os
import socket
import sys
import types

import pytest

from backend.batch.cluster import connect as module
from backend.batch.cluster.connect import connect
from backend.command_line.names import BUILD
from motion.refusal import Refusal


@pytest.fixture
def ray(monkeypatch) -> types.ModuleType:
    """In place of Ray; its init() does what a test says."""
    made_up = types.ModuleType("ray")
    made_up.init = lambda **_: None
    monkeypatch.setitem(sys.modules, "ray", made_up)
    monkeypatch.setattr(module, "copied_code", lambda: contextlib.nullcontext("/code"))
    return made_up


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """Ray is told much by environment variables, which shall not stay for other tests."""
    monkeypatch.setattr(os, "environ", dict(os.environ))


def refused(address: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        connect(address)
    return caught.value


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_ray_the_command_that_installs_it_is_named(monkeypatch):
    def missing(name, *rest):
        if name == "ray":
            raise ModuleNotFoundError("No module named 'ray'", name="ray")
        return real(name, *rest)

    real = builtins.__import__
    monkeypatch.delitem(sys.modules, "ray", raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)
    refusal = refused("auto")
    assert refusal.sentence == "Batches on a cluster need the package ray, which is not installed."
    assert refusal.mend == f"Run `{BUILD} setup --cluster`."


@pytest.mark.parametrize("address", ["nonsense", "ray://host:10001", "host:", ":6379", "host:port"])
def test_what_is_no_address_is_said_so(ray, address):
    assert refused(address).sentence == f"{address} is no address of a cluster."


def test_nothing_that_listens_is_told_before_ray_tries(ray):
    ray.init = lambda **_: pytest.fail("Ray would try for minutes")
    address = f"127.0.0.1:{closed_port()}"
    assert refused(address).sentence == f"No cluster that this machine is part of answers at {address}."


def test_what_listens_and_is_no_cluster_is_given_up_after_a_while(ray, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    ended = module.threading.Event()
    ray.init = lambda **_: ended.wait(10.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        assert refused(address).sentence == f"No cluster that this machine is part of answers at {address}."
    ended.set()


@pytest.mark.parametrize("said, code", [
    (ConnectionError("Could not find any running Ray instance."), "no-cluster"),
    (RuntimeError("Unauthenticated: InvalidAuthToken"), "other-token"),
    (RuntimeError("Version mismatch: The cluster was started with Python 3.12"), "other-versions"),
    (OSError("something else"), "no-cluster"),
])  # fmt: skip
def test_what_ray_says_is_told_in_our_words(ray, said, code):
    def fail(**_):
        raise said

    ray.init = fail
    assert refused("auto").code == code


def test_ray_gets_a_copy_of_our_code_and_says_nothing_on_the_screen(ray, capfd):
    def init(**options):
        given.update(options)
        os.write(2, b"chatter\n")

    given: dict = {}
    ray.init = init
    assert connect("auto") is ray
    assert given["address"] == "auto"
    assert given["runtime_env"]["working_dir"] == "/code" and given["runtime_env"]["env_vars"]["OMP_NUM_THREADS"] == "1"
    assert capfd.readouterr().err == ""
