"""The film has the pictures, rate and size that it was given, or does not exist."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from backend.preview.write_film import written_film
from backend.progress import Cancelled
from motion.refusal import Refusal

SMALL_DISK_BYTES = 64 * 1024


def write(path: Path, pictures: list[np.ndarray], rate: Fraction = Fraction(25)) -> None:
    height, width = pictures[0].shape[:2]
    with written_film(path, rate, width, height) as append:
        for picture in pictures:
            append(picture)


def noise(count: int) -> list[np.ndarray]:
    return list(np.random.default_rng(2).integers(0, 255, (count, 240, 320, 3), dtype=np.uint8))


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(12), Fraction(24000, 1001), Fraction(240)])
@pytest.mark.parametrize("count", [1, 37])
def test_count_rate_and_size_are_exact(tmp_path, rate, count):
    path = tmp_path / "made.mp4"
    write(path, [np.full((74, 130, 3), 5 * k, dtype=np.uint8) for k in range(count)], rate)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert (stream.width, stream.height, stream.codec_context.pix_fmt) == (130, 74, "yuv420p")
        assert [frame.pts * frame.time_base for frame in frames] == [k / rate for k in range(count)]
        assert stream.average_rate == rate


@pytest.mark.parametrize("colour", [(242, 148, 62), (20, 90, 200), (250, 250, 250), (10, 10, 10)])
def test_colours_come_back(tmp_path, colour):
    path = tmp_path / "made.mp4"
    write(path, [np.full((48, 64, 3), colour, dtype=np.uint8)] * 3)
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    np.testing.assert_allclose(picture[24, 32], colour, atol=4)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES}", "tmpfs", str(folder)]
    is_root = sys.platform == "linux" and os.geteuid() == 0
    if not is_root or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs Linux and root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_refused_in_words_and_nothing_is_left(small_disk):
    with pytest.raises(Refusal) as refused:
        write(small_disk / "preview.mp4", noise(40))
    assert refused.value.code == "disk-full"
    assert refused.value.sentence == f"The disk is full: preview.mp4 could not be written to {small_disk}."
    assert list(small_disk.iterdir()) == []


def test_a_file_that_may_not_grow_is_refused_in_words_and_nothing_is_left(tmp_path):
    resource = pytest.importorskip("resource", reason="Windows limits no file's size")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK_BYTES, before[1]))
    try:
        with pytest.raises(Refusal) as refused:
            write(tmp_path / "preview.mp4", noise(40))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refused.value.sentence == f"The disk is full: preview.mp4 could not be written to {tmp_path}."
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_refused_in_words(tmp_path):
    with pytest.raises(Refusal) as refused:
        write(tmp_path / "gone" / "preview.mp4", noise(1))
    assert refused.value.code == "unwritable"


def test_an_older_film_stays_when_the_new_one_is_cancelled(tmp_path):
    path = tmp_path / "preview.mp4"
    write(path, noise(2))
    older = path.read_bytes()
    with pytest.raises(Cancelled), written_film(path, Fraction(25), 320, 240) as append:
        for picture in noise(3):
            append(picture)
        raise Cancelled
    assert path.read_bytes() == older
    assert list(tmp_path.iterdir()) == [path]
