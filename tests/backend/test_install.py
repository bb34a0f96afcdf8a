"""What an installation asks before it fetches anything."""

from __future__ import annotations

import pytest

from backend import install
from backend.environments.environment import Wish
from motion.refusal import Refusal


@pytest.fixture
def told(monkeypatch) -> list[str]:
    monkeypatch.setattr(install, "is_ready", lambda *_: False)
    monkeypatch.setattr(install.sys.stdin, "isatty", lambda: True, raising=False)
    return []


def asked(told: list[str]) -> None:
    install.announce("backend", (), Wish("cpu", None), lambda step: told.append(step.message), ask=True)


@pytest.mark.parametrize("answer", ["", "y", " YES "])
def test_who_agrees_goes_on(told, monkeypatch, answer) -> None:
    monkeypatch.setattr("builtins.input", lambda _: answer)
    asked(told)
    assert "from the network" in told[0]


@pytest.mark.parametrize("answer", ["n", "what?", None])
def test_who_does_not_agree_or_closes_the_input_fetches_nothing(told, monkeypatch, answer) -> None:
    def typed(_: str) -> str:
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", typed)
    with pytest.raises(Refusal) as refused:
        asked(told)
    assert refused.value.code == "not-asked"
