"""`train`: which steps several processes may do together."""

from __future__ import annotations

import pytest

from backend.__main__ import main
from backend.command_line.train import STEPS
from motion.job import DONE, USER_CAN_MEND

WORDS = {"bank": ("--out", "bank")}


@pytest.mark.parametrize("name", [step.name for step in STEPS if step.name != "lifter"])
def test_what_is_the_work_of_one_process_is_refused_to_several_by_the_first(name: str, monkeypatch, capsys) -> None:
    monkeypatch.setenv("WORLD_SIZE", "3")
    for number, code in ((0, USER_CAN_MEND), (1, DONE), (2, DONE)):
        monkeypatch.setenv("RANK", str(number))
        assert main(["train", name, "nothing", *WORDS.get(name, ())]) == code
    said = capsys.readouterr()
    assert said.err == f"3 processes were started, and train {name} is the work of one. Start it without torchrun.\n"
    assert not said.out
