"""Files that appear whole or not at all, also where others have them open."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from motion import whole_files
from motion.refusal import Refusal
from motion.whole_files import put_in_place, remove, unwritable, written_whole
from tests.windows import busy


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(whole_files, "TRY_EVERY_S", 0.001)
    monkeypatch.setattr(whole_files, "PATIENCE_S", 0.1)
    return monkeypatch


def test_a_file_that_somebody_reads_is_replaced_when_he_is_done(tmp_path: Path, windows: pytest.MonkeyPatch):
    (tmp_path / "result.json").write_text("before")
    windows.setattr(os, "replace", busy(2, os.replace))
    with written_whole(tmp_path / "result.json", "w") as stream:
        stream.write("after")
    assert (tmp_path / "result.json").read_text() == "after"
    assert os.listdir(tmp_path) == ["result.json"]


def test_a_file_that_stays_open_is_named_with_what_to_do(tmp_path: Path, windows: pytest.MonkeyPatch):
    (tmp_path / "proxy.mp4").write_text("before")
    windows.setattr(os, "replace", busy(10**9, os.replace))
    with pytest.raises(Refusal) as refusal, written_whole(tmp_path / "proxy.mp4") as stream:
        stream.write(b"after")
    assert str(refusal.value) == (
        f"proxy.mp4 could not be written to {tmp_path} (Access is denied). "
        "Close the programs that have it open, or choose a folder that you may write to."
    )
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("proxy.mp4", "before")]


def test_a_film_that_blender_shows_may_stay_where_the_new_one_is_the_same(tmp_path: Path, windows: pytest.MonkeyPatch):
    for name in ("new", "proxy.mp4"):
        (tmp_path / name).write_bytes(b"\0film")
    windows.setattr(os, "replace", busy(10**9, os.replace))
    put_in_place(tmp_path / "new", tmp_path / "proxy.mp4")
    assert os.listdir(tmp_path) == ["proxy.mp4"]


def test_a_file_that_somebody_reads_is_removed_when_he_is_done(tmp_path: Path, windows: pytest.MonkeyPatch):
    (tmp_path / "cancel").touch()
    windows.setattr(os, "unlink", busy(2, os.unlink))
    windows.setattr(Path, "unlink", busy(2, Path.unlink))
    remove(tmp_path / "cancel")
    remove(tmp_path / "cancel")
    assert not os.listdir(tmp_path)


def test_what_is_not_there_need_not_be_removed_from_a_disk_that_is_only_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    (tmp_path / "there").touch()
    monkeypatch.setattr(Path, "unlink", refused)
    remove(tmp_path / "cancel")
    with pytest.raises(OSError, match=os.strerror(errno.EROFS)):
        remove(tmp_path / "there")


def test_other_systems_say_at_once_that_it_may_not_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "replace", busy(1, os.replace))
    with pytest.raises(Refusal, match="a could not be written"), written_whole(tmp_path / "a"):
        pass


def test_texts_have_the_same_bytes_on_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "linesep", "\r\n")
    with written_whole(tmp_path / "a.json", "w") as stream:
        stream.write("[\n 1\n]")
    assert (tmp_path / "a.json").read_bytes() == b"[\n 1\n]"
    assert stream.newlines is None and stream.encoding == "utf-8"


def test_a_name_that_is_too_long_is_said_in_words(tmp_path: Path):
    with pytest.raises(Refusal) as refusal, written_whole(tmp_path / ("日" * 90 + ".json")):
        pass
    assert refusal.value.code == "long-name"
    assert str(refusal.value).startswith(f"The name {'日' * 40}... is too long for its folder {tmp_path}. ")


@pytest.mark.parametrize("folders, code", [(1, "unwritable"), (9, "long-name")])
def test_windows_says_of_a_path_that_is_too_long_that_it_is_not_there(
    windows: pytest.MonkeyPatch, folders: int, code: str
):
    path = Path("take", *["a folder of thirty letters ...."] * folders, "motion.npz")
    assert unwritable(path, FileNotFoundError(errno.ENOENT, "The system cannot find the path")).code == code
