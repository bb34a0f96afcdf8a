"""What a lifter's configuration may say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.lift.network.configuration import (
    FOLDER,
    LifterConfiguration,
    configuration_from,
    read_configuration,
)  # fmt: skip
from backend.lift.network.lifter import Lifter
from motion.refusal import Refusal


@pytest.mark.parametrize("name", ["cpu.json", "gpu.json"])
def test_both_sizes_are_built_from_the_same_blocks(name: str) -> None:
    wanted = read_configuration(FOLDER / name)
    assert configuration_from(wanted.to_dict()) == wanted
    assert {key.split(".")[0] for key in Lifter(wanted).state_dict()} == {
        key.split(".")[0] for key in Lifter(LifterConfiguration(width=32, blocks=1)).state_dict()}


@pytest.mark.parametrize("value, words", [
    ({"widht": 64}, "no widht of 64"),
    ({"width": "64"}, "no width of '64'"),
    ({"width": True}, "no width of True"),
    ({"bone_tokens": 1}, "no bone_tokens of 1"),
    ({"width": 0}, "a width of 0"),
    ({"head_width": -4}, "a head_width of -4"),
    ({"blocks": 10**9}, "such a blocks"),
    ({"width": 10**6}, "such a width"),
    ([1, 2], "not a table"),
    ({"over_time": "magic"}, "mix frames by \"magic\""),
])  # fmt: skip
def test_unknown_names_and_values_of_another_kind_are_refused(value: dict, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        configuration_from(value)


@pytest.mark.parametrize("text", ["", "{", "\x00", json.dumps({"width": None})])
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.json").write_text(text)
    with pytest.raises(Refusal):
        read_configuration(tmp_path / "mine.json")
