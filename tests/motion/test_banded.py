import numpy as np
import pytest

from motion.banded import BandedNormal


def terms(rng, frames, width, columns):
    """Random terms over one, two and three neighbouring frames."""
    for coefficients in (np.array([1.3]), np.array([-1.0, 1.1]), np.array([0.9, -2.1, 1.2])):
        count = max(frames - len(coefficients) + 1, 0)
        yield coefficients, rng.uniform(0.3, 40.0, (count, width)), rng.normal(size=(count, width, *columns))


@pytest.mark.parametrize("columns", [(), (3,)])
@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("frames", [1, 2, 3, 7, 8, 9, 16, 17, 24, 100])
def test_it_solves_what_dense_least_squares_solves(frames, width, columns, rng):
    normal = BandedNormal(frames, width, 2, *columns)
    rows, wanted = [], []
    for coefficients, weights, wish in terms(rng, frames, width, columns):
        normal.add_differences(coefficients, weights, wish)
        for t, d in np.ndindex(weights.shape):
            row = np.zeros((frames, width))
            row[t : t + len(coefficients), d] = np.sqrt(weights[t, d]) * coefficients
            rows.append(row.ravel())
            wanted.append(np.sqrt(weights[t, d]) * wish[t, d])
    truth = np.linalg.lstsq(np.array(rows), np.array(wanted), rcond=None)[0]
    np.testing.assert_allclose(normal.solve(), truth.reshape(frames, width, *columns), atol=1e-9)


def test_symmetric_matrices_couple_directions(rng):
    frames, width = 40, 3
    half = rng.normal(size=(frames, width, width))
    weights, wish = half @ np.swapaxes(half, -1, -2) + np.eye(width), rng.normal(size=(frames, width))
    normal = BandedNormal(frames, width, 2)
    normal.add_differences(np.ones(1), weights, wish)
    normal.add_differences(np.array([-1.0, 1.0]), 5.0 * weights[1:])
    dense = np.zeros((frames, width, frames, width))
    for t in range(frames):
        dense[t, :, t] += weights[t] + 5.0 * (t > 0) * weights[t] + (5.0 * weights[t + 1] if t + 1 < frames else 0.0)
    for t in range(1, frames):
        dense[t, :, t - 1] = dense[t - 1, :, t] = -5.0 * weights[t]
    right = np.einsum("tij,tj->ti", weights, wish).ravel()
    truth = np.linalg.solve(dense.reshape(frames * width, -1), right).reshape(frames, width)
    np.testing.assert_allclose(normal.solve(), truth, atol=1e-10)
