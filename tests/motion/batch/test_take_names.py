"""Names of takes are folders everywhere."""

from __future__ import annotations

import ntpath
import re
import unicodedata
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.batch import take_names
from motion.batch.take_names import Draft, named, safe_name

anything = st.text(max_size=200) | st.text('ab. <>:"/\\|?*\x00\x1f~-', max_size=8)


@given(anything)
def test_a_name_holds_on_every_system(text) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= 81
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name) and name[0] not in " ." and name[-1] not in " ."
    assert name == unicodedata.normalize("NFC", name) == safe_name(name)


@pytest.mark.parametrize("text, name", [
    ("CON", "_CON"), ("nul.take", "_nul.take"), ("com1 .x", "_com1 .x"), ("COM¹", "_COM¹"), ("console", "console"),
    ("com10", "com10"), ("Batch.json", "_Batch.json"), ("lock", "_lock"), ("report.html", "_report.html"),
    ("", "take"), ("...", "take"), (" walk. ", "walk"), ("../../etc", "_.._etc"), ("a\ud800b", "a_b"), ("é", "é"),
])  # fmt: skip
def test_names_that_somebody_keeps_for_himself_are_changed(text, name) -> None:
    assert safe_name(text) == name


@given(st.lists(st.text("aAbBéE_", max_size=3), min_size=1, max_size=12))
def test_no_two_takes_share_a_folder_and_order_changes_no_name(texts) -> None:
    drafts = [Draft((text, f"{text}_mp4"), (f"/shoot/{number}.mp4",)) for number, text in enumerate(texts)]
    takes = named(drafts, "/shoot")
    assert len({unicodedata.normalize("NFC", take.name.casefold()) for take in takes}) == len(takes)
    assert sorted(named(drafts[::-1], "/shoot"), key=lambda take: take.clips) == sorted(takes, key=lambda t: t.clips)
    assert all(take.name == safe_name(text) for take, text in zip(takes, texts, strict=True)
               if sum(other.casefold() == text.casefold() for other in texts) == 1)  # fmt: skip


def test_clips_on_several_drives_of_windows_have_names_too(monkeypatch) -> None:
    monkeypatch.setattr(take_names, "os", SimpleNamespace(path=ntpath, sep="\\"))
    near, far, farther = (f"{folder}\\walk.mp4" for folder in (r"C:\shoot\monday", r"D:\monday", r"\\nas\shoot\monday"))
    takes = named([Draft(("walk",), (clip,)) for clip in (near, far, farther)], r"C:\shoot")
    assert len({take.name for take in takes}) == 3
    there = named([Draft(("walk",), (clip.replace("C:", "E:"),)) for clip in (near, far, farther)], r"E:\shoot")
    assert [take.name for take in there] == [take.name for take in takes]
