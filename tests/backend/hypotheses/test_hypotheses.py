from dataclasses import replace

import numpy as np
import pytest

from backend.hypotheses import weights
from backend.hypotheses.hypotheses import hypotheses_of
from backend.hypotheses.rpea import rpea
from backend.hypotheses.settings import HypothesesSettings
from motion.hypotheses.choice import Choice
from motion.refusal import Refusal
from tests.backend.hypotheses.made_up_lift import some_flow, some_lift

SETTINGS = HypothesesSettings(samples=6)


@pytest.fixture(autouse=True)
def flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "shipped_flow", lambda device="cpu": some_flow())


def test_of_a_lift_there_are_samples_a_spread_and_a_few_choices() -> None:
    lift = some_lift()
    found = hypotheses_of(lift, SETTINGS)
    assert len(found.samples) == 6 and found.main is lift
    assert found.spread_m.shape == (len(lift.root_camera), 22) and (found.spread_m[:, 1:] > 0.0).all()
    assert len(found.choices) <= 5
    for each in found.choices:
        assert isinstance(each.choice, Choice) and 0 <= each.sample < 6
        assert each.choice.last < len(lift.root_camera)


def test_the_main_motion_can_be_what_they_say_together() -> None:
    lift = some_lift()
    found = hypotheses_of(lift, replace(SETTINGS, aggregate=True))
    expected = rpea(found.samples, SETTINGS.rpea)
    np.testing.assert_array_equal(found.main.R_parent_from_joint, expected.R_parent_from_joint)
    assert np.abs(found.main.R_parent_from_joint - lift.R_parent_from_joint).max() > 0.01
    assert found.samples.lift is lift


@pytest.mark.parametrize("change", [{"seed": 1}, {"steps": 1}, {"samples": 7}])
def test_every_setting_matters(change: dict) -> None:
    usual, other = (hypotheses_of(some_lift(), settings) for settings in (SETTINGS, replace(SETTINGS, **change)))
    assert np.abs(usual.spread_m - other.spread_m).max() > 1e-4


def test_of_what_no_network_lifted_nothing_is_told() -> None:
    with pytest.raises(Refusal):
        hypotheses_of(replace(some_lift(), features=None), SETTINGS)
