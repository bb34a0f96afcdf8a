"""Knowing a file again."""

from __future__ import annotations

import pytest

from backend.video.fingerprint import fingerprint


@pytest.mark.parametrize("size", [0, 5, 100, 150, 1000])
@pytest.mark.parametrize("changed", [0, -1])
def test_each_end_and_the_size_matter(tmp_path, size, changed):
    path = tmp_path / "a.mp4"
    content = bytearray(range(256)) * 4
    path.write_bytes(content[:size])
    before, byte_count = fingerprint([path], end_bytes=100)
    assert byte_count == size
    path.write_bytes(content[: size + 1])
    assert fingerprint([path], end_bytes=100)[0] != before
    if size:
        altered = content[:size]
        altered[changed] ^= 1
        path.write_bytes(altered)
        assert fingerprint([path], end_bytes=100)[0] != before


def test_the_name_does_not_matter(tmp_path):
    (tmp_path / "a").write_bytes(b"walk")
    (tmp_path / "b").write_bytes(b"walk")
    assert fingerprint([tmp_path / "a"], 100) == fingerprint([tmp_path / "b"], 100)
