"""Every moment of the motion gets the picture that is nearest in time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.preview.footage import footage_at, nearest, shrunk
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip

WIDTH, HEIGHT = 96, 64
STEP = 8  # of brightness from picture to picture


def made_clip(path: Path, ticks: list[int], clock: Fraction = Fraction(1, 600)) -> Clip:
    """Picture k has the brightness 20 + STEP * k and the time ticks[k] * clock."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = clock
        for number, tick in enumerate(ticks):
            grey = np.full((HEIGHT, WIDTH, 3), 20 + STEP * number, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = tick, clock
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return open_clip(path, VideoSettings())


def numbers(clip: Clip, times_s: np.ndarray) -> list[int]:
    return [round((picture.mean() - 20) / STEP) for picture in footage_at(clip, times_s, 48, 32)]


def test_at_a_constant_rate_frame_k_has_picture_k(tmp_path):
    clip = made_clip(tmp_path / "even.mp4", [24 * k for k in range(12)])
    assert numbers(clip, np.arange(12) / 25) == list(range(12))


def test_at_a_variable_rate_the_nearest_picture_is_taken(tmp_path):
    ticks = [0, 20, 60, 66, 72, 150, 160, 220]
    clip = made_clip(tmp_path / "uneven.mp4", ticks)
    wanted_s = np.arange(0, 0.37, 0.01)
    expected = [int(np.argmin(np.abs(np.array(ticks) / 600 - time_s))) for time_s in wanted_s]
    assert numbers(clip, wanted_s) == expected


def test_before_the_first_and_after_the_last_picture_they_are_held(tmp_path):
    clip = made_clip(tmp_path / "short.mp4", [24 * k for k in range(3)])
    assert numbers(clip, np.array([-1.0, 0.0, 0.04, 0.08, 5.0, 6.0])) == [0, 0, 1, 2, 2, 2]


@given(
    times=st.lists(st.integers(0, 1000), min_size=1, max_size=30, unique=True),
    wanted=st.lists(st.floats(-100, 1100), max_size=30),
)
def test_nearest_is_nearest(times, wanted):
    times_s, wanted_s = np.sort(np.array(times, dtype=float)), np.array(wanted)
    distance = np.abs(times_s[nearest(times_s, wanted_s)] - wanted_s)
    best = np.abs(times_s - wanted_s[:, None]).min(axis=1) if len(wanted) else np.zeros(0)
    np.testing.assert_allclose(distance, best, atol=1e-9)


@pytest.mark.parametrize("size", [(96, 64), (54, 36), (20, 12)])
def test_shrinking_keeps_places_and_brightness(size):
    x, y = np.meshgrid(np.linspace(0, 200, WIDTH), np.linspace(0, 200, HEIGHT))
    picture = np.stack([x, y, x], axis=-1).astype(np.uint8)
    small = shrunk(picture, *size)
    assert small.shape == (size[1], size[0], 3)
    expected = (np.arange(size[0]) + 0.5) * WIDTH / size[0] - 0.5
    np.testing.assert_allclose(small[size[1] // 2, :, 0], expected * 200 / (WIDTH - 1), atol=3)
