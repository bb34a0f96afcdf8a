"""Pythons are found where each system keeps them, on the PATH or not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from backend.environments import pythons
from backend.environments.pythons import find_python


@pytest.fixture
def nothing_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "nothing"))
    monkeypatch.setattr(pythons, "version_of_this", lambda: "3.9")
    monkeypatch.setattr(pythons, "version_of", lambda python: "3.11" if python.exists() else "")
    return monkeypatch


@pytest.mark.parametrize("variable, inside", [
    ("LOCALAPPDATA", "Programs/Python/Python311/python.exe"), ("PROGRAMFILES", "Python311/python.exe"),
])  # fmt: skip
def test_on_windows_where_its_installer_puts_it(nothing_on_the_path, tmp_path, variable: str, inside: str):
    nothing_on_the_path.setattr(sys, "platform", "win32")
    for name in ("LOCALAPPDATA", "PROGRAMFILES"):
        nothing_on_the_path.setenv(name, str(tmp_path / "empty"))
    nothing_on_the_path.setenv(variable, str(tmp_path))
    assert find_python(("3.11",)) is None
    (tmp_path / inside).parent.mkdir(parents=True)
    (tmp_path / inside).touch()
    assert find_python(("3.11", "3.13")) == tmp_path / inside


@pytest.mark.parametrize("inside", ["homebrew/python3.11", "frameworks/3.11/bin/python3.11"])
def test_on_macos_where_the_finder_gives_no_path_to_it(nothing_on_the_path, tmp_path, inside: str):
    nothing_on_the_path.setattr(sys, "platform", "darwin")
    nothing_on_the_path.setattr(pythons, "HOMEBREW", (str(tmp_path / "homebrew"),))
    nothing_on_the_path.setattr(pythons, "MACOS_INSTALLER", tmp_path / "frameworks")
    assert find_python(("3.11",)) is None
    (tmp_path / inside).parent.mkdir(parents=True)
    (tmp_path / inside).touch()
    assert find_python(("3.11",)) == tmp_path / inside
