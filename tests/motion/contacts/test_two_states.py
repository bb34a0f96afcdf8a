from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motion.contacts.two_states import likeliest_states

GAINS = arrays(np.float64, st.tuples(st.integers(1, 9), st.integers(1, 3)),
               elements=st.floats(-5.0, 5.0, width=16))  # fmt: skip


def worth(on, gain, change_cost, least):
    """Of one way through one channel; -inf where a run between two changes is too short."""
    changes = np.flatnonzero(np.diff(on.astype(int))) + 1
    if np.any(np.diff(changes) < least):
        return -np.inf
    return gain[on].sum() - change_cost * len(changes)


@settings(deadline=None)   # all ways of nine frames take a while
@given(GAINS, st.floats(0.0, 3.0, width=16), st.integers(1, 4))
def test_no_other_way_is_worth_more(gain, change_cost, least):
    found = likeliest_states(gain, change_cost, least)
    for channel, states in zip(gain.T, found.T):
        best = max(worth(np.array(way), channel, change_cost, least)
                   for way in product([False, True], repeat=len(channel)))  # fmt: skip
        assert np.isclose(worth(states, channel, change_cost, least), best, atol=1e-9)


def test_nothing_changes_for_what_is_worth_less_than_both_changes():
    gain = np.array([2.0, 2.0, 2.0, -1.9, 2.0, 2.0, 2.0])[:, None]
    assert likeliest_states(gain, 1.0, 1).all()
    assert not likeliest_states(gain, 0.9, 1)[3, 0]


def test_no_frames_have_no_states():
    assert likeliest_states(np.zeros((0, 3)), 1.0, 2).shape == (0, 3)
