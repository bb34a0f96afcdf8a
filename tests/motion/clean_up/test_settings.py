import pytest

from motion.clean_up.settings import CleanUpSettings
from motion.refusal import Refusal


@pytest.mark.parametrize("name", ["strength", "smoothing"])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_shares_outside_of_0_to_1_are_refused_in_words(name, value):
    with pytest.raises(Refusal) as refused:
        CleanUpSettings(**{name: value})
    assert f"{refused.value.sentence} {refused.value.mend}" == (
        f"The {name} of clean-up must lie between 0 and 1, not at {value:g}. Choose 1 if unsure.")  # fmt: skip
