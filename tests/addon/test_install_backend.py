"""Install Backend: what it says before, meanwhile, and when it cannot go on."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bpy
import pytest
from mambocap.addon import backend_place, backend_process, check_backend, install_backend
from mambocap.motion.places import environment_folder

pytest_plugins = ["tests.addon.in_blender"]


def until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < deadline_s, "it took too long"
        install_backend.look()
        time.sleep(0.05)


def test_the_download_is_measured_before_it_begins(extension):
    for build in ("cpu", "cuda"):
        download_mb, disk_mb = install_backend.megabytes(build)
        assert 50 < download_mb < disk_mb


def test_nothing_is_fetched_while_blender_may_not_use_the_internet(extension):
    bpy.context.preferences.system.use_online_access = False
    with pytest.raises(RuntimeError, match="may not use the internet. Allow Online Access, here or under Preferences"):
        bpy.ops.mambocap.install_backend()
    assert install_backend.installation is None


def test_a_folder_without_wheels_is_named(extension, tmp_path):
    assert bpy.ops.mambocap.install_backend(device="cpu", wheels=str(tmp_path)) == {"FINISHED"}
    until(lambda: install_backend.installation is None)
    assert install_backend.failure == (
        f"{tmp_path} holds no wheels. Choose a folder with the .whl files, or leave it out."
    )
    assert not backend_place.is_installed()


def test_an_installation_can_be_cancelled(extension, monkeypatch):
    process_id = backend_process.start(Path(sys.executable), ["-c", "import time; time.sleep(60)"], started_log())
    install_backend.installation = install_backend.Installation(process_id)
    assert not bpy.ops.mambocap.install_backend.poll()
    bpy.ops.mambocap.cancel_install()
    until(lambda: install_backend.installation is None)
    assert not backend_process.is_alive(process_id)


def started_log() -> Path:
    install_backend.log_file().parent.mkdir(parents=True, exist_ok=True)
    return install_backend.log_file()


def test_progress_is_read_past_the_chatter_of_other_programs(extension):
    started_log().write_text(
        "Collecting torch\n" + json.dumps({"stage": "download", "message": "Fetching packages", "done": 105, "of": 420})
        + '\n{"stage": "install", "mess'
    )  # fmt: skip
    installation = install_backend.Installation(0)
    installation.read_on()
    assert installation.words == "Fetching packages (105 of 420 MB)"
    assert installation.share == 0.25


def test_an_environment_counts_only_when_it_is_whole(extension):
    folder = environment_folder("backend")
    python = backend_place.backend_python()
    python.parent.mkdir(parents=True)
    python.touch()
    assert not backend_place.is_installed(), "an installation that broke off"
    (folder / "mambocap.json").write_text('{"build": "cpu", "parts": {}}')
    assert not backend_place.is_installed(), "an installation that was cancelled between its packages"
    (folder / "mambocap.json").write_text('{"build": "cpu", "parts": {"backend": "of these pins"}}')
    assert backend_place.is_installed()


def test_a_folder_of_the_users_own_is_used_and_never_installed_into(extension, tmp_path):
    bpy.context.preferences.addons["mambocap"].preferences.backend_folder = str(tmp_path)
    assert backend_place.backend_python().is_relative_to(tmp_path)
    assert not bpy.ops.mambocap.install_backend.poll()


def test_a_check_says_what_is_there_and_what_is_missing(extension):
    assert bpy.ops.mambocap.check_backend() == {"FINISHED"}
    while check_backend.checking is not None:
        check_backend.look()
        time.sleep(0.05)
    lines = check_backend.lines()
    assert any(line.startswith("Device: ") for _, line in lines)
    assert ("ERROR", "Missing: model pose_landmarker_heavy") in lines, "the data folder of this test is empty"
    assert lines[-1] == ("BLANK1", "Press Install Again to put this right")


def test_a_backend_that_does_not_start_is_told_by_its_last_word(extension, tmp_path, monkeypatch):
    (tmp_path / "broken.json").write_text("Traceback (most recent call last):\nImportError: libGL.so.1 is missing\n")
    monkeypatch.setattr(check_backend, "answer", check_backend._read(tmp_path / "broken.json"))
    assert check_backend.lines()[0][1] == "Missing: the backend does not start (ImportError: libGL.so.1 is missing)"
