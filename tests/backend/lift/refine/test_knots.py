import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lift.refine.knots import Knots


@given(frames=st.integers(1, 40), spacing=st.integers(1, 7))
def test_equal_coefficients_make_a_constant_without_slope(frames, spacing):
    knots = Knots(frames, spacing)
    coefficients = np.full((knots.coefficient_count, 2), 1.7)
    np.testing.assert_allclose(knots.values(coefficients), np.full((frames, 2), 1.7), atol=1e-12)
    np.testing.assert_allclose(knots.slopes(coefficients), np.zeros((frames, 2)), atol=1e-12)


def test_slopes_are_the_change_from_frame_to_frame():
    """A quadratic's central difference is its derivative, inside a gap between knots."""
    knots = Knots(20, 5)
    coefficients = np.random.default_rng(3).normal(size=(knots.coefficient_count, 3))
    values, slopes = knots.values(coefficients), knots.slopes(coefficients)
    inside = [frame for frame in range(20) if 0 < frame % 5 < 4]
    steps = 0.5 * (values[np.add(inside, 1)] - values[np.subtract(inside, 1)])
    np.testing.assert_allclose(slopes[inside], steps, atol=1e-12)


@pytest.mark.parametrize(("frames", "spacing"), [(1, 3), (2, 1), (11, 3), (12, 4), (7, 20)])
def test_the_least_is_that_of_the_written_out_sum(frames, spacing):
    rng, knots, n = np.random.default_rng(frames), Knots(frames, spacing), 4
    half = rng.normal(size=(frames, n, n))
    curvature = half @ half.swapaxes(1, 2)
    slope_curvature, pull, slope_pull = rng.uniform(0.5, 2, (frames, n)), *rng.normal(size=(2, frames, n))
    basis = knots.values(np.eye(knots.coefficient_count))
    slopes = knots.slopes(np.eye(knots.coefficient_count))
    matrix = np.einsum("tk,tij,tl->kilj", basis, curvature, basis)
    matrix += np.einsum("tk,ti,tl,ij->kilj", slopes, slope_curvature, slopes, np.eye(n))
    size = knots.coefficient_count * n
    matrix = matrix.reshape(size, size) + 0.01 * np.eye(size)
    right = (basis.T @ pull + slopes.T @ slope_pull).ravel()
    found = knots.least(curvature, slope_curvature, pull, slope_pull, ridge=0.01)
    np.testing.assert_allclose(found.ravel(), np.linalg.solve(matrix, right), rtol=1e-8, atol=1e-10)
