"""Names of files that every system can write."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from mambocap.addon.export.file_names import numbered, refuse_bad_name, safe_name
from mambocap.motion.refusal import Refusal


@pytest.mark.parametrize("name", ["a/b", "what?", "a\tb", 'say "hi"', "nul", "COM1.take", " . ", "", "Kür: 日本"])
def test_a_safe_name_is_one_that_is_not_refused(tmp_path, name):
    refuse_bad_name(tmp_path / f"{safe_name(name)}.fbx")


def test_a_good_name_stays(tmp_path):
    assert safe_name("Kür 日本 - Person 1") == "Kür 日本 - Person 1"


def test_what_is_one_file_on_windows_and_macos_gets_a_number(tmp_path):
    assert numbered(tmp_path / "walk.fbx", {tmp_path / "Walk.fbx"}) == tmp_path / "walk 2.fbx"
    apart = unicodedata.normalize("NFD", "Kür.fbx")
    assert numbered(tmp_path / apart, {tmp_path / "Kür.fbx"}).stem.endswith(" 2")


@pytest.mark.parametrize("name", ["con.fbx", "a:b.fbx", " .fbx", "a|b.fbx", "a" * 250 + ".fbx"])
def test_what_a_system_cannot_write_is_refused(tmp_path, name):
    with pytest.raises(Refusal) as refusal:
        refuse_bad_name(tmp_path / name)
    assert refusal.value.code == "bad-name"


def test_numbers_pass_over_what_is_there_and_what_was_just_given(tmp_path):
    path = tmp_path / "a.fbx"
    assert numbered(path, set()) == path
    path.touch()
    assert numbered(path, set()) == tmp_path / "a 2.fbx"
    assert numbered(path, {tmp_path / "a 2.fbx"}) == tmp_path / "a 3.fbx"
    assert numbered(Path(tmp_path / "b.fbx"), {tmp_path / "b.fbx"}) == tmp_path / "b 2.fbx"
