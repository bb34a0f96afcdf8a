from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backend.multiview.sync.heard import heard_starts_s
from backend.multiview.sync.onsets import Onsets, onsets_of
from backend.multiview.sync.sound import SoundMatch, heard_alike
from backend.multiview.sync.soundtrack import Sound
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from motion.arrays import Array
from tests.backend.multiview.sync.made_up_sound import (
    RATE_HZ,
    claps,
    heard,
    music,
    speech,
    stretched,
    write_sounding_film,
)

NEAR = {"echo_s": 0.3, "band_hz": (100.0, 3900.0)}
FAR = {"echo_s": 0.7, "band_hz": (250.0, 3500.0), "gain": 0.05}     # another room's corner, a phone's microphone


def onsets(sound: Array, start_s: float = 0.0) -> Onsets:
    return onsets_of(Sound((20000.0 * sound / np.abs(sound).max()).astype(np.int16), start_s, RATE_HZ))


def two(
    make: Callable[..., Array], seed: int, start_s: float, length_s: float = 20.0, noise_db: float | None = None,
    millionths: float = 0.0,
) -> tuple[Array, Array]:  # fmt: skip
    """What two microphones hear for length_s each, the second from start_s of the first on."""
    chance = np.random.default_rng(seed)
    early_s = min(0.0, start_s)
    whole = make(chance, length_s + abs(start_s))
    first, second = (whole[round((at - early_s) * RATE_HZ) :][: round(length_s * RATE_HZ)] for at in (0.0, start_s))
    return (heard(chance, first, noise_db=noise_db, **NEAR),
            heard(chance, stretched(second, millionths), noise_db=noise_db, **FAR))  # fmt: skip


def match(sounds: tuple[Array, Array]) -> SoundMatch | None:
    return heard_alike(onsets(sounds[0]), onsets(sounds[1]))


@pytest.mark.parametrize("noise_db", [None, 0.0])
@pytest.mark.parametrize("make, start_s", [(claps, 4.321), (speech, -7.654), (music, 2.222)])
def test_the_start_is_found_through_rooms_microphones_and_noise(make, start_s, noise_db) -> None:
    found = match(two(make, 3, start_s, noise_db=noise_db))
    assert found is not None and abs(found.start_s - start_s) < 0.01 and found.confidence > 0.9
    assert 0.004 < found.sigma_s < 0.02


@pytest.mark.parametrize("start_s", [30.0, -30.0])
def test_clips_that_share_only_their_ends_are_put_together(start_s) -> None:
    found = match(two(speech, 5, start_s, length_s=45.0))
    assert found is not None and abs(found.start_s - start_s) < 0.01


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("make", [claps, speech, music])
def test_sounds_that_have_nothing_to_do_with_each_other_do_not_match(make, seed) -> None:
    other = two(make, seed + 100, 0.0)[1]
    assert match((two(make, seed, 0.0)[0], other)) is None


def test_a_beat_that_repeats_is_not_clear() -> None:
    assert match(two(lambda chance, length_s: music(chance, length_s, tune=False), 1, 3.2)) is None


def test_one_bang_tells_the_moment() -> None:
    chance = np.random.default_rng(6)
    bang = np.zeros(15 * RATE_HZ)
    bang[9 * RATE_HZ : 9 * RATE_HZ + 200] = 40.0 * np.exp(-np.arange(200) / 30.0) * chance.normal(size=200)
    found = match(tuple(np.roll(bang, -round(start_s * RATE_HZ)) + chance.normal(size=len(bang))
                        for start_s in (0.0, 3.5)))  # fmt: skip
    assert found is not None and abs(found.start_s - 3.5) < 0.005


def test_clocks_that_run_apart_are_told_on_long_clips_and_not_on_short_ones() -> None:
    first, second = two(claps, 2, 17.3, length_s=600.0, noise_db=0.0, millionths=50.0)
    found = heard_alike(onsets(first), onsets(second, start_s=-3.0))    # its clock shows zero 3 s after it began
    assert found is not None and found.clock_rate == pytest.approx(1.00005, abs=5e-6)
    assert found.start_s == pytest.approx(17.3 + 3.0 / 1.00005, abs=0.005)
    short = match((first[: 60 * RATE_HZ], second[: 60 * RATE_HZ]))
    assert short is not None and short.clock_rate is None and short.start_s == pytest.approx(17.3, abs=0.01)


def test_the_other_way_round_is_the_other_start() -> None:
    first, second = two(speech, 8, 5.5)
    there, back = match((first, second)), match((second, first))
    assert there is not None and back is not None and there.start_s == pytest.approx(-back.start_s, abs=0.002)


def test_seconds_without_overlap_or_sound_tell_nothing() -> None:
    sound = speech(np.random.default_rng(0), 10.0)
    silence = Onsets(np.zeros((2000, 10), dtype=np.float32), 0.0)
    assert heard_alike(onsets(sound), silence) is None and heard_alike(silence, silence) is None
    assert match((sound, sound[:RATE_HZ])) is None


@pytest.mark.parametrize("rates_hz", [(48000, 48000), (44100, 48000)])
def test_films_are_put_together_on_their_own_clocks(tmp_path: Path, rates_hz) -> None:
    """The first film's sound begins 0.7 s after its pictures, the second's pictures 0.5 s after its sound."""
    first, second = two(speech, 4, 6.25, length_s=15.0)
    films = [
        write_sounding_film(tmp_path / "a.mp4", first, rate_hz=rates_hz[0], sound_starts_s=0.7),
        write_sounding_film(tmp_path / "b.mp4", second, rate_hz=rates_hz[1], picture_starts_s=0.5),
    ]
    clips = [open_clip(film, VideoSettings()) for film in films]
    start_s = heard_starts_s(clips)[0, 1]
    assert abs(start_s - (6.25 + 0.7 + 0.5)) < 0.01
    parts = [open_clip(film, VideoSettings(in_s=in_s)) for film, in_s in zip(films, (2.0, 3.0), strict=True)]
    assert heard_starts_s(parts)[0, 1] == pytest.approx(start_s - 2.0 + 3.0, abs=0.002)
