from __future__ import annotations

import numpy as np
import pytest

from backend.multiview.sync.onsets import EDGE_S, STEP_S, band_energies, onsets_of, rises
from backend.multiview.sync.soundtrack import Sound


def tone(start_s: float, hz: float, gain: float = 1.0, rate_hz: int = 8000) -> np.ndarray:
    """Four quiet seconds of hiss in which a tone sets in."""
    times_s = np.arange(4 * rate_hz) / rate_hz
    hiss = np.random.default_rng(0).normal(size=len(times_s))
    swell = np.clip((times_s - start_s) / 0.03, 0.0, 1.0) ** 2
    return gain * (8000.0 * swell * np.sin(2 * np.pi * hz * times_s) + 40.0 * hiss)


def loudest_s(sound: Sound) -> tuple[float, int]:
    """By the clip's clock, and in which band."""
    found = onsets_of(sound)
    row, band = np.unravel_index(np.argmax(found.values), found.values.shape)
    return found.start_s + STEP_S * row, int(band)


@pytest.mark.parametrize("gain", [1.0, 0.02])
@pytest.mark.parametrize("hz, band", [(180.0, 0), (650.0, 4), (3300.0, 9)])
def test_a_tone_rises_about_its_band_when_it_sets_in_however_loud(hz, band, gain) -> None:
    when_s, where = loudest_s(Sound(tone(1.7, hz, gain).astype(np.int16), 0.5, 8000.0))
    assert when_s == pytest.approx(2.21, abs=0.02) and abs(where - band) <= 1


def test_times_are_the_clips_own_where_its_sound_plays_slower() -> None:
    when_s, _ = loudest_s(Sound(tone(3.0, 650.0).astype(np.int16), 0.0, 8000.0 * 1.01))
    assert when_s == pytest.approx(3.01 / 1.01, abs=0.02)


def test_fingers_on_buttons_at_the_ends_do_not_count() -> None:
    values = onsets_of(Sound(tone(0.1, 650.0).astype(np.int16), 0.0, 8000.0)).values
    edge = round(EDGE_S / STEP_S)
    assert not values[:edge].any() and not values[-edge:].any() and values[edge:-edge].any()


@pytest.mark.parametrize("count", [0, 1, 159, 160, 5000])
def test_silence_and_seconds_too_short_for_a_spectrum_are_nothing_and_finite(count) -> None:
    energy = band_energies(np.zeros(count, dtype=np.int16))
    assert energy.shape == (max(0, (count - 160) // 32 + 1), 10) and not energy.any()
    if len(energy):
        assert np.allclose(rises(energy), 0.0)
    assert np.isfinite(onsets_of(Sound(np.zeros(count, dtype=np.int16), 0.0, 8000.0)).values).all()
