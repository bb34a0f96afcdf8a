import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motion.runs import runs


@given(arrays(bool, st.integers(0, 12)))
def test_runs_are_the_longest_stretches_that_are_true(flags):
    found = runs(flags)
    assert [frame for start, stop in found for frame in range(start, stop)] == np.flatnonzero(flags).tolist()
    assert all(after[0] > before[1] for before, after in zip(found, found[1:]))
