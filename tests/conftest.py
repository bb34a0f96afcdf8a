import contextlib
import signal

import numpy as np
import pytest

# In a shell's background interrupts are ignored, and what tests start and interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

with contextlib.suppress(ModuleNotFoundError):   # a Blender of the user's own may lack it
    import hypothesis

    # A busy machine takes its time, which is no fault of the code.
    hypothesis.settings.register_profile("unhurried", deadline=None)
    hypothesis.settings.load_profile("unhurried")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261)
