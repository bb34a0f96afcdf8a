import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.lift.direct.bone_direction import bone_direction

RAY = np.array([[0.0, 0.0, 1.0]])


def direction(across, along, length=0.4, sigma_across=0.02, sigma_along=0.08):
    return bone_direction(np.array([[across, 0.0, 0.0]]), np.array([along]), RAY, np.array([length]),
                          np.array([sigma_across]), np.array([sigma_along]))[0]  # fmt: skip


@given(angle=st.floats(-1.5, 1.5))
def test_a_bone_seen_without_error_points_where_it_points(angle):
    found = direction(0.4 * np.cos(angle), 0.4 * np.sin(angle))
    np.testing.assert_allclose(found, [np.cos(angle), 0.0, np.sin(angle)], atol=1e-3)


@given(across=st.floats(0.0, 1.0), along=st.floats(-1.0, 1.0))
def test_a_direction_has_unit_length_whatever_the_evidence(across, along):
    assert abs(np.linalg.norm(direction(across, along)) - 1.0) < 1e-9 or across == 0.0


def test_the_picture_decides_how_far_and_the_detector_which_way():
    # Seen at half its length, so 60 degrees out of the picture plane; the detector believes in far less depth.
    towards, away = direction(0.2, -0.1), direction(0.2, 0.1)
    assert np.rad2deg(np.arcsin(away[2])) > 45
    np.testing.assert_allclose(towards, away * [1, 1, -1], atol=1e-9)


def test_a_bone_seen_longer_than_it_is_lies_flat():
    np.testing.assert_allclose(direction(0.5, 0.0), [1.0, 0.0, 0.0], atol=1e-6)


@given(across=st.floats(0.0, 0.6), along=st.floats(-0.5, 0.5))
def test_no_other_angle_costs_less(across, along):
    def cost(phi):
        return ((0.4 * np.cos(phi) - across) / 0.02) ** 2 + ((0.4 * np.sin(phi) - along) / 0.08) ** 2

    found = direction(max(across, 1e-6), along)
    best = cost(np.linspace(-np.pi / 2, np.pi / 2, 20001)).min()
    assert cost(np.arctan2(found[2], found[0])) <= best + 1e-3 * (1 + best)
