import numpy as np
import pytest

from motion.clean_up.easing import eased, envelope

RATE = 60.0


def bumps(rng, frames=240):
    """Demands of some frames, none of most."""
    time = np.arange(frames) / RATE
    total = sum(size * np.exp(-0.5 * ((time - at) / width) ** 2) for size, at, width in
                zip(rng.uniform(0.01, 0.1, 4), rng.uniform(0.3, 3.7, 4), rng.uniform(0.02, 0.2, 4), strict=True))
    return total - 0.01


def test_offsets_are_met_where_they_hold_and_gone_soon_after():
    wanted, share = np.zeros((240, 2)), np.zeros(240)
    share[100:140], wanted[100:140] = 1.0, [0.04, -0.02]
    offset = eased(wanted, share, RATE)
    np.testing.assert_allclose(offset[100:140], wanted[100:140], atol=1e-6)
    assert np.abs(offset[:70]).max() < 0.003 and np.abs(offset[170:]).max() < 0.003
    assert np.abs(np.diff(offset, n=2, axis=0)).max() * RATE**2 < 4 * 0.04 * 10.0**2


@pytest.mark.parametrize("rate", [24.0, 50.0, 120.0])
def test_fading_takes_the_same_seconds_at_any_rate(rate):
    frames = int(4 * rate)
    share = (np.arange(frames) < 2 * rate).astype(float)
    offset = eased(np.ones((frames, 1)), share, rate)[:, 0]
    after = offset[int(2 * rate) - 1 :][: int(0.2 * rate)]
    # exp(-x) (cos x + sin x) is one half at x = 1.01, a tenth of a second for the beta of 10 a second
    assert np.interp(-0.5, -after, np.arange(len(after))) / rate == pytest.approx(0.101, abs=0.5 / rate)


def test_nothing_wanted_is_nothing():
    assert not eased(np.ones((50, 3)), np.zeros(50), RATE).any()
    assert not envelope(np.full(50, -0.3), RATE).any()


def test_the_envelope_covers_smoothly_and_not_much_more_than_needed():
    for seed in range(5):
        least = bumps(np.random.default_rng(seed))
        curve = envelope(least, RATE)
        assert np.all(curve >= np.maximum(least, 0.0))
        assert curve.max() < 1.05 * least.max() + 1e-3
        widest = np.abs(np.diff(np.maximum(least, 0.0), n=2)).max()
        assert np.abs(np.diff(curve, n=2)).max() < 1.2 * widest


def test_the_envelope_is_nought_where_it_is_nailed():
    least = bumps(np.random.default_rng(9))
    nailed = least <= 0.0
    np.testing.assert_allclose(envelope(least, RATE, nailed)[nailed], 0.0, atol=1e-6)
    assert np.all(envelope(least, RATE, nailed) >= np.where(nailed, 0.0, least))


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_clips_of_a_few_frames_are_eased_too(frames):
    np.testing.assert_allclose(eased(np.ones((frames, 1)), np.ones(frames), RATE), 1.0, atol=1e-4)
    assert np.all(envelope(np.full(frames, 0.2), RATE) >= 0.2)
