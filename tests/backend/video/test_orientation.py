"""Cameras held sideways and pictures that are stored mirrored."""

from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.orientation import orientation
from backend.video.pictures import pictures
from tests.backend.video.made_footage import numbered_picture


def stored_film(path, rotation, hflip, vflip):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.set_display_rotation(rotation, hflip=hflip, vflip=vflip)
        container.mux(stream.encode(VideoFrame.from_ndarray(numbered_picture(37), format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("hflip, vflip", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turn_and_mirroring_follow_the_display_matrix(tmp_path, rotation, hflip, vflip):
    path = stored_film(tmp_path / "a.mp4", rotation, hflip, vflip)
    shown = np.rot90(numbered_picture(37), rotation // 90)
    shown = shown[:: -1 if vflip else 1, :: -1 if hflip else 1]
    ours = next(pictures(open_clip(path, VideoSettings()))).rgb
    assert np.mean(np.abs(shown.astype(int) - ours)) < 4


def test_the_users_turn_comes_after_the_files_mirroring(tmp_path):
    path = stored_film(tmp_path / "a.mp4", 0, hflip=True, vflip=False)
    shown = np.rot90(numbered_picture(37)[:, ::-1], -1)
    ours = next(pictures(open_clip(path, VideoSettings(turn_deg=90)))).rgb
    assert np.mean(np.abs(shown.astype(int) - ours)) < 4


def test_a_picture_without_a_word_stands_as_it_is():
    assert orientation(VideoFrame.from_ndarray(numbered_picture(1), format="rgb24")) == (0, False)
