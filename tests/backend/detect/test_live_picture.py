"""The live picture is small, whole and not too often new."""

from __future__ import annotations

import errno

import cv2
import numpy as np
import pytest

from backend.detect.live_picture import LivePicture, with_landmarks
from motion.refusal import Refusal
from tests.backend.detect.made_up_poses import standing

GREY = np.full((1080, 1920, 3), 90, np.uint8)


def test_the_picture_is_small_and_shows_the_people(tmp_path):
    live = LivePicture(tmp_path / "live.jpg")
    live.show(GREY, [standing((900, 500), 600)])
    shown = cv2.imread(str(live.path))
    assert shown.shape == (360, 640, 3)
    changed = np.abs(shown.astype(int) - 90).max(axis=-1) > 60
    assert 300 < changed.sum() < 20_000
    assert list(tmp_path.iterdir()) == [live.path]


def test_a_fresh_picture_is_not_replaced(tmp_path):
    live = LivePicture(tmp_path / "live.jpg", pause_s=60)
    live.show(GREY, [])
    first = live.path.read_bytes()
    live.show(GREY, [standing((900, 500), 600)])
    assert live.path.read_bytes() == first


def test_a_picture_that_cannot_be_written_stops_nothing_and_is_tried_again_much_later(tmp_path, caplog):
    live = LivePicture(tmp_path / "gone" / "live.jpg", pause_s=0.0)
    live.show(GREY, [])
    assert "live.jpg could not be written" in caplog.text
    live.path.parent.mkdir()
    live.show(GREY, [])
    assert not live.path.exists()


def test_a_full_disk_is_told_at_once(tmp_path, monkeypatch):
    def full(*_) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("motion.whole_files.os.fsync", full)
    with pytest.raises(Refusal) as refused:
        LivePicture(tmp_path / "live.jpg").show(GREY, [])
    assert refused.value.code == "disk-full"


def test_unsure_limbs_are_not_drawn():
    assert (with_landmarks(GREY, [standing((900, 500), 600, score=0.1)], 640) == 90).all()


def test_left_and_right_have_their_colours():
    drawn = with_landmarks(GREY, [standing((960, 500), 600)], 640).astype(int)
    warm, cold = drawn[..., 0] - drawn[..., 2] > 100, drawn[..., 2] - drawn[..., 0] > 100
    assert np.nonzero(cold)[1].mean() < 320 < np.nonzero(warm)[1].mean()     # facing us, the left is on our right
