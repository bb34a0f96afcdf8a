"""Work that ends with the process that asked for it, as this system says that it has and as Windows does."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend.job import parent_process
from backend.job.parent_process import lives, stop_with
from tests.windows import Kernel, kernel_of

A_DAY_S = 86400.0   # of grace, after which the tests would end


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent_process, "LOOK_EVERY_S", 0.001)


@pytest.fixture
def kernel(quick: None, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel, windll = kernel_of(4711)
    monkeypatch.setattr(ctypes, "windll", windll, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return kernel


def test_windows_says_who_lives(kernel: Kernel):
    assert lives(4711) and not lives(4712)
    assert kernel.closed == kernel.opened == [4711]


def test_on_windows_a_dead_parent_is_seen_although_its_number_is_told_on(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "getppid", lambda: 4711)   # for good, as there
    looks: list[int] = []
    kernel.while_waiting = lambda: looks.append(1) if len(looks) < 3 else kernel.alive.discard(4711)
    stop = threading.Event()
    stop_with(4711, stop, A_DAY_S)
    assert stop.wait(10.0)
    assert kernel.opened == kernel.closed == [4711] and len(looks) == 3   # kept open, so that its number stays its own


def test_a_parent_on_windows_that_is_gone_already(kernel: Kernel):
    stop = threading.Event()
    stop_with(4712, stop, A_DAY_S)
    assert stop.wait(10.0)


def test_the_end_of_another_process_is_seen(quick: None):
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stop = threading.Event()
    stop_with(other.pid, stop, A_DAY_S)
    assert lives(other.pid) and not stop.wait(0.05)
    other.communicate()
    assert stop.wait(10.0) and not lives(other.pid)


CHILD = """
import sys, threading
from backend.job import parent_process
parent_process.LOOK_EVERY_S = 0.01
stop = threading.Event()
parent_process.stop_with(int(sys.argv[1]), stop)
print("waits", flush=True)
stop.wait(20.0)
open(sys.argv[2], "w").write(str(stop.is_set()))
"""
PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid()), sys.argv[2]], stdout=subprocess.PIPE)
child.stdout.readline()
os._exit(1)
"""


def test_a_child_sees_the_end_of_its_parent(tmp_path: Path):
    said = tmp_path / "said"
    subprocess.run([sys.executable, "-c", PARENT, CHILD, str(said)], cwd=Path(__file__).parents[3], check=False)
    for _ in range(2000):
        if said.exists() and said.read_text():
            break
        threading.Event().wait(0.01)
    assert said.read_text() == "True"
