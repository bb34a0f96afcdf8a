"""The extension registered in bpy, with a data folder of its own and this Python as the backend's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import bpy
import mambocap
import pytest
from mambocap.addon import capture, check_backend


@pytest.fixture
def extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Registered and enabled on an empty scene; gives the user's data folder."""
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    enabled = bpy.context.preferences.addons.new()
    enabled.module = "mambocap"
    mambocap.register()
    for module in (capture, check_backend):
        monkeypatch.setattr(module, "backend_python", lambda: Path(sys.executable))
        monkeypatch.setattr(module, "is_installed", lambda: True)
    yield tmp_path / "home"
    if capture.session is not None and capture.session.process_id is not None:
        capture.backend_process.end(capture.session.process_id)
    mambocap.unregister()
    bpy.context.preferences.addons.remove(enabled)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file with a film's name; the played backend does not look into it."""
    path = tmp_path / "dance.mp4"
    path.write_bytes(b"not really a film")
    bpy.context.scene.mambocap.clip = str(path)
    return path
