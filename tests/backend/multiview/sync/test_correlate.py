from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.multiview.sync.correlate import agreement_of
from backend.multiview.sync.signals import RATE_HZ, BodySignals, body_signals
from tests.backend.multiview.made_up_scene import filmed, rig_about


def _noise(seed: int, count: int = 400) -> BodySignals:
    """Something that changes within a tenth of a second and never comes again."""
    values = np.random.default_rng(seed).normal(size=(count + 20, 4))
    smooth = np.stack([np.convolve(column, np.ones(20) / 20, mode="same") for column in values.T], axis=1)
    return BodySignals(np.arange(count) / RATE_HZ, smooth[:count], np.ones(count, dtype=bool))


def _part(signals: BodySignals, first: int, count: int) -> BodySignals:
    chosen = slice(first, first + count)
    return BodySignals(np.arange(count) / RATE_HZ, signals.values[chosen], signals.seen[chosen])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 150), st.integers(0, 150))
def test_two_parts_of_one_thing_are_put_where_they_were_cut(seed: int, first: int, second: int) -> None:
    whole = _noise(seed)
    found = agreement_of(_part(whole, first, 220), _part(whole, second, 220)).beginnings()
    assert found[0].start_s == pytest.approx((second - first) / RATE_HZ, abs=0.2 / RATE_HZ)
    assert found[0].agreement > 0.99


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(-100, 100))
def test_agreement_is_the_correlation_over_what_both_show(seed: int, shift: int) -> None:
    a, b = _noise(seed), _noise(seed + 1)
    at = agreement_of(a, b).at(shift / RATE_HZ)
    from_a, from_b = max(0, shift), max(0, -shift)
    count = len(a.times_s) - abs(shift)
    x, y = a.values[from_a : from_a + count], b.values[from_b : from_b + count]
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    assert at is not None and at.overlap_s == pytest.approx(count / RATE_HZ)
    assert at.agreement == pytest.approx(np.sum(x * y) / np.sqrt(np.sum(x**2) * np.sum(y**2)), abs=1e-6)


def test_what_is_done_again_and_again_has_several_beginnings() -> None:
    times_s = np.arange(360) / RATE_HZ
    wave = np.stack([np.sin(2 * np.pi * times_s), np.cos(2 * np.pi * times_s)], axis=1)
    signals = BodySignals(times_s, wave, np.ones(360, dtype=bool))
    starts_s = sorted(each.start_s for each in agreement_of(signals, signals).beginnings())
    assert np.allclose(starts_s, np.round(starts_s), atol=0.02) and len(starts_s) >= 3


def test_who_does_not_move_agrees_with_nobody() -> None:
    moving = _noise(0)
    still = BodySignals(moving.times_s, 1e-3 * _noise(1).values, moving.seen)
    assert all(abs(each.agreement) < 0.2 for each in agreement_of(moving, still).beginnings())


def test_only_a_beginning_near_the_one_that_was_told_is_found() -> None:
    whole = _noise(3)
    agreement = agreement_of(_part(whole, 60, 240), _part(whole, 0, 240))
    assert agreement.beginnings(only_s=-1.0)[0].start_s == pytest.approx(-1.0, abs=0.01)
    assert all(abs(each.start_s - 1.0) <= 0.25 for each in agreement.beginnings(only_s=1.0))


def test_clips_that_share_nothing_have_no_beginning() -> None:
    short = _part(_noise(0), 0, 30)
    assert agreement_of(short, short).beginnings() == []
    assert agreement_of(short, short).at(0.0) is None


def test_lifts_of_two_cameras_tell_when_the_second_began_to_a_fraction_of_a_frame() -> None:
    lifts = filmed(rig_about((0.0, 70.0), (0.0, 0.713)), frames=120)
    found = agreement_of(*map(body_signals, lifts)).beginnings()
    assert found[0].start_s == pytest.approx(0.713, abs=0.1 / 30.0)
