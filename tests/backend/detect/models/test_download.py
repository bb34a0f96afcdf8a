"""A download goes on where it broke off, begins anew where it must, and never joins two files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backend.detect.models.download import SourceError, download
from motion.refusal import Refusal
from tests.backend.detect.models.made_up_store import store

DATA = os.urandom(5000)


def test_a_whole_file_comes_at_once(tmp_path: Path):
    with store({"/a": DATA}) as found:
        download(f"{found.address}/a", tmp_path / "a.part")
    assert (tmp_path / "a.part").read_bytes() == DATA and found.ranges == []


def test_after_each_break_the_rest_is_asked_for(tmp_path: Path):
    with store({"/a": DATA}, bytes_a_connection=2000) as found:
        download(f"{found.address}/a", tmp_path / "a.part")
    assert (tmp_path / "a.part").read_bytes() == DATA
    assert found.ranges == ["bytes=2000-", "bytes=4000-"] and found.bytes_sent == len(DATA)


def test_the_beginning_of_an_earlier_run_is_kept(tmp_path: Path):
    with store({"/a": DATA}, bytes_a_connection=2000, connections=1) as found:
        with pytest.raises(SourceError, match="could not be reached|broke off after 0.0 MB"):
            download(f"{found.address}/a", tmp_path / "a.part")
    assert (tmp_path / "a.part").read_bytes() == DATA[:2000]
    with store({"/a": DATA}) as found:
        download(f"{found.address}/a", tmp_path / "a.part")
    assert (tmp_path / "a.part").read_bytes() == DATA and found.bytes_sent == 3000


def test_a_file_that_had_come_whole_is_not_sent_again(tmp_path: Path):
    (tmp_path / "a.part").write_bytes(DATA)
    with store({"/a": DATA}) as found:
        download(f"{found.address}/a", tmp_path / "a.part")
    assert (tmp_path / "a.part").read_bytes() == DATA and found.bytes_sent == 0


def test_a_longer_file_than_there_is_begins_anew(tmp_path: Path):
    (tmp_path / "a.part").write_bytes(DATA + b"more")
    with store({"/a": DATA}) as found:
        download(f"{found.address}/a", tmp_path / "a.part")
    assert (tmp_path / "a.part").read_bytes() == DATA


def test_a_server_without_ranges_sends_all_again(tmp_path: Path):
    (tmp_path / "a.part").write_bytes(b"x" * 2000)
    with store({"/a": DATA}, knows_ranges=False) as found:
        download(f"{found.address}/a", tmp_path / "a.part")
    assert (tmp_path / "a.part").read_bytes() == DATA and found.ranges == ["bytes=2000-"]


def test_a_server_without_ranges_that_always_breaks_is_given_up(tmp_path: Path):
    with store({"/a": DATA}, bytes_a_connection=2000, knows_ranges=False) as found:
        with pytest.raises(SourceError, match="127.0.0.1:[0-9]+ broke off after 0.0 MB"):
            download(f"{found.address}/a", tmp_path / "a.part")
    assert len(found.ranges) == 1


def test_what_the_server_says_is_the_reason(tmp_path: Path):
    with store({}) as found:
        with pytest.raises(SourceError, match="127.0.0.1:[0-9]+ says 404 Not Found"):
            download(f"{found.address}/a", tmp_path / "a.part")
    with pytest.raises(SourceError, match="127.0.0.1:[0-9]+ could not be reached .*refused"):
        download(f"{found.address}/a", tmp_path / "a.part")


def test_a_folder_that_is_not_there_is_refused_and_not_the_servers_fault(tmp_path: Path):
    with store({"/a": DATA}) as found:
        with pytest.raises(Refusal, match="a.part could not be written to"):
            download(f"{found.address}/a", tmp_path / "gone" / "a.part")
