"""What an archive of others may announce, before it takes memory."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from motion.open_archive import DAMAGED, TooMuch, announced, opened

MOST_BYTES = 10_000


def write(path: Path, data: bytes, way: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", way) as archive:
        archive.writestr("a.npy", data)
    return path


def npy(head: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head


def test_shape_and_kind_are_known_without_the_array(tmp_path: Path) -> None:
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 3), }\n"
    with opened(write(tmp_path / "a.npz", npy(head)), MOST_BYTES) as archive:
        assert announced(archive, "a") == ((10**12, 3), np.dtype("<f8"))


@pytest.mark.parametrize("head", [b"{'descr': \n", b"((((\n", b'"""\n', b"1\n", b"\xff\n", b"{'descr': '|O'}\n", b""])
def test_a_broken_head_is_one_of_the_errors_of_damage(tmp_path: Path, head: bytes) -> None:
    with pytest.raises(DAMAGED), opened(write(tmp_path / "a.npz", npy(head)), MOST_BYTES) as archive:
        announced(archive, "a")
    with pytest.raises(DAMAGED), opened(tmp_path / "a.npz", MOST_BYTES) as archive:
        archive["a"]


def test_more_than_agreed_is_not_unpacked(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.save(stream, np.zeros(MOST_BYTES))
    with pytest.raises(TooMuch), opened(write(tmp_path / "a.npz", stream.getvalue(), zipfile.ZIP_DEFLATED), MOST_BYTES):
        pass


def test_ways_of_packing_that_unpack_to_more_than_they_say_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DAMAGED), opened(write(tmp_path / "a.npz", b"", zipfile.ZIP_LZMA), MOST_BYTES):
        pass
