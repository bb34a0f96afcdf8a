"""Every lifter that is offered can be asked, and what it does not say is said for it."""

import importlib
import sys
from types import SimpleNamespace

import pytest

from backend.lift.lift_track import check_lifter, lift_track, lifter_version
from backend.lift.wanted import LiftSettings
from backend.settings import settings_from
from motion.choices import lifters
from motion.refusal import Refusal


@pytest.mark.parametrize("name", lifters())
def test_every_lifter_that_is_offered_can_be_set_and_has_what_a_lifter_has(name):
    assert settings_from({"lift": {"lifter": name}}).lift.lifter == name
    module = importlib.import_module(f"backend.lift.lifters.{name}")
    assert callable(module.lift) and module.TITLE == lifters()[name].title


def test_a_lifter_is_asked_for_what_is_wanted_and_needs_no_more_than_lift(monkeypatch):
    asked = []
    monkeypatch.setitem(sys.modules, "backend.lift.lifters.tiny", SimpleNamespace(lift=asked.append))
    settings = LiftSettings(lifter="tiny")
    check_lifter(settings)
    lift_track("track", "start", "K", settings, "cpu", "camera")
    assert lifter_version(settings) == "tiny"
    assert (asked[0].track, asked[0].start, asked[0].K, asked[0].camera) == ("track", "start", "K", "camera")


def test_a_lifter_that_cannot_work_says_so_before_the_work(monkeypatch):
    def check():
        raise Refusal("no-weights", "There are no weights.", "Fetch them.")

    monkeypatch.setitem(sys.modules, "backend.lift.lifters.tiny", SimpleNamespace(check=check))
    with pytest.raises(Refusal, match="There are no weights"):
        check_lifter(LiftSettings(lifter="tiny"))


def test_a_lifter_that_nobody_wrote_is_refused_with_those_that_there_are():
    with pytest.raises(Refusal, match="must be one of network, direct"):
        settings_from({"lift": {"lifter": "guess"}})
