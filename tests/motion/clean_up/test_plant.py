import numpy as np
import pytest

from motion.clean_up.plant import plant
from motion.clean_up.settings import CleanUpSettings
from tests.motion.clean_up.performers import RATE, SOLES, about_z, in_place, noisy, walking

FULL = CleanUpSettings()


def planted(take, settings=FULL, sight=None):
    return take.with_motion(*plant(take.figure, take.R, take.root, take.contacts, RATE, settings, sight))


def slides(take):
    """How far [m] what rests moves from one frame to the next."""
    steps = np.linalg.norm(np.diff(take.points(*take.contacts.names), axis=0), axis=-1)
    return steps[take.contacts.held[1:] & take.contacts.held[:-1]]


@pytest.fixture(params=["standing", "walking"])
def take(request):
    return {"standing": in_place, "walking": walking}[request.param]()


def test_what_is_right_already_stays(take):
    cleaned = planted(take)
    np.testing.assert_allclose(cleaned.joints(), take.joints(), atol=2e-3)


def test_what_rests_does_not_move(take):
    captured = noisy(take, np.random.default_rng(5))
    assert slides(captured).max() > 2e-3
    assert slides(planted(captured)).max() < 1e-4


def test_nothing_happens_at_no_strength(take):
    captured = noisy(take, np.random.default_rng(6))
    R, root = plant(captured.figure, captured.R, captured.root, captured.contacts, RATE, CleanUpSettings(strength=0.0))
    np.testing.assert_array_equal(R, captured.R)
    np.testing.assert_array_equal(root, captured.root)


def test_cleaning_twice_changes_nothing_more(take):
    once = planted(noisy(take, np.random.default_rng(7)))
    assert np.abs(planted(once).joints() - once.joints()).max() < 1e-3


def test_clean_up_does_not_care_where_north_is(take):
    captured = noisy(take, np.random.default_rng(8))
    turn, shift = about_z(0.9), np.array([3.0, -2.0, 0.0])
    R = captured.R.copy()
    R[:, 0] = turn @ R[:, 0]
    elsewhere = planted(captured.with_motion(R, captured.root @ turn.T + shift))
    np.testing.assert_allclose(elsewhere.joints(), planted(captured).joints() @ turn.T + shift, atol=1e-6)


def test_no_foot_is_under_the_floor(take):
    low = noisy(take, np.random.default_rng(9))
    low = low.with_motion(low.R, low.root - [0.0, 0.0, 0.03])
    assert low.points(*SOLES, "left_toe", "right_toe")[..., 2].min() < -0.02
    for settings in (FULL, CleanUpSettings(feet="ground")):
        assert planted(low, settings).points(*SOLES, "left_toe", "right_toe")[..., 2].min() > -1e-6
