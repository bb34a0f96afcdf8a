"""One at a time: the lock of a file, as this system keeps it and as Windows does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from motion import file_lock
from tests.windows import ByteLocks, as_on_windows

HOLDER = """
import sys, time
from motion.file_lock import taken
stream = open(sys.argv[1], "ab")
print(taken(stream), flush=True)
time.sleep(60)
"""


@pytest.fixture(params=["here", "windows"])
def locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    if request.param == "here":
        return file_lock
    return as_on_windows("motion/file_lock.py", monkeypatch, msvcrt=ByteLocks())


def test_one_at_a_time(locks: ModuleType, tmp_path: Path):
    with open(tmp_path / "lock", "ab") as one, open(tmp_path / "lock", "ab") as other:
        assert locks.taken(one) and not locks.taken(other) and locks.is_held(tmp_path / "lock")
        locks.given_back(one)
        assert not locks.is_held(tmp_path / "lock")
        assert locks.taken(other)
        locks.given_back(other)


def test_to_look_takes_nothing_and_needs_no_file(locks: ModuleType, tmp_path: Path):
    assert not locks.is_held(tmp_path / "lock")
    (tmp_path / "lock").write_text("4711")   # of a process that was killed, whose number another one may have
    assert not locks.is_held(tmp_path / "lock") and not locks.is_held(tmp_path / "lock")
    with open(tmp_path / "lock", "r+b") as stream:
        assert locks.taken(stream)
        locks.given_back(stream)


def test_the_number_of_who_holds_it_can_be_read(locks: ModuleType, tmp_path: Path):
    with open(tmp_path / "lock", "w+b", buffering=0) as stream:
        assert locks.taken(stream)
        stream.seek(0)
        stream.write(b"4711")
        assert (tmp_path / "lock").read_bytes() == b"4711"
        locks.given_back(stream)


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "lock")], cwd=Path(__file__).parents[2],
                              stdout=subprocess.PIPE)  # fmt: skip
    assert holder.stdout is not None and holder.stdout.readline().strip() == b"True"
    assert file_lock.is_held(tmp_path / "lock")
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert not file_lock.is_held(tmp_path / "lock")


def test_where_a_disk_has_no_locks_everybody_may_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    class NoLocks(ByteLocks):
        def locking(self, handle: int, how: int, length: int) -> None:
            raise OSError(22, os.strerror(22))

    with open(tmp_path / "lock", "ab") as stream:
        assert as_on_windows("motion/file_lock.py", monkeypatch, msvcrt=NoLocks()).taken(stream)
