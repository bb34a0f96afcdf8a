from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.multiview.sync.soundtrack import sound_of
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from motion.arrays import Array
from tests.backend.multiview.sync.made_up_sound import RATE_HZ, write_sounding_film


def one_clap(at_s: float, length_s: float = 4.0) -> Array:
    sound, start = np.zeros(round(length_s * RATE_HZ)), round(at_s * RATE_HZ)
    sound[start : start + 100] = np.random.default_rng(0).normal(size=100) * np.exp(-np.arange(100) / 20.0)
    return sound


def clap_s(clip: Clip) -> float:
    """When it is heard, by the clip's clock."""
    sound = sound_of(clip)
    assert sound is not None
    return sound.start_s + int(np.argmax(np.abs(sound.samples.astype(int)) > 3000)) / sound.rate_hz


@pytest.mark.parametrize("codec, ending", [("aac", "mp4"), ("pcm_s16le", "mov"), ("libmp3lame", "mp4"), ("aac", "mkv")])
@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_a_clap_is_heard_when_its_picture_is_seen(tmp_path: Path, codec, ending, rate_hz) -> None:
    """Though sound and pictures begin at other times of the file, and packers put silence before the sound."""
    for sound_s, picture_s in ((0.0, 0.0), (0.7, 0.0), (0.0, 0.5), (1.2, 0.4)):
        film = write_sounding_film(tmp_path / f"clap.{ending}", one_clap(2.0), rate_hz=rate_hz, codec=codec,
                                   sound_starts_s=sound_s, picture_starts_s=picture_s)  # fmt: skip
        assert clap_s(open_clip(film, VideoSettings())) == pytest.approx(2.0 + sound_s - picture_s, abs=0.002)


def test_a_take_that_begins_later_has_its_zero_later_and_hears_what_was_before(tmp_path) -> None:
    film = write_sounding_film(tmp_path / "clap.mp4", one_clap(1.0))
    assert clap_s(open_clip(film, VideoSettings(in_s=2.5))) == pytest.approx(-1.5, abs=0.002)


def test_footage_in_slow_motion_has_no_sound_of_its_time_but_a_rounded_rate_has(tmp_path) -> None:
    film = write_sounding_film(tmp_path / "clap.mp4", one_clap(3.0))
    assert sound_of(open_clip(film, VideoSettings(recorded_fps=40.0))) is None
    barely = open_clip(film, VideoSettings(recorded_fps=10.1))
    assert clap_s(barely) == pytest.approx(3.0 / 1.01, abs=0.002)


def test_silence_and_missing_sound_are_none(tmp_path) -> None:
    silent = open_clip(write_sounding_film(tmp_path / "silent.mp4", np.zeros(2 * RATE_HZ)), VideoSettings())
    mute = open_clip(write_sounding_film(tmp_path / "mute.mp4", None), VideoSettings())
    assert sound_of(silent) is None and sound_of(mute) is None
    assert sound_of(replace(mute, path=tmp_path / "gone.mp4")) is None
    assert sound_of(replace(mute, pictures=(Path("a_1.png"),))) is None


def test_a_film_that_breaks_off_keeps_the_sound_before_the_break(tmp_path) -> None:
    film = write_sounding_film(tmp_path / "clap.mkv", one_clap(1.0, length_s=8.0), codec="pcm_s16le")
    clip = open_clip(film, VideoSettings())
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert clap_s(clip) == pytest.approx(1.0, abs=0.002)
