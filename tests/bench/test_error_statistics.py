"""What is put into made-up errors comes out of their statistics."""

import numpy as np
import pytest
import torch

from backend.train.errors.from_bank import Said
from bench import error_statistics
from bench.error_statistics import BINS, _quantile, intervals, statistics, sums_of
from tests.backend.train.errors.made_up_views import made_up_views

FRAMES, RATE_HZ = 120, 30.0
STD_M = np.array([0.02, 0.02, 0.03, 0.03, 0.05])    # x, y of the picture, x, y, z in metres
KEEP = 0.9          # of an error from one frame to the next
CORRELATION = 0.8   # of picture and metres


def autoregressive(rng: np.random.Generator, count: int) -> np.ndarray:
    """[count, FRAMES, 33, 5] stationary, of standard deviation one; picture and metres go together."""
    noise = rng.normal(size=(FRAMES, count, 33, 5))
    for t in range(1, FRAMES):
        noise[t] = KEEP * noise[t - 1] + np.sqrt(1 - KEEP**2) * noise[t]
    noise[..., 2:4] = CORRELATION * noise[..., 0:2] + np.sqrt(1 - CORRELATION**2) * noise[..., 2:4]
    return noise.swapaxes(0, 1)


def said(errors: np.ndarray, logits: np.ndarray | float = 4.0, seen: np.ndarray | None = None,
         exchanges: np.ndarray | None = None) -> Said:  # fmt: skip
    """One clip [FRAMES, 33, 5] with these errors, of somebody whose depths are as wide as 0.3 m."""
    views = made_up_views(batch=1, frames=FRAMES, rate_hz=RATE_HZ)
    whole = np.concatenate([errors, np.broadcast_to(logits, errors.shape[:2])[..., None]], -1)
    seen = np.ones(FRAMES, bool) if seen is None else seen
    exchanges = np.zeros((FRAMES, 3), bool) if exchanges is None else exchanges
    return Said(views, _Detections(torch.from_numpy(seen)[None]), _Frame(_pose()), torch.from_numpy(exchanges),
                torch.from_numpy(whole))  # fmt: skip


class _Detections:
    def __init__(self, seen: torch.Tensor) -> None:
        self.seen = seen


class _Frame:
    def __init__(self, pose: torch.Tensor) -> None:
        self.pose = pose


def _pose() -> torch.Tensor:
    return 0.3 * torch.randn((1, FRAMES, 33, 3), generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    errors = autoregressive(np.random.default_rng(0), 40) * STD_M + 0.07
    return statistics(sums_of([said(each) for each in errors]))


def _left(lag: int) -> tuple[float, float]:
    """Variance and covariance that are left of first-order autoregression when the clip's mean is taken away."""
    apart = KEEP ** np.abs(np.subtract.outer(np.arange(FRAMES), np.arange(FRAMES)))
    centre = np.eye(FRAMES) - 1 / FRAMES
    rest = centre @ apart @ centre
    own = (rest.diagonal()[:-lag] + rest.diagonal()[lag:]).mean() / 2
    return float(np.trace(rest) / FRAMES), float(np.diag(rest, lag).mean() / own)


@pytest.mark.parametrize(("part", "std_m"), [("picture", STD_M[0]), ("across", STD_M[2]), ("depth", STD_M[4])])
def test_widths_and_constant_offsets_come_back(found, part, std_m) -> None:
    varying, _ = _left(1)
    assert found[f"std mm: wrists {part}"] == pytest.approx(1e3 * std_m * varying**0.5, rel=0.06)
    offset = np.hypot(0.07, std_m * (1 - varying) ** 0.5)
    assert found[f"constant mm: wrists {part}"] == pytest.approx(1e3 * offset, rel=0.03)


@pytest.mark.parametrize(("lag_ms", "lag"), [(100, 3), (200, 6), (500, 15)])
def test_correlation_over_time_is_that_of_the_noise(found, lag_ms, lag) -> None:
    assert found[f"correlation {lag_ms} ms: knees depth"] == pytest.approx(_left(lag)[1], abs=0.05)


def test_correlation_of_picture_and_metres_comes_back(found) -> None:
    assert found["correlation picture, metres: ankles"] == pytest.approx(CORRELATION, abs=0.03)


def test_landmarks_with_noise_of_their_own_do_not_go_with_the_next_one(found) -> None:
    assert found["correlation inwards: wrists picture"] == pytest.approx(0, abs=0.08)


def test_normal_errors_have_the_tails_of_lengths_in_a_plane(found) -> None:
    wanted = np.sqrt(np.log(1 / 0.05) / np.log(2))      # Rayleigh's distribution
    assert found["tail 95% / 50%: hips"] == pytest.approx(wanted, rel=0.06)


def test_white_noise_jitters_by_its_width() -> None:
    errors = 0.01 * np.random.default_rng(1).normal(size=(20, FRAMES, 33, 5))
    assert statistics(sums_of([said(each) for each in errors]))["jitter mm: feet"] == pytest.approx(10, rel=0.03)


@pytest.mark.parametrize("slope", [0.6, 1.1])
def test_the_slope_of_depths_comes_back(slope) -> None:
    errors = autoregressive(np.random.default_rng(2), 10) * STD_M
    errors[..., 4] += (slope - 1) * _pose()[0, ..., 2].numpy()
    assert statistics(sums_of([said(each) for each in errors]))["depth slope: elbows"] == pytest.approx(slope, abs=0.03)


def test_events_have_their_share_and_their_length() -> None:
    seen, exchanges = np.ones(FRAMES, bool), np.zeros((FRAMES, 3), bool)
    seen[10:16] = seen[50:62] = False
    exchanges[20:26, 2] = exchanges[12:14, 2] = True    # the second while nobody was seen
    whole = statistics(sums_of([said(np.zeros((FRAMES, 33, 5)), seen=seen, exchanges=exchanges)]))
    assert whole["share %: lost"] == pytest.approx(100 * 18 / FRAMES)
    assert whole["run s: lost"] == pytest.approx(9 / RATE_HZ)
    assert whole["share %: legs"] == pytest.approx(100 * 6 / FRAMES)
    assert whole["run s: legs"] == pytest.approx(6 / RATE_HZ)
    assert np.isnan(whole["run s: body"]) and whole["share %: body"] == 0


def test_limbs_far_off_and_scores_that_doubt_are_counted() -> None:
    errors, logits = np.zeros((FRAMES, 33, 5)), np.full((FRAMES, 33), 4.0)
    errors[30:36, 15, 0] = 0.4
    logits[30:36, 15] = -4.0
    whole = statistics(sums_of([said(errors, logits)]))
    assert whole["gross %: wrists"] == pytest.approx(100 * 6 / (2 * FRAMES))
    assert whole["gross run s: wrists"] == pytest.approx(6 / RATE_HZ)
    assert whole["unsure %: wrists"] == pytest.approx(100 * 6 / (2 * FRAMES))
    assert whole["unsure std / sure std: wrists"] > 5


def test_somebody_who_is_never_seen_takes_no_part() -> None:
    errors = autoregressive(np.random.default_rng(3), 2) * STD_M
    both = statistics(sums_of([said(errors[0]), said(errors[1], seen=np.zeros(FRAMES, bool))]))
    alone = statistics(sums_of([said(errors[0])]))
    names = [name for name in alone if "lost" not in name]
    np.testing.assert_allclose([both[name] for name in names], [alone[name] for name in names])


def test_intervals_hold_the_truth_about_as_often_as_they_say(monkeypatch) -> None:
    monkeypatch.setattr(error_statistics, "DRAWS", 200)
    rng, held, name = np.random.default_rng(4), 0, "std mm: wrists depth"
    # Clips differ: so many clips and not so many frames tell how well a width is known.
    widths_m = rng.gamma(4.0, 0.005, size=(100, 1, 1, 1))
    everybody = sums_of([said(errors) for errors in widths_m * rng.normal(size=(100, FRAMES, 33, 5))])
    truth = statistics(everybody)[name]
    for _ in range(40):
        some = everybody.drawn(np.eye(100)[rng.integers(100, size=25)])
        low, high = intervals(some, rng)[name]
        held += low <= truth <= high
    assert 31 <= held <= 40


def test_quantiles_of_histograms_are_those_of_the_numbers() -> None:
    numbers = np.random.default_rng(5).lognormal(-3.0, 1.0, size=20_000)
    counts = np.histogram(numbers, BINS)[0][None].astype(float)
    for share in (0.5, 0.95, 0.99):
        assert _quantile(counts, share)[0] == pytest.approx(np.quantile(numbers, share), rel=0.03)
    with np.errstate(invalid="ignore"):
        assert np.isnan(_quantile(np.zeros_like(counts), 0.5)[0])
