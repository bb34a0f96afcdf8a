from __future__ import annotations

import numpy as np
import pytest

from backend.multiview.sync.onsets import STEP_S
from backend.multiview.sync.sound_peak import (
    CHANCE_HEIGHT,
    Peak,
    agreement_by_lag,
    highest,
    share_of_a_moment,
    whitened,
)


def noise(seed: int, rows: int = 2000) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, 10)).astype(np.float32)


@pytest.mark.parametrize("lag", [0, 317, -450])
def test_the_lag_says_on_which_row_the_second_begins(lag) -> None:
    whole = noise(0, 3000)
    a, b = whole[500:2500], whole[500 + lag : 2300 + lag]
    peak = highest(agreement_by_lag(a, b), len(b))
    assert peak.lag == pytest.approx(lag, abs=0.02) and peak.height > 5 * peak.runner_up
    assert share_of_a_moment(a, b, peak.lag) < 0.1


def test_noise_is_as_high_as_chance_says() -> None:
    heights = [highest(agreement_by_lag(noise(2 * seed), noise(2 * seed + 1)), 2000).height for seed in range(8)]
    assert 0.7 * CHANCE_HEIGHT < np.median(heights) < 1.3 * CHANCE_HEIGHT


def test_the_highest_peak_is_taken_and_the_next_one_elsewhere_is_its_rival() -> None:
    agreement = np.zeros(2 * 200 + 1)
    agreement[[3, 200, 260]] = 9.0, 20.0, 7.0     # of a second sound of 201 rows, so at lags -197, 0 and 60
    assert highest(agreement, 201) == Peak(0.0, 20.0, 9.0)


def test_whitening_takes_a_beat_away() -> None:
    beat = np.zeros((4000, 10), dtype=np.float32)
    beat[:: round(0.5 / STEP_S)] = 5.0
    onsets = beat + 0.5 * noise(1, 4000)
    plain, flat = (highest(agreement_by_lag(each, each), 4000) for each in (onsets, whitened(onsets)))
    assert plain.runner_up / plain.height > 1.5 * flat.runner_up / flat.height


def test_a_lone_moment_a_rival_and_a_low_peak_lower_the_confidence() -> None:
    sure = Peak(0.0, 20.0, 5.0).confidence(share=0.3)
    assert sure > 0.98
    for peak, share in ((Peak(0.0, 20.0, 5.0), 1.0), (Peak(0.0, 20.0, 15.0), 0.3), (Peak(0.0, 6.0, 4.0), 0.3)):
        assert peak.confidence(share) < 0.9 * sure
    assert Peak(0.0, 0.0, CHANCE_HEIGHT).confidence(0.0) == 0.0
