"""What is known of footage before its pictures are looked at, and what is said of footage that is none."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from motion.refusal import Refusal
from tests.backend.video.made_footage import cut_off, number_in, repacked, write_film, write_sequence, write_sound

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize("rate", [Fraction(5), Fraction(24000, 1001), Fraction(240000, 1001), Fraction(240)])
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
def test_a_constant_rate_is_the_exact_fraction(tmp_path, rate, suffix):
    clip = open_clip(write_film(tmp_path / f"a.{suffix}", 40, rate), VideoSettings())
    assert (clip.rate, clip.constant_rate, clip.picture_count) == (rate, True, 40)
    np.testing.assert_allclose(clip.times_s, np.arange(40) / float(rate), atol=1e-12)


def test_a_variable_rate_keeps_its_times_and_takes_the_nearest_usual_rate(tmp_path):
    rng = np.random.default_rng(7)
    ticks = np.cumsum(3003 + rng.integers(-200, 200, 100))
    clip = open_clip(write_film(tmp_path / "phone.mp4", 100, ticks=ticks.tolist()), VideoSettings())
    assert not clip.constant_rate
    assert clip.rate in (NTSC, Fraction(30))
    np.testing.assert_allclose(clip.times_s, (ticks - ticks[0]) / 90000, atol=1e-9)


def test_a_stream_that_starts_late_starts_at_zero(tmp_path):
    ticks = 126000 + 3600 * np.arange(50)
    clip = open_clip(write_film(tmp_path / "a.ts", 50, Fraction(25), ticks=ticks.tolist()), VideoSettings())
    assert clip.start_s == pytest.approx(1.4, abs=0.1)
    np.testing.assert_allclose(clip.times_s, np.arange(50) / 25, atol=1e-12)


@pytest.mark.parametrize("rotation, turn_deg", [(90, 270), (180, 180), (270, 90)])
def test_a_turned_film_is_as_large_as_it_looks(tmp_path, rotation, turn_deg):
    clip = open_clip(write_film(tmp_path / "phone.mp4", 5, size=(90, 160), rotation=rotation), VideoSettings())
    assert (clip.width_px, clip.height_px, clip.turn_deg) == (90, 160, turn_deg)


def test_the_users_turn_comes_on_top_of_the_files(tmp_path):
    path = write_film(tmp_path / "phone.mp4", 5, size=(90, 160), rotation=90)
    clip = open_clip(path, VideoSettings(turn_deg=90))
    assert (clip.width_px, clip.height_px, clip.turn_deg) == (160, 90, 0)


def test_anamorphic_pixels_become_square(tmp_path):
    clip = open_clip(write_film(tmp_path / "dv.mp4", 5, aspect=Fraction(4, 3)), VideoSettings())
    assert (clip.width_px, clip.height_px, clip.stored_as_shown) == (213, 120, False)


def test_slow_motion_has_its_true_times(tmp_path):
    clip = open_clip(write_film(tmp_path / "jump.mp4", 60, Fraction(30)), VideoSettings(in_s=1.0, recorded_fps=120.0))
    assert (clip.rate, clip.picture_count, clip.first_picture) == (Fraction(120), 30, 30)
    np.testing.assert_allclose(clip.times_s, np.arange(30) / 120, atol=1e-12)


def test_in_and_out_choose_the_pictures_between_them(tmp_path):
    clip = open_clip(write_film(tmp_path / "a.mp4", 90, NTSC), VideoSettings(in_s=1.001, out_s=2.0))
    assert (clip.first_picture, clip.picture_count, clip.times_s[0]) == (30, 30, 0.0)


def test_the_same_part_is_chosen_by_frames_as_by_seconds(tmp_path):
    path = write_film(tmp_path / "a.mp4", 90, NTSC)
    clip = open_clip(path, VideoSettings(first_frame=31, last_frame=60))
    assert [number_in(each.rgb) for each in pictures(clip)] == list(range(30, 60))
    by_seconds = open_clip(path, VideoSettings(in_s=1.001, out_s=2.0))
    np.testing.assert_array_equal(clip.times_s, by_seconds.times_s)


def test_the_focal_length_of_a_telephone_is_read(tmp_path):
    metadata = {"com.apple.quicktime.camera.focal_length.35mm_equivalent": "27"}
    path = write_film(tmp_path / "a.mov", 5, metadata=metadata, mux={"movflags": "use_metadata_tags"})
    assert open_clip(path, VideoSettings()).focal_px == pytest.approx(27 / 36 * 160)
    assert open_clip(write_film(tmp_path / "b.mov", 5), VideoSettings()).focal_px is None


def test_a_sequence_opens_by_folder_and_by_first_picture(tmp_path):
    paths = write_sequence(tmp_path / "shot", first=7, count=6)
    by_folder = open_clip(tmp_path / "shot", VideoSettings(recorded_fps=25.0))
    by_picture = open_clip(paths[2], VideoSettings())
    assert (by_folder.picture_count, by_folder.rate, by_folder.first_picture) == (6, Fraction(25), 7)
    assert (by_picture.picture_count, by_picture.rate, by_picture.first_picture) == (4, Fraction(30), 9)


def test_a_gap_in_the_numbers_of_a_sequence_is_a_gap_in_time(tmp_path):
    write_sequence(tmp_path / "shot", first=1, count=5)[2].unlink()
    clip = open_clip(tmp_path / "shot", VideoSettings(recorded_fps=10.0))
    np.testing.assert_allclose(clip.times_s, [0.0, 0.1, 0.3, 0.4])
    assert not clip.constant_rate


def test_numbers_that_are_dates_are_an_order_and_no_times(tmp_path):
    dates = ("20261130", "20261201", "20261224", "20270103")
    for date, path in zip(dates, write_sequence(tmp_path / "shot", first=1, count=4), strict=True):
        path.rename(path.with_name(f"IMG_{date}.png"))
    clip = open_clip(tmp_path / "shot", VideoSettings(recorded_fps=10.0))
    np.testing.assert_allclose(clip.times_s, [0.0, 0.1, 0.2, 0.3])


def test_a_broken_clock_is_refused_and_can_be_cut_out(tmp_path):
    path = write_film(tmp_path / "a.mp4", 40, ticks=[3000 * k + (k >= 20) * 90000 * 3600 for k in range(40)])
    with pytest.raises(Refusal) as refused:
        open_clip(path, VideoSettings())
    assert refused.value.sentence == "a.mp4 shows nothing new for 60 minutes."
    assert open_clip(path, VideoSettings(out_s=1.0)).picture_count == 20


def test_a_last_picture_that_is_shown_long_is_no_sign_of_damage(tmp_path):
    def hold_the_last(packet):
        packet.duration *= 240 if packet.pts == 9 * packet.duration else 1

    path = repacked(write_film(tmp_path / "screen.mp4", 10, options={"bf": "0"}), hold_the_last)
    with av.open(str(path)) as container:
        assert container.duration / av.time_base == pytest.approx(8.3)
    clip = open_clip(path, VideoSettings())
    assert (clip.picture_count, clip.warnings) == (10, ())


def test_what_a_trimmed_film_hides_is_neither_counted_nor_shown(tmp_path):
    def twelve_pictures_earlier(packet):
        packet.pts, packet.dts = packet.pts - 12 * packet.duration, packet.dts - 12 * packet.duration

    path = repacked(write_film(tmp_path / "whole.mp4", 60, options={"bf": "0"}), twelve_pictures_earlier)
    clip = open_clip(path, VideoSettings())
    assert (clip.picture_count, clip.warnings) == (48, ())
    assert [number_in(picture.rgb) for picture in pictures(clip)] == list(range(12, 60))


@pytest.mark.parametrize("name", ["mein Tanz.mp4", "踊り 一.mp4", "رقصة.mp4", "a%03d #1.mp4", "http:x.mp4"])
def test_every_name_works(tmp_path, name):
    assert open_clip(write_film(tmp_path / name, 3), VideoSettings()).picture_count == 3


def test_a_moved_clip_is_known_again_and_a_changed_one_is_not(tmp_path):
    clip = open_clip(write_film(tmp_path / "a.mp4", 10), VideoSettings())
    (tmp_path / "a.mp4").rename(tmp_path / "b.mp4")
    assert open_clip(tmp_path / "b.mp4", VideoSettings(in_s=0.1)).sha256 == clip.sha256
    assert open_clip(write_film(tmp_path / "a.mp4", 11), VideoSettings()).sha256 != clip.sha256


def test_a_film_that_breaks_off_is_used_and_says_so(tmp_path):
    clip = open_clip(cut_off(tmp_path / "cut.mp4", kept=36), VideoSettings())
    assert (clip.picture_count, clip.warnings) == (36, (
        "cut.mp4 ends after 1.2 s of 8.0 s; copy it again from the camera if the rest is wanted.",
    ))


def no_file(folder: Path) -> Path:
    return folder / "gone.mp4"


def empty_file(folder: Path) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def text_file(folder: Path) -> Path:
    (folder / "letter.mp4").write_text("Dear all, " * 300)
    return folder / "letter.mp4"


def plain_text_file(folder: Path) -> Path:
    (folder / "letter.txt").write_text("Dear all,\n" * 300)
    return folder / "letter.txt"


def play_list(folder: Path) -> Path:
    write_film(folder / "a.ts", 5)
    (folder / "list.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\na.ts\n#EXT-X-ENDLIST\n")
    return folder / "list.m3u8"


def sound_only(folder: Path) -> Path:
    return write_sound(folder / "talk.mp4")


def no_index(folder: Path) -> Path:
    film = write_film(folder / "whole.mp4", 60).read_bytes()
    (folder / "cut.mp4").write_bytes(film[: len(film) // 2])
    return folder / "cut.mp4"


def hardly_started(folder: Path) -> Path:
    return cut_off(folder / "cut.mp4", kept=24)


def empty_folder(folder: Path) -> Path:
    (folder / "shot").mkdir()
    return folder / "shot"


@pytest.mark.parametrize(
    "make, code, sentence",
    [
        (no_file, "no-file", "There is no file {folder}/gone.mp4."),
        (empty_file, "empty-file", "empty.mp4 is empty."),
        (text_file, "not-a-video", "letter.mp4 is not a video, is not finished or is damaged."),
        (plain_text_file, "not-a-video", "letter.txt is not a video."),
        (play_list, "not-a-video", "list.m3u8 is not a video."),
        (sound_only, "audio-only", "talk.mp4 has sound but no picture."),
        (no_index, "not-a-video", "cut.mp4 is not a video, is not finished or is damaged."),
        (hardly_started, "cut-off", "cut.mp4 ends after 0.8 s of 8.0 s."),
        (empty_folder, "no-pictures", "The folder shot holds no pictures."),
    ],
)
def test_footage_that_is_none_says_why(tmp_path, make, code, sentence):
    with pytest.raises(Refusal) as refused:
        open_clip(make(tmp_path), VideoSettings())
    assert (refused.value.code, refused.value.sentence) == (code, sentence.format(folder=tmp_path))


@pytest.mark.parametrize(
    "settings, sentence",
    [
        (VideoSettings(in_s=12.0), "clip.mp4 is 2.0 s long, so it cannot start at 12.0 s."),
        (VideoSettings(in_s=-1.0), "clip.mp4 is 2.0 s long, so it cannot start at -1.0 s."),
        (VideoSettings(out_s=3.5), "clip.mp4 is 2.0 s long, so it cannot end at 3.5 s."),
        (VideoSettings(in_s=1.5, out_s=0.5), "clip.mp4 cannot end at 0.5 s when it starts at 1.5 s."),
        (VideoSettings(in_s=1.01, out_s=1.02), "clip.mp4 has no picture between 1.01 s and 1.02 s."),
        (VideoSettings(first_frame=61), "clip.mp4 has 60 frames, so it cannot start at frame 61."),
        (VideoSettings(first_frame=0), "clip.mp4 has 60 frames, so it cannot start at frame 0."),
        (VideoSettings(last_frame=99), "clip.mp4 has 60 frames, so it cannot end at frame 99."),
        (VideoSettings(first_frame=9, last_frame=8), "clip.mp4 cannot end at frame 8 when it starts at frame 9."),
    ],
)
def test_settings_that_do_not_fit_say_why(tmp_path, settings, sentence):
    with pytest.raises(Refusal) as refused:
        open_clip(write_film(tmp_path / "clip.mp4", 60), settings)
    assert refused.value.sentence == sentence


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of this kind are POSIX")
def test_a_file_that_may_not_be_read_says_so(tmp_path):
    path = write_film(tmp_path / "secret.mp4", 5)
    path.chmod(0)
    with without_privileges(), pytest.raises(Refusal) as refused:
        open_clip(path, VideoSettings())
    assert refused.value.sentence == "secret.mp4 may not be read by you."


@contextlib.contextmanager
def without_privileges() -> Iterator[None]:
    """The super-user may read everything, so the test steps down for a moment."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
