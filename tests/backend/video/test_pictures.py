"""The pictures of a clip: the right ones, upright, in constant memory, and no thread left behind."""

from __future__ import annotations

import logging
import threading
import tracemalloc
from fractions import Fraction

import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorTrc

from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from motion.refusal import Refusal
from tests.backend.video.made_footage import cut_off, number_in, numbered_picture, write_film, write_sequence

# With its own threads and frames in another order x265 now and then hands out packets without time stamps.
X265_QUIET = {"x265-params": "log-level=none:bframes=0:frame-threads=1"}
AS_IT_IS = VideoSettings()
WANDERING = np.cumsum(np.random.default_rng(3).integers(1500, 9000, 80)).tolist()


def numbers_of(path, settings=AS_IT_IS):
    """Number burnt into each picture of the take, counted from its first picture in the file."""
    clip = open_clip(path, settings)
    seen = list(pictures(clip))
    assert [picture.index for picture in seen] == list(range(clip.picture_count))
    assert [picture.time_s for picture in seen] == clip.times_s.tolist()
    for picture in seen:
        assert picture.rgb.shape == (clip.height_px, clip.width_px, 3)
        assert picture.rgb.dtype == np.uint8 and picture.rgb.flags.c_contiguous
    return [number_in(picture.rgb) for picture in seen]


@pytest.mark.parametrize(
    "name, film",
    [
        ("b-frames.mp4", {}),
        ("b-frames.mkv", {"rate": Fraction(60000, 1001)}),
        ("b-frames.ts", {}),
        ("b-frames.avi", {}),
        ("bare.h264", {}),
        ("hidden.webm", {"codec": "libvpx", "options": {"auto-alt-ref": "1", "lag-in-frames": "16"}}),
        ("fast.mp4", {"rate": Fraction(240)}),
        ("slow.mp4", {"rate": Fraction(5)}),
        ("late.ts", {"ticks": [126000 + 3600 * k for k in range(60)]}),
        ("variable.mp4", {"ticks": WANDERING}),
        ("variable.mkv", {"ticks": WANDERING}),
        ("odd.mp4", {"size": (161, 121), "pix_fmt": "yuv444p"}),
        ("ten bits.mp4", {"codec": "libx265", "pix_fmt": "yuv420p10le", "options": X265_QUIET}),
        ("anamorphic.mp4", {"aspect": Fraction(16, 11)}),
    ],
)
def test_every_picture_comes_once_and_in_order(tmp_path, name, film):
    assert numbers_of(write_film(tmp_path / name, 60, **film)) == list(range(60))


@pytest.mark.parametrize("name", ["long.mp4", "long.ts", "long.mkv", "long.avi"])
def test_a_take_far_into_the_film_starts_with_its_own_picture(tmp_path, name):
    path = write_film(tmp_path / name, 400, options={"g": "50"})
    assert numbers_of(path, VideoSettings(in_s=11.0, out_s=12.0)) == list(range(330, 360))


def test_a_film_of_one_picture_has_one_picture(tmp_path):
    assert numbers_of(write_film(tmp_path / "still.mp4", 1)) == [0]


def test_a_sequence_gives_its_pictures_in_order(tmp_path):
    write_sequence(tmp_path / "shot", first=98, count=5)
    assert numbers_of(tmp_path / "shot") == [98, 99, 100, 101, 102]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pictures_stand_upright_as_players_show_them(tmp_path, rotation):
    path = write_film(tmp_path / "phone.mp4", 3, size=(96, 128), rotation=rotation)
    assert numbers_of(path) == [0, 1, 2]
    shown = cv2.cvtColor(cv2.VideoCapture(str(path)).read()[1], cv2.COLOR_BGR2RGB)
    ours = next(pictures(open_clip(path, VideoSettings()))).rgb
    assert np.abs(shown.astype(int) - ours).max() <= 6


def test_the_users_turn_runs_clockwise(tmp_path):
    path = write_film(tmp_path / "lying.mp4", 1, size=(96, 128))
    turned = next(pictures(open_clip(path, VideoSettings(turn_deg=90)))).rgb
    assert number_in(np.rot90(turned)) == 0   # numpy turns the other way


def test_mirrored_footage_is_mirrored_back(tmp_path):
    path = write_film(tmp_path / "selfie.mp4", 6)
    plain = [picture.rgb for picture in pictures(open_clip(path, VideoSettings()))]
    mirrored = [picture.rgb for picture in pictures(open_clip(path, VideoSettings(mirrored=True)))]
    np.testing.assert_array_equal(plain[5][:, ::-1], mirrored[5])


@pytest.mark.parametrize("transfer", [ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67])
def test_high_dynamic_range_pictures_are_neither_dark_nor_burnt_out(tmp_path, transfer):
    code_of_white = {ColorTrc.SMPTE2084: 0.58, ColorTrc.ARIB_STD_B67: 0.75}[transfer] / (225 / 255)
    path = write_film(tmp_path / "phone.mp4", 2, transfer=transfer, level=code_of_white, pix_fmt="yuv420p10le")
    rgb = next(pictures(open_clip(path, VideoSettings()))).rgb
    assert number_in(rgb) == 0
    assert 225 <= np.percentile(rgb, 99) <= 245


def test_a_cut_off_film_gives_what_is_there(tmp_path):
    assert numbers_of(cut_off(tmp_path / "cut.mp4", kept=40)) == list(range(40))


def test_damage_in_the_middle_costs_pictures_but_moves_none(tmp_path, caplog):
    path = write_film(tmp_path / "scratched.mp4", 120, options={"g": "20", "crf": "1", "bf": "0"})
    film = bytearray(path.read_bytes())
    middle = film.index(b"mdat") + 4 * (len(film) - film.index(b"mdat")) // 10
    film[middle : middle + 400] = np.random.default_rng(5).integers(0, 256, 400, dtype=np.uint8).tobytes()
    path.write_bytes(film)
    with caplog.at_level(logging.WARNING):
        seen = list(pictures(open_clip(path, VideoSettings())))
    assert 60 < len(seen) < 120
    assert number_in(seen[-1].rgb) == seen[-1].index == 119
    assert f"scratched.mp4: {len(seen)} of 120 pictures could be decoded" in caplog.text


def test_a_film_that_is_gone_meanwhile_says_so(tmp_path):
    clip = open_clip(write_film(tmp_path / "a.mp4", 10), VideoSettings())
    clip.path.unlink()
    with pytest.raises(Refusal) as refused:
        next(pictures(clip))
    assert refused.value.sentence == f"There is no file {clip.path}."


def test_a_picture_of_a_sequence_that_cannot_be_read_is_left_out(tmp_path, caplog):
    write_sequence(tmp_path / "shot", first=1, count=5)[2].write_bytes(b"no picture")
    seen = list(pictures(open_clip(tmp_path / "shot", VideoSettings())))
    assert [(picture.index, number_in(picture.rgb)) for picture in seen] == [(0, 1), (1, 2), (3, 4), (4, 5)]
    assert "shot_0003.png cannot be read" in caplog.text


def test_stopping_early_ends_the_thread(tmp_path):
    before = threading.active_count()
    clip = open_clip(write_film(tmp_path / "a.mp4", 200), VideoSettings())
    for picture in pictures(clip):
        if picture.index == 3:
            break
    del picture
    with pytest.raises(KeyError):
        for _ in pictures(clip):
            raise KeyError
    assert threading.active_count() == before


def test_memory_does_not_grow_with_the_film(tmp_path):
    peaks = []
    for count in (30, 300):
        clip = open_clip(write_film(tmp_path / f"{count}.mp4", count, size=(640, 360)), VideoSettings())
        tracemalloc.start()
        for _ in pictures(clip):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2 * numbered_picture(0, 640, 360).nbytes
