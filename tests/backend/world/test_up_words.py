import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.world.up_words import Components, UprightEdges, agreed, axes_across, direction
from motion.rotations import matrix_from_axis_angle, normalised
from tests.backend.world.tilted import up_from_angles

LENS = {"stretches": np.ones(1), "stretch_shares": np.ones(1)}


def degrees_between(a, b):
    return np.rad2deg(np.arccos(np.clip(a @ b, -1.0, 1.0)))


def edges_of(up, count, others, seed=0, sigma_deg=0.3, spread=0.5):
    """Normals of planes through the lens and upright edges all over the picture, and of others that lean anyhow."""
    chance = np.random.default_rng(seed)
    x, y = chance.uniform(-spread, spread, count + others), chance.uniform(-0.4, 0.4, count + others)
    rays = normalised(np.stack([x, y, np.ones(count + others)], axis=-1))
    normals = normalised(np.cross(rays, up))
    lean = np.deg2rad(np.concatenate([sigma_deg * chance.normal(size=count), chance.uniform(-25.0, 25.0, others)]))
    return np.einsum("vij,vj->vi", matrix_from_axis_angle(lean[:, None] * rays), normals)


def edges(normals, **lens):
    return UprightEdges("edges", normals, np.deg2rad(0.7), 0.5, np.deg2rad(20.0), 0.25, **{**LENS, **lens})


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), sigma_deg=st.floats(0.2, 8.0))
def test_a_lone_word_is_believed_as_it_is(seed, sigma_deg):
    said = normalised(np.random.default_rng(seed).normal(size=3))
    up, covariance = agreed([direction("network", said, np.deg2rad(sigma_deg))])
    assert degrees_between(up, said) < 0.05 * sigma_deg
    np.testing.assert_allclose(np.rad2deg(np.sqrt(np.trace(covariance) / 2.0)), sigma_deg, rtol=0.06)
    np.testing.assert_allclose(covariance @ up, 0.0, atol=1e-9)


def test_two_words_meet_where_their_variances_say():
    first, second = up_from_angles(0.0, 0.0), up_from_angles(0.0, 5.0)
    up, covariance = agreed([direction("a", first, np.deg2rad(2.0)), direction("b", second, np.deg2rad(4.0))])
    assert degrees_between(up, up_from_angles(0.0, 1.0)) < 0.05
    np.testing.assert_allclose(np.rad2deg(np.sqrt(np.trace(covariance) / 2.0)), (1 / 4 + 1 / 16) ** -0.5, rtol=0.05)


def test_a_word_far_off_the_others_hardly_counts_where_words_are_often_wrong():
    others = [direction("a", up_from_angles(roll, 8.0), np.deg2rad(3.0), 4.0) for roll in (-1.0, 0.0, 1.0)]
    wrong = direction("b", up_from_angles(40.0, 8.0), np.deg2rad(3.0), 4.0)
    assert degrees_between(agreed([*others, wrong])[0], up_from_angles(0.0, 8.0)) < 1.0


def test_the_order_of_words_does_not_matter():
    words = [direction("a", up_from_angles(2.0, 8.0), 0.05), direction("b", up_from_angles(-3.0, 1.0), 0.1, 3.0),
             edges(edges_of(up_from_angles(1.0, 5.0), 12, 4))]  # fmt: skip
    np.testing.assert_allclose(agreed(words)[0], agreed(words[::-1])[0], atol=1e-9)


@pytest.mark.parametrize("roll, pitch", [(0.0, 3.0), (-4.0, 12.0), (7.0, 20.0)])
def test_upright_edges_among_as_many_that_lean_mend_a_belief_six_degrees_off(roll, pitch):
    true = up_from_angles(roll, pitch)
    belief = direction("network", up_from_angles(roll + 4.0, pitch - 4.5), np.deg2rad(4.0))
    up, covariance = agreed([belief, edges(edges_of(true, 40, 40))])
    assert degrees_between(up, true) < 0.5
    assert np.rad2deg(np.sqrt(np.trace(covariance) / 2.0)) < 0.7


def test_edges_of_one_door_tell_roll_and_leave_pitch_to_others():
    true = up_from_angles(3.0, 10.0)
    belief = direction("network", up_from_angles(0.0, 7.0), np.deg2rad(3.0))
    up, covariance = agreed([belief, edges(edges_of(true, 20, 0, spread=0.01))])
    across, along = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
    assert abs((up - true) @ across) < np.deg2rad(0.5)
    assert degrees_between(up, true) == pytest.approx(3.0, abs=0.6)
    assert np.sqrt(along @ covariance @ along) > np.deg2rad(2.5) > 3 * np.sqrt(across @ covariance @ across)


def test_edges_seen_through_a_longer_lens_than_it_is_taken_for_say_so_of_pitch():
    true = up_from_angles(0.0, 15.0)
    seen = normalised(edges_of(true, 40, 0) * [1.0, 1.0, 1.3])    # the planes that a lens taken for shorter shows
    guess = {"stretches": np.array([0.8, 1.0, 1.3]), "stretch_shares": np.array([0.2, 0.4, 0.4])}
    belief = direction("network", true, np.deg2rad(3.0))
    too_level, sure = agreed([belief, edges(seen)])
    better, unsure = agreed([belief, edges(seen, **guess)])
    assert degrees_between(too_level, true) > 2.0 > degrees_between(better, true)
    assert np.trace(unsure) > np.trace(sure)


def test_an_unknown_component_is_left_open():
    level = Components("camera", np.array([[1.0, 0.0, 0.0]]), np.zeros(1), np.array([np.deg2rad(0.5) ** -2]), 1)
    up, covariance = agreed([level, direction("network", up_from_angles(6.0, 10.0), np.deg2rad(5.0))])
    assert abs(up[0]) < np.deg2rad(0.3)
    smallest, largest = np.linalg.eigvalsh(axes_across(up) @ covariance @ axes_across(up).T)
    np.testing.assert_allclose(np.rad2deg(np.sqrt([smallest, largest])), [0.5, 5.0], rtol=0.15)
