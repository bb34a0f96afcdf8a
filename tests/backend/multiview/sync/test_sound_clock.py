from __future__ import annotations

import numpy as np
import pytest

from backend.multiview.sync.onsets import STEP_S
from backend.multiview.sync.sound_clock import lag_line
from backend.multiview.sync.sound_peak import Peak


def two(millionths: float, seconds: float, lag: int = 40, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Onsets whose row r in the second lies on row lag + (1 + slope) r of the first."""
    chance, rows = np.random.default_rng(1), round(seconds / STEP_S)
    smooth = np.apply_along_axis(np.convolve, 0, chance.normal(size=(rows + 400, 10)), np.hanning(7), "same")
    places = lag + (1.0 + 1e-6 * millionths) * np.arange(rows)
    second = np.stack([np.interp(places, np.arange(len(smooth)), band) for band in smooth.T], axis=-1)
    return tuple((each + noise * chance.normal(size=each.shape)).astype(np.float32) for each in (smooth, second))


@pytest.mark.parametrize("millionths", [0.0, 40.0, -70.0])
def test_the_line_says_how_clocks_run_apart(millionths) -> None:
    a, b = two(millionths, 300.0)
    middle = 40 + 1e-6 * millionths * len(b) / 2
    line = lag_line(a, b, Peak(middle, 20.0, 4.0))
    assert line.is_sloped and line.slope == pytest.approx(1e-6 * millionths, abs=3e-6)
    assert line.at == pytest.approx(40.0, abs=0.2) and 0.0 < line.sigma < 0.3


def test_short_sounds_have_a_lag_and_no_slope() -> None:
    line = lag_line(*two(40.0, 30.0), Peak(40.3, 20.0, 4.0))
    assert not line.is_sloped and line.slope == 0.0 and line.at == pytest.approx(40.15, abs=0.2)


def test_sounds_without_any_agreement_leave_the_lag_as_it_was() -> None:
    a, b = two(0.0, 60.0)
    chance = np.random.default_rng(3).normal(size=b.shape).astype(np.float32)
    line = lag_line(a, chance, Peak(123.4, 5.0, 4.0))
    assert line.at == 123.4 and not line.is_sloped
