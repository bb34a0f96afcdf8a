"""Files go over in pieces and appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from backend.batch.shipping import transfer
from backend.batch.shipping.entries import entry_of
from backend.batch.shipping.sender import Sender, Shipment
from backend.batch.shipping.transfer import bring, send
from motion.job import Request
from motion.refusal import Refusal
from tests.windows import not_on_windows

PIECE = 1000


class Counting(Sender):
    """A Sender that notes the sizes of what it gave and got."""

    def __init__(self, shipment: Shipment) -> None:
        super().__init__(shipment)
        self.pieces: list[int] = []

    def read(self, path: str, offset: int, length: int) -> bytes:
        piece = super().read(path, offset, length)
        self.pieces.append(len(piece))
        return piece

    def write(self, path: str, number: int, offset: int, piece: bytes) -> None:
        self.pieces.append(len(piece))
        super().write(path, number, offset, piece)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(transfer, "LARGEST_PIECE_BYTES", PIECE)


@pytest.fixture
def clip(tmp_path) -> Path:
    path = tmp_path / "footage/clip.mp4"
    path.parent.mkdir()
    path.write_bytes(os.urandom(12 * PIECE + 345))
    return path


@pytest.fixture
def files(tmp_path, clip) -> Counting:
    job = tmp_path / "out/take"
    job.mkdir(parents=True)
    Request((str(clip),)).write(job)
    sender = Counting(Shipment("batch", (str(job),)))
    sender.wanted(str(job))
    return sender


def given(files: Counting, tmp_path: Path, clip: Path):
    (entry,) = files.belonging(str(tmp_path / "out/take"), str(clip))
    return entry


def test_a_file_larger_than_a_piece_comes_whole_and_nothing_passes_at_once_that_is_larger(files, clip, tmp_path):
    target = tmp_path / "machine/clip.mp4"
    bring(given(files, tmp_path, clip), target, files)
    assert target.read_bytes() == clip.read_bytes()
    assert len(files.pieces) == 13 and max(files.pieces) == PIECE
    bring(given(files, tmp_path, clip), target, files)
    assert len(files.pieces) == 13   # it is there already
    assert files.passed_bytes() == (clip.stat().st_size, 0)


@pytest.mark.parametrize("size", [0, 1, PIECE, 2 * PIECE])
def test_what_was_computed_goes_back_whole(files, tmp_path, size):
    made, back = tmp_path / "made.npz", tmp_path / "out/take/cache/made.npz"
    made.write_bytes(os.urandom(size))
    send(made, str(back), files)
    assert back.read_bytes() == made.read_bytes()
    assert entry_of(back).changed_us == entry_of(made).changed_us
    assert [path.name for path in back.parent.iterdir()] == ["made.npz"]


def test_footage_that_changes_on_the_way_is_refused_and_leaves_nothing(files, clip, tmp_path):
    entry = given(files, tmp_path, clip)
    original = files.digest
    files.digest = lambda path: original(path)[::-1]
    with pytest.raises(Refusal) as refused:
        bring(entry, tmp_path / "machine/clip.mp4", files)
    assert refused.value.sentence == "clip.mp4 changed while it was sent."
    assert list((tmp_path / "machine").iterdir()) == []


def test_a_machine_with_a_full_disk_says_so(files, clip, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(transfer, "_brought", full)
    with pytest.raises(Refusal, match=r"^The disk of the machine \S+ is full: clip.mp4 does not fit\."):
        bring(given(files, tmp_path, clip), tmp_path / "machine/clip.mp4", files)


def test_a_broken_piece_never_becomes_a_result(files, tmp_path):
    made, back = tmp_path / "made.npz", tmp_path / "out/take/result.json"
    made.write_bytes(b"right")
    back.write_bytes(b"before")
    whole = Counting.write
    files.write = lambda path, number, offset, piece: whole(files, path, number, offset, b"wrong"[: len(piece)])
    with pytest.raises(OSError, match="it did not arrive whole"):
        send(made, str(back), files)
    assert back.read_bytes() == b"before"


@not_on_windows("links need rights there")
def test_only_the_batchs_own_files_are_given_out(files, clip, tmp_path):
    secret, job = clip.with_name("secret.txt"), str(tmp_path / "out/take")
    secret.write_text("secret")
    (tmp_path / "out/take/link").symlink_to(secret)
    for path in (str(secret), f"{job}/../../footage/secret.txt", f"{job}/link", str(tmp_path / "out/take2/x")):
        for call in (lambda p: files.read(p, 0, 9), files.digest, files.remove, lambda p: files.write(p, 1, 0, b"x")):
            with pytest.raises(PermissionError):
                call(path)
    for call in (lambda: files.belonging(job, str(secret)), lambda: files.inside(str(clip.parent)),
                 lambda: files.wanted(str(clip.parent))):  # fmt: skip
        with pytest.raises(PermissionError):
            call()
    assert secret.read_text() == "secret"
