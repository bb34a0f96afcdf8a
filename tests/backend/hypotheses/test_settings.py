"""What cannot be asked of other poses."""

from __future__ import annotations

import pytest

from backend.hypotheses.settings import HypothesesSettings, RpeaSettings
from motion.refusal import Refusal


@pytest.mark.parametrize(("name", "value", "mend"), [
    ("samples", 500, "Choose 0 to 200."), ("samples", -1, "Choose 0 to 200."), ("steps", 0, "Choose 1 to 5."),
    ("draws_each", 0, "Choose 1 to 50."), ("noise", -0.1, "Choose 0 to 5."), ("fit_rounds", 11, "Choose 0 to 10."),
])  # fmt: skip
def test_numbers_of_other_poses_have_bounds(name: str, value: float, mend: str) -> None:
    with pytest.raises(Refusal) as refused:
        HypothesesSettings(**{name: value})
    assert refused.value.sentence == f"The {name} of hypotheses cannot be {value:g}." and refused.value.mend == mend


@pytest.mark.parametrize(("name", "value", "mend"), [
    ("kept", 0, "Choose 1 or more."), ("temperature", 0.0, "Choose 0.001 or more."),
    ("smoothed_s", -1.0, "Choose 0 or more."), ("lift_share", 1.5, "Choose 0 to 1."),
])  # fmt: skip
def test_numbers_by_which_poses_are_weighed_have_bounds(name: str, value: float, mend: str) -> None:
    with pytest.raises(Refusal) as refused:
        RpeaSettings(**{name: value})
    assert refused.value.sentence == f"The {name} of RPEA cannot be {value:g}." and refused.value.mend == mend
