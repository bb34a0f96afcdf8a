"""Packages have long names, and Windows has little room for them."""

from __future__ import annotations

import os
import sys
import sysconfig
from contextlib import nullcontext
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from backend.environments.long_names import LONGEST_INSIDE, require_short_name
from motion.refusal import Refusal


def registry(allows: int | None) -> SimpleNamespace:
    def asked(*_: object) -> tuple[int, int]:
        if allows is None:
            raise FileNotFoundError
        return allows, 4

    return SimpleNamespace(HKEY_LOCAL_MACHINE=0, OpenKey=lambda *_: nullcontext(), QueryValueEx=asked)


def environment_of(user: str) -> PureWindowsPath:
    return PureWindowsPath("C:/Users", user, "AppData/Local/Mambocap/environments/backend")


@pytest.mark.parametrize("user, allows, fits", [
    ("fifteen letters", 0, True), ("sixteen letters.", 0, False), ("sixteen letters.", None, False),
    ("sixteen letters.", 1, True),
])  # fmt: skip
def test_windows_is_asked_before_anything_is_downloaded(monkeypatch, user: str, allows: int | None, fits: bool):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", registry(allows))
    if fits:
        require_short_name(environment_of(user))
        return
    with pytest.raises(Refusal, match="C:/Mambocap, by the environment variable MAMBOCAP_HOME") as refusal:
        require_short_name(environment_of(user))
    assert str(environment_of(user)) in refusal.value.sentence


def test_other_systems_have_room(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    require_short_name(Path("/home") / ("a" * 300))


def test_no_package_that_is_installed_has_a_longer_name():
    packages = sysconfig.get_path("purelib")
    inside = max(len(folder) + 1 + max(map(len, files), default=0) for folder, _, files in os.walk(packages)
                 if not folder.endswith("__pycache__"))  # fmt: skip
    assert inside - len(packages) - 1 <= LONGEST_INSIDE
