import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motion.runs import in_turn, runs


@given(arrays(bool, st.integers(0, 12)))
def test_runs_are_the_longest_stretches_that_are_true(flags):
    found = runs(flags)
    assert [frame for start, stop in found for frame in range(start, stop)] == np.flatnonzero(flags).tolist()
    assert all(after[0] > before[1] for before, after in zip(found, found[1:]))


@given(st.integers(0, 50), st.integers(1, 60))
def test_in_turn_all_frames_come_once(frames, at_once):
    parts = list(in_turn(frames, at_once))
    assert [frame for part in parts for frame in range(frames)[part]] == list(range(frames))
    assert all(part.stop - part.start <= at_once for part in parts)
