"""A cluster is open to nobody but who has its token."""

from __future__ import annotations

import os
import sys

import pytest

from backend.batch.cluster.how_ray_runs import make_token, ray_environment, token_file


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN_PATH", "RAY_USAGE_STATS_ENABLED"):
        monkeypatch.delenv(name, raising=False)


def test_the_token_is_made_once_and_is_for_this_user_alone():
    assert make_token() and not make_token()
    assert len(token_file().read_text()) == 64
    if sys.platform != "win32":
        assert token_file().stat().st_mode & 0o077 == 0


def test_ray_runs_with_the_token_where_there_is_one_and_never_counts_its_use():
    assert "RAY_AUTH_MODE" not in ray_environment() and ray_environment()["RAY_USAGE_STATS_ENABLED"] == "0"
    make_token()
    assert ray_environment()["RAY_AUTH_MODE"] == "token"
    assert ray_environment()["RAY_AUTH_TOKEN_PATH"] == str(token_file())
    assert ray_environment()["PATH"] == os.environ["PATH"]


def test_what_the_user_said_to_ray_stays(monkeypatch):
    make_token()
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    assert ray_environment()["RAY_AUTH_MODE"] == "disabled"
