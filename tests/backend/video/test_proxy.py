"""The film that Blender shows behind the person."""

from __future__ import annotations

import signal
from fractions import Fraction

import av
import numpy as np
import pytest

from backend.progress import Cancelled, silent
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from backend.video.proxy import needs_proxy, write_proxy
from motion.refusal import Refusal
from tests.backend.video.made_footage import number_in, write_film, write_sequence

TICKS = np.cumsum(np.random.default_rng(9).integers(1500, 9000, 70))


def test_the_proxy_of_a_turned_film_of_variable_rate_shows_the_right_picture_at_each_time(tmp_path):
    clip = open_clip(write_film(tmp_path / "phone.mp4", 70, size=(96, 128), ticks=TICKS.tolist(), rotation=270),
                     VideoSettings())  # fmt: skip
    write_proxy(clip, tmp_path / "proxy.mp4", silent)
    proxy = open_clip(tmp_path / "proxy.mp4", VideoSettings())
    times_s = (TICKS - TICKS[0]) / 90000
    grid_s = np.arange(proxy.picture_count) / float(clip.rate)
    due = np.searchsorted(times_s, grid_s + 1e-6, side="right") - 1
    assert (proxy.rate, proxy.constant_rate, needs_proxy(proxy)) == (clip.rate, True, False)
    assert proxy.picture_count == int(times_s[-1] * float(clip.rate)) + 1
    assert [number_in(picture.rgb) for picture in pictures(proxy)] == due.tolist()


def test_a_proxy_of_constant_rate_has_the_pictures_of_the_take_one_by_one(tmp_path):
    clip = open_clip(write_film(tmp_path / "a.mp4", 90, Fraction(30000, 1001)), VideoSettings(in_s=1.0, mirrored=True))
    write_proxy(clip, tmp_path / "proxy.mp4", silent)
    proxy = open_clip(tmp_path / "proxy.mp4", VideoSettings(mirrored=True))
    assert [number_in(picture.rgb) for picture in pictures(proxy)] == list(range(30, 90))


def test_slow_motion_plays_at_its_true_speed(tmp_path):
    clip = open_clip(write_film(tmp_path / "jump.mp4", 60), VideoSettings(recorded_fps=120.0))
    write_proxy(clip, tmp_path / "proxy.mp4", silent)
    proxy = open_clip(tmp_path / "proxy.mp4", VideoSettings())
    assert (proxy.rate, proxy.picture_count) == (Fraction(120), 60)


@pytest.mark.parametrize("size, proxy_size", [((1921, 1079), (1280, 718)), ((161, 121), (160, 120))])
def test_a_proxy_is_small_and_its_sides_are_even(tmp_path, size, proxy_size):
    clip = open_clip(write_film(tmp_path / "a.mp4", 2, size=size, pix_fmt="yuv444p"), VideoSettings())
    write_proxy(clip, tmp_path / "proxy.mp4", silent)
    proxy = open_clip(tmp_path / "proxy.mp4", VideoSettings())
    assert (proxy.width_px, proxy.height_px) == proxy_size


def test_a_proxy_has_a_key_frame_at_least_every_twelve_pictures(tmp_path):
    clip = open_clip(write_film(tmp_path / "a.mp4", 100), VideoSettings())
    write_proxy(clip, tmp_path / "proxy.mp4", silent)
    with av.open(str(tmp_path / "proxy.mp4")) as container:
        keys = [round(float(p.pts * p.time_base) * 30) for p in container.demux(video=0) if p.size and p.is_keyframe]
    assert max(np.diff([*keys, 100])) <= 12


@pytest.mark.parametrize(
    "film, settings, needed",
    [
        ({}, VideoSettings(), False),
        ({}, VideoSettings(in_s=0.5, out_s=0.8), False),
        ({}, VideoSettings(mirrored=True), True),
        ({}, VideoSettings(turn_deg=90), True),
        ({}, VideoSettings(recorded_fps=120.0), True),
        ({"rotation": 90}, VideoSettings(), True),
        ({"rotation": 90}, VideoSettings(turn_deg=90), True),
        ({"aspect": Fraction(4, 3)}, VideoSettings(), True),
        ({"ticks": TICKS.tolist()}, VideoSettings(), True),
    ],
)
def test_a_proxy_is_needed_where_blender_would_show_something_else(tmp_path, film, settings, needed):
    assert needs_proxy(open_clip(write_film(tmp_path / "a.mp4", 30, **film), settings)) == needed


def test_a_sequence_with_a_gap_needs_a_proxy(tmp_path):
    paths = write_sequence(tmp_path / "shot", first=3, count=5)
    assert not needs_proxy(open_clip(tmp_path / "shot", VideoSettings()))
    paths[2].unlink()
    assert needs_proxy(open_clip(tmp_path / "shot", VideoSettings()))


def test_a_sequence_with_dates_for_numbers_needs_a_proxy(tmp_path):
    for date, path in zip((20261130, 20261201), write_sequence(tmp_path / "shot", first=1, count=2), strict=True):
        path.rename(path.with_name(f"IMG_{date}.png"))
    assert needs_proxy(open_clip(tmp_path / "shot", VideoSettings()))


def test_cancelling_leaves_no_file(tmp_path):
    def stop(done, of, people):
        raise Cancelled

    clip = open_clip(write_film(tmp_path / "a.mp4", 30), VideoSettings())
    with pytest.raises(Cancelled):
        write_proxy(clip, tmp_path / "proxy.mp4", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_a_full_disk_is_said_and_leaves_no_file(tmp_path):
    resource = pytest.importorskip("resource", reason="Windows limits no file's size")
    clip = open_clip(write_film(tmp_path / "a.mp4", 60, size=(640, 360)), VideoSettings())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(Refusal, match="proxy.mp4 could not be written"):
            write_proxy(clip, tmp_path / "proxy.mp4", silent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
