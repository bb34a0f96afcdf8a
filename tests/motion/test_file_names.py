"""Names that Windows, macOS and Linux all take, and those that are one file there and two here."""

from __future__ import annotations

import unicodedata
from pathlib import PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motion.file_names import is_device, portable_name, same_somewhere


@given(st.text(max_size=80), st.integers(8, 200))
@example("aux.mp4", 80)
@example("walk .", 80)
@example("a:b\\c/d", 80)
@example("日" * 80, 20)
@example("COM1", 80)
def test_a_portable_name_is_one_folder_on_every_system(text: str, longest: int):
    name = portable_name(text, longest)
    if name:
        assert PureWindowsPath("C:/takes", name).name == name
        assert not is_device(name) and not name.endswith((".", " "))
        assert len(name.encode()) <= longest + 1
        assert unicodedata.is_normalized("NFC", name)
        assert portable_name(name, longest + 1) == name


@pytest.mark.parametrize("name", ["Kür 日本", "take 10", "anna-maria_2", "conan", "auxiliary.mp4"])
def test_a_good_name_stays(name: str):
    assert portable_name(name, 80) == name


@pytest.mark.parametrize("name", ["con", "Aux", "NUL.txt", "com9.take 2", "lpt¹", "aux .mp4"])
def test_names_of_devices_are_known(name: str):
    assert is_device(name)


def test_names_that_differ_by_case_or_by_how_letters_are_put_together_are_one_file_somewhere():
    assert same_somewhere("Walk") == same_somewhere("walk") != same_somewhere("walk 2")
    assert same_somewhere("Kür") == same_somewhere(unicodedata.normalize("NFD", "kür"))
