"""Which device is chosen, and what happens when its memory runs out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from backend.device import ON_TO_THE_CPU, SMALLER_BATCHES, choose_device, in_batches
from motion.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


class SmallCard:
    """Squares numbers; a batch of more than `room` of them really runs out of memory anywhere but on the CPU."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.calls: list[tuple[list[int], str]] = []

    def __call__(self, batch: range, device: str) -> list[int]:
        if device != "cpu" and len(batch) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        self.calls.append((list(batch), device))
        return [number**2 for number in batch]


def run(card: SmallCard, count: int, batch_size: int, device: str = "cuda") -> tuple[list[int], list[str]]:
    told: list[str] = []
    results = [result for batch in in_batches(card, range(count), device, batch_size, told.append) for result in batch]
    return results, told


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 23])
@pytest.mark.parametrize("room", [0, 1, 3, 8, 100])
def test_whatever_the_memory_the_results_are_all_there_in_order(count, room):
    assert run(SmallCard(room), count, 8)[0] == [number**2 for number in range(count)]


def test_a_card_with_room_gets_whole_batches_and_nothing_is_said():
    card = SmallCard(room=8)
    _, told = run(card, 20, 8)
    assert [len(batch) for batch, _ in card.calls] == [8, 8, 4]
    assert told == []


def test_a_smaller_card_gets_smaller_batches_and_it_is_said_once():
    card = SmallCard(room=3)
    _, told = run(card, 7, 12)
    assert [(len(batch), device) for batch, device in card.calls] == [(3, "cuda"), (3, "cuda"), (1, "cuda")]
    assert told == [SMALLER_BATCHES]


def test_a_card_without_room_for_one_hands_the_rest_to_the_cpu_in_whole_batches():
    card = SmallCard(room=0)
    _, told = run(card, 20, 8)
    assert [(len(batch), device) for batch, device in card.calls] == [(8, "cpu"), (8, "cpu"), (4, "cpu")]
    assert told == [SMALLER_BATCHES, ON_TO_THE_CPU]


def test_what_is_finished_is_not_computed_again_when_the_memory_runs_out_later():
    class FillingCard(SmallCard):
        def __call__(self, batch: range, device: str) -> list[int]:
            self.room = 8 if batch.start < 16 else 0
            return super().__call__(batch, device)

    card = FillingCard(room=8)
    results, _ = run(card, 40, 8)
    computed = [number for batch, _ in card.calls for number in batch]
    assert computed == list(range(40))
    assert [device for _, device in card.calls] == ["cuda", "cuda", "cpu", "cpu", "cpu"]
    assert results == [number**2 for number in range(40)]


def test_other_errors_of_the_card_are_bugs_and_pass():
    def broken(batch: range, device: str) -> None:
        raise RuntimeError("CUDA error: device-side assert triggered")

    with pytest.raises(RuntimeError, match="device-side assert"):
        list(in_batches(broken, range(4), "cuda", 2, lambda message: None))


def test_the_messages_are_one_sentence_each():
    for message in (SMALLER_BATCHES, ON_TO_THE_CPU):
        assert message.count(".") == 1 and message.endswith(".")


def test_auto_takes_cuda_exactly_where_torch_sees_it():
    assert choose_device("auto") == ("cuda" if torch.cuda.is_available() else "cpu")
    assert choose_device("cpu") == "cpu"


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_cuda_without_a_card_is_refused():
    with pytest.raises(Refusal) as refused:
        choose_device("cuda")
    assert refused.value.code == "no-cuda"
    assert refused.value.sentence == (
        "Device cuda was asked for, but no NVIDIA card that the backend can use was found."
    )


def test_an_unknown_device_is_refused_with_the_known_ones():
    with pytest.raises(Refusal) as refused:
        choose_device("gpu")
    assert refused.value.sentence == "There is no device called gpu."
    assert refused.value.mend == "Choose one of auto, cuda, cpu."


def test_choosing_the_cpu_and_importing_the_skinning_do_not_wait_for_torch():
    program = (
        "import sys; import backend.body.skinning; from backend.device import choose_device; "
        "choose_device('cpu'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
