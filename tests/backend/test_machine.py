"""What the machine has, and what a container or a farm lets us have of it."""

from pathlib import Path

import pytest

from backend import machine


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(machine, "CONTROL_GROUPS", tmp_path)
    monkeypatch.setattr(machine, "OUR_GROUPS", tmp_path / "ours")
    monkeypatch.setattr(machine, "available_cores", lambda: 8)
    monkeypatch.setattr(machine, "_installed_bytes", lambda: 64 << 30)
    return tmp_path


def put(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_without_limits_it_is_all_of_it(groups):
    assert (machine.memory_bytes(), machine.cores()) == (64 << 30, 8)
    put(groups, memory__max="max\n", cpu__max="max 100000\n")
    assert (machine.memory_bytes(), machine.cores()) == (64 << 30, 8)


def test_a_container_of_the_second_version_counts(groups):
    put(groups, memory__max=f"{4 << 30}\n", cpu__max="250000 100000\n", ours="0::/\n")
    assert (machine.memory_bytes(), machine.cores()) == (4 << 30, 2)


def test_the_job_of_a_farm_counts_with_all_groups_around_it(groups):
    put(groups, ours="0::/slurm/job_7/step_0\n")
    put(groups / "slurm/job_7/step_0", memory__max="max\n", cpu__max="400000 100000\n")
    put(groups / "slurm/job_7", memory__max=f"{16 << 30}\n")
    put(groups / "slurm/job_8", memory__max=f"{1 << 30}\n")
    assert (machine.memory_bytes(), machine.cores()) == (16 << 30, 4)


def test_a_container_of_the_first_version_counts(groups):
    put(groups, ours="4:memory:/docker/abc\n2:cpu:/docker/abc\n")
    put(groups / "memory", memory__limit_in_bytes=f"{2 << 30}\n")   # where the host's groups are not seen
    put(groups / "cpu/docker/abc", cpu__cfs_quota_us="50000\n", cpu__cfs_period_us="100000\n")
    assert (machine.memory_bytes(), machine.cores()) == (2 << 30, 1)
    put(groups / "cpu/docker/abc", cpu__cfs_quota_us="-1\n")
    assert machine.cores() == 8


def test_a_machine_that_says_nothing_has_unknown_memory(groups, monkeypatch):
    monkeypatch.setattr(machine, "_installed_bytes", lambda: 0)
    assert machine.memory_bytes() == 0
