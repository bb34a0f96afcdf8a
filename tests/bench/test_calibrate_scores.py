"""The model of scores finds the probabilities that made-up landmarks were drawn with."""

from __future__ import annotations

import numpy as np

from backend.detect import scores
from bench.calibrate_scores import fitted, reliability


def test_known_probabilities_are_found_again():
    rng = np.random.default_rng(5)
    seen = scores.features(rng.uniform(0.01, 0.99, (4000, 33)), rng.gamma(2.0, 0.02, (4000, 33)))
    model = np.concatenate([rng.normal(1.5, 0.4, 33), [0.5, -1.0, -0.8]])
    truth = scores.probability(seen, model)
    found = scores.probability(seen, fitted([(seen, rng.random(truth.shape) < truth)]))
    assert np.abs(found - truth).mean() < 0.02


def test_reliability_counts_everything_once_and_shows_true_shares():
    rng = np.random.default_rng(6)
    said = rng.random((2000, 33))
    rows = reliability(said, rng.random(said.shape) < said)
    assert sum(count for count, _, _ in rows) == said.size and len(rows) == 10
    assert max(abs(share - mean) for _, mean, share in rows) < 0.02
