"""What one process of several does where no other is needed to see it."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
import torch

from backend.train import processes
from backend.train.part import Part
from backend.train.processes import ALONE, Processes, joined_processes
from motion.job import CANCELLED
from motion.refusal import Refusal


@pytest.fixture
def second(monkeypatch) -> Iterator[None]:
    """As torchrun starts the second of two, which are not really brought together."""
    for name, value in {"WORLD_SIZE": "2", "RANK": "1", "LOCAL_RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(processes.dist, "init_process_group", lambda *_, **__: None)
    monkeypatch.setattr(processes.dist, "destroy_process_group", lambda: None)
    monkeypatch.setattr(processes.dist, "all_reduce", _gone)


def _gone(_: torch.Tensor) -> None:
    raise RuntimeError("connection closed by peer")


def test_alone_nothing_is_started_and_nothing_changes() -> None:
    with joined_processes() as together:
        assert together is ALONE and not torch.distributed.is_initialized()
    values = torch.arange(3.0)
    assert ALONE.summed(values) is values and ALONE.agreed_share(0.3) == 0.3 and ALONE.from_first(lambda: 5) == 5
    assert ALONE.part(7) == Part(0, 7, 7) and ALONE.device("cpu") == "cpu"


def test_a_batch_without_a_row_for_each_is_refused() -> None:
    assert [Processes(number, 3).part(7).rows for number in range(3)] == [2, 2, 3]
    with pytest.raises(Refusal, match=r"A batch of 2 cannot be shared by 3 processes\. Choose --batch 3 or more"):
        Processes(0, 3).part(2)


@pytest.mark.parametrize(("on_machine", "device"), [(0, "cuda:0"), (1, "cuda:1")])
def test_each_process_of_a_machine_has_a_card(monkeypatch, on_machine: int, device: str) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    assert Processes(4 + on_machine, 6, on_machine).device("auto") == device and chosen == [on_machine]
    with pytest.raises(Refusal, match="This machine has 2 graphics cards, fewer than processes to train"):
        Processes(3, 6, 2).device("cuda")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_to_be_interrupted_waits_for_the_end_of_a_step_and_the_second_is_silent(second, sent: signal.Signals) -> None:
    before = signal.getsignal(sent)
    with pytest.raises(SystemExit) as ended, joined_processes() as together:
        signal.raise_signal(sent)
        signal.raise_signal(sent)
        assert together._interrupted.is_set() and together.number == together.on_machine == 1
        raise KeyboardInterrupt
    assert ended.value.code == CANCELLED and signal.getsignal(sent) is before


@pytest.mark.parametrize("others", [["a", "a"], ["b", "a"]])
def test_who_has_other_files_than_the_first_is_told_by_the_first(monkeypatch, others: list[str]) -> None:
    def gathered(into: list[str], _: str) -> None:
        into[:] = others

    monkeypatch.setattr(processes.dist, "all_gather_object", gathered)
    if others[0] == others[1]:
        Processes(0, 2).check_alike("a")
    else:
        with pytest.raises(Refusal, match="Process 1 has other options, files or devices than process 0"):
            Processes(0, 2).check_alike("b")
        monkeypatch.setattr(processes.dist, "all_reduce", _gone)
        with pytest.raises(SystemExit):
            Processes(1, 2).check_alike("a")
