"""Machines are put together by Ray's own program, and what it says is told in words."""

from __future__ import annotations

import json
import socket
import subprocess

import pytest

from backend.batch.cluster import look
from backend.batch.cluster.how_ray_runs import token_file
from backend.command_line.names import BUILD
from backend.environments.pins import CLUSTER, read_pins
from commands import cluster, setup
from motion.refusal import Refusal


@pytest.fixture
def ray(tmp_path, monkeypatch) -> list[list[str]]:
    """What Ray's program is called with; it succeeds."""
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(cluster, "is_ready", lambda *_: True)
    return says(monkeypatch, 0, "10.0.0.5")


def says(monkeypatch, code: int, text: str, seen: object = None) -> list[list[str]]:
    """Ray's program says `text`, and whoever looks what runs sees `seen`, or fails for None."""
    called: list[list[str]] = []

    def run(command, **how):
        if "backend.batch.cluster.look" in command:
            return subprocess.CompletedProcess(command, int(seen is None), f"a warning\n{json.dumps(seen)}\n", "")
        called.append([str(each) for each in command])
        assert how["env"]["RAY_USAGE_STATS_ENABLED"] == "0"
        return subprocess.CompletedProcess(command, code, text, "")

    monkeypatch.setattr(cluster.subprocess, "run", run)
    return called


@pytest.fixture
def head():
    """Something that listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_without_ray_the_command_that_installs_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    with pytest.raises(Refusal) as refused:
        cluster.run(["status"])
    assert refused.value.mend == f"Run `{BUILD} setup --cluster`."


def test_a_head_starts_with_a_token_and_without_a_page_and_says_how_others_join(ray, capsys):
    assert cluster.run(["start", "--cpus", "3"]) == 0
    started = ray[0]
    assert "--head" in started and started[started.index("--include-dashboard") + 1] == "false"
    assert "--disable-usage-stats" in started and started[started.index("--num-cpus") + 1] == "3"
    said = capsys.readouterr().out
    assert token_file().is_file() and str(token_file()) in said
    assert f"{BUILD} cluster join 10.0.0.5:6379 --token-file FILE" in said


def test_the_address_that_the_user_chose_is_the_one_that_is_said(ray, capsys):
    cluster.run(["start", "--ip", "192.168.7.1", "--port", "7000"])
    assert ray[0][ray[0].index("--node-ip-address") + 1] == "192.168.7.1"
    assert "cluster join 192.168.7.1:7000" in capsys.readouterr().out


def test_a_machine_joins_with_the_heads_token(ray, head, tmp_path):
    (tmp_path / "usb").write_text("secret")
    assert cluster.run(["join", head, "--token-file", str(tmp_path / "usb"), "--gpus", "0"]) == 0
    assert token_file().read_text() == "secret" and token_file().stat().st_mode & 0o077 == 0
    assert ray[0][ray[0].index("--address") + 1] == head and ray[0][ray[0].index("--num-gpus") + 1] == "0"


def test_a_token_that_is_not_there_is_named(ray, head, tmp_path):
    with pytest.raises(Refusal) as refused:
        cluster.run(["join", head, "--token-file", str(tmp_path / "none")])
    assert refused.value.sentence == f"{tmp_path / 'none'} cannot be copied (No such file or directory)."


def test_a_head_that_does_not_answer_is_told_before_ray_tries(ray):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with pytest.raises(Refusal) as refused:
        cluster.run(["join", address])
    assert refused.value.sentence == f"The cluster at {address} could not be joined." and ray == []


@pytest.mark.parametrize("command", ["join", "start"])
def test_a_part_of_a_cluster_gets_no_second_part(ray, head, monkeypatch, command):
    called = says(monkeypatch, 0, "", [head])
    with pytest.raises(Refusal) as refused:
        cluster.run([command, *([head] if command == "join" else [])])
    assert refused.value.sentence == f"This machine is a part of the cluster at {head} already." and called == []


def test_a_machine_of_no_cluster_joins(ray, head, monkeypatch):
    called = says(monkeypatch, 0, "", [])
    assert cluster.run(["join", head]) == 0 and len(called) == 1


def test_the_machines_are_told_line_by_line_with_the_address_for_others(ray, monkeypatch, capsys):
    machine = {"name": "iris", "ip": "10.0.0.5", "is_head": True, "cores": 16.0, "busy_cores": 0.0,
               "memory_bytes": 20 << 30, "cards": 0.0}  # fmt: skip
    others = ({"name": "fern", "ip": "10.0.0.6", "is_head": False, "busy_cores": 3.0, "cards": 1.0},
              {"name": "moss", "ip": "10.0.0.7", "is_head": False, "cores": 0.0})  # fmt: skip
    seen = {"address": "10.0.0.5:6379", "machines": [machine, *(machine | other for other in others)]}
    called = says(monkeypatch, 0, "Ray's own words", seen)
    assert cluster.run(["status"]) == 0 and called == []
    assert capsys.readouterr().out.splitlines() == [
        f"The cluster at 10.0.0.5:6379. Other machines: {BUILD} cluster join 10.0.0.5:6379",
        "  iris (10.0.0.5, head): 16 cores, 20.0 GB of memory; free",
        "  fern (10.0.0.6): 16 cores, 20.0 GB of memory, 1 graphics card; 3 at work",
        "  moss (10.0.0.7): 0 cores, 20.0 GB of memory; only gives out work",
    ]


def test_where_the_machines_cannot_be_told_ray_tells_them(ray, capsys):
    assert cluster.run(["status"]) == 0
    assert capsys.readouterr().out == "10.0.0.5\n"


@pytest.mark.parametrize("address", ["", "10.0.0.5:6379"])
def test_a_dead_head_is_told_without_asking_ray(ray, monkeypatch, address):
    called = says(monkeypatch, 0, "", {"address": address, "machines": []})
    with pytest.raises(Refusal) as refused:
        cluster.run(["status"])
    assert refused.value.sentence == f"No cluster answers{' at ' * bool(address)}{address}." and called == []


def test_looking_where_nothing_listens_does_not_wait_for_ray(monkeypatch, capsys):
    monkeypatch.setattr(look, "answers", lambda _: False)
    monkeypatch.setattr("sys.argv", ["look", "--machines", "10.0.0.5:6379"])
    look.main()
    assert json.loads(capsys.readouterr().out) == {"address": "10.0.0.5:6379", "machines": []}


@pytest.mark.parametrize("said, told", [
    ("Did not find any active Ray processes.", "No cluster runs on this machine; nothing had to end."),
    ("Stopped all 6 Ray processes.", "This machine has left the cluster; all of Ray that ran here has ended."),
])  # fmt: skip
def test_leaving_says_whether_anything_ran(ray, monkeypatch, capsys, said, told):
    says(monkeypatch, 0, said)
    assert cluster.run(["stop"]) == 0
    assert capsys.readouterr().out.strip() == told


@pytest.mark.parametrize("words, said, code", [
    (["start"], "ConnectionError: Ray is trying to start at 10.0.0.5:6379, but is already running", "runs-already"),
    (["start"], "something else", "not-started"),
    (["join"], "Unauthenticated: token is missing", "other-token"),
    (["join"], "something else", "no-cluster"),
    (["status"], "no", "no-cluster"),
    (["stop"], "no", "not-stopped"),
])  # fmt: skip
def test_what_ray_says_is_told_in_our_words(ray, head, monkeypatch, words, said, code):
    says(monkeypatch, 1, said)
    with pytest.raises(Refusal) as refused:
        cluster.run([*words, *([head] if words == ["join"] else [])])
    assert refused.value.code == code


@pytest.mark.parametrize("system, machine, exists", [
    ("darwin", "x86_64", False), ("darwin", "arm64", True), ("linux", "x86_64", True), ("win32", "AMD64", True),
])  # fmt: skip
def test_where_nobody_builds_ray_setup_says_so(monkeypatch, system, machine, exists):
    monkeypatch.setattr(setup.sys, "platform", system)
    monkeypatch.setattr(setup.platform, "machine", lambda: machine)
    if exists:
        return setup.check_ray_exists()
    with pytest.raises(Refusal, match="^There is no build of Ray for Macs with Intel processors"):
        setup.check_ray_exists()


@pytest.mark.parametrize("is_there", [True, False])
def test_setup_says_that_ray_is_there_already(monkeypatch, capsys, is_there):
    monkeypatch.setattr(setup, "is_ready", lambda *_: is_there)
    setup.tell_of_ray()
    assert capsys.readouterr().err == (f"Ray {setup.ray_version()} is installed for clusters already.\n") * is_there


def test_the_cluster_is_pinned_to_one_version_of_everything_that_the_backend_has_too():
    backend = dict(each.partition(";")[0].strip().split("==") for each in read_pins("backend").requirements)
    ours = dict(each.split("==") for each in read_pins(CLUSTER).requirements)
    assert ours["ray"] and {name for name in ours if ours[name] != backend.get(name, ours[name])} == set()
