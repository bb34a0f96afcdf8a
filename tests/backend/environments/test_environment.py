"""Environments that are made, completed and renewed, with real pip and wheels made on the spot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backend.environments import pins as pins_module
from backend.environments.environment import STAMP, Wish, ensure, is_ready, megabytes
from backend.environments.lock import held
from backend.environments.pip_command import forget_half_installed, site_packages
from backend.environments.telling import Step
from motion.places import environment_folder
from motion.refusal import Refusal
from tests.backend.environments.made_up_wheels import write_pins, write_wheel

PARTS = ("tests",)


class Home:
    """A data folder with made-up pins and a folder of wheels."""

    def __init__(self, folder: Path) -> None:
        self.pins = folder / "pins.toml"
        self.wheels = folder / "wheels with spaces"
        self.told: list[Step] = []
        write_pins(self.pins)
        write_wheel(self.wheels, "tiny", "1.0")
        write_wheel(self.wheels, "small", "1.0")

    def ensure(self) -> Path:
        self.told.clear()
        return ensure("tiny", PARTS, Wish("cpu", self.wheels), self.told.append)


@pytest.fixture
def new_home(tmp_path, monkeypatch) -> Home:
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "hôme"))
    monkeypatch.setattr(pins_module, "PINS_FILE", tmp_path / "pins.toml")
    return Home(tmp_path)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Path:
    """An environment made from nothing; it takes seconds, and copies of it work as well."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("made once")
        patch.setenv("MAMBOCAP_HOME", str(folder / "hôme"))
        patch.setattr(pins_module, "PINS_FILE", folder / "pins.toml")
        Home(folder).ensure()
        return environment_folder("tiny")


@pytest.fixture
def home(new_home, made_once) -> Home:
    shutil.copytree(made_once, environment_folder("tiny"), symlinks=True)
    return new_home


def version_in(python: Path) -> str:
    command = [str(python), "-c", "import tiny; print(tiny.version)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_made_environment_is_found_again_without_a_word(home):
    assert is_ready("tiny", PARTS) and megabytes("tiny", PARTS) == (0, 0)
    assert version_in(home.ensure()) == "1.0"
    assert home.told == []


def test_an_environment_is_renewed_when_its_pins_change(home):
    write_pins(home.pins, "2.0")
    write_wheel(home.wheels, "tiny", "2.0")
    assert not is_ready("tiny") and megabytes("tiny", PARTS) == (1, 30)
    assert version_in(home.ensure()) == "2.0"
    assert is_ready("tiny", PARTS)


def test_an_environment_of_another_build_is_not_taken_for_this_one(home):
    assert is_ready("tiny", device="cpu") and not is_ready("tiny", device="cuda")


def test_what_a_killed_pip_left_behind_is_completed(home):
    python = home.ensure()
    packages = site_packages(python)
    (packages / "tiny-1.0.dist-info/INSTALLER").unlink()
    (packages / "tiny.py").unlink()
    (environment_folder("tiny") / STAMP).write_text('{"build": "cpu", "parts": {}}', encoding="utf-8")
    assert not is_ready("tiny")
    assert version_in(home.ensure()) == "1.0"


def test_nothing_of_a_half_installed_package_says_its_version(home):
    python = home.ensure()
    info = site_packages(python) / "tiny-1.0.dist-info"
    (info / "INSTALLER").unlink()
    forget_half_installed(python)
    assert not info.exists(), "its folder's name alone is a whole package to pip 26"


def test_a_missing_wheel_is_named(home):
    write_pins(home.pins, "2.0")
    with pytest.raises(Refusal) as refused:
        home.ensure()
    assert refused.value.sentence == f"{home.wheels} has no wheel of tiny==2.0 that fits this machine and its Python."
    assert not is_ready("tiny")


def test_a_package_that_does_not_start_is_not_called_installed(home):
    write_pins(home.pins, "2.0")
    write_wheel(home.wheels, "tiny", "2.0", "raise RuntimeError('no such processor')")
    with pytest.raises(Refusal) as refused:
        home.ensure()
    assert refused.value.sentence == "What was installed for tiny does not start (RuntimeError: no such processor)."
    assert not environment_folder("tiny").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_a_missing_system_library_is_named_after_the_try(home):
    write_pins(home.pins, "2.0")
    write_wheel(home.wheels, "tiny", "2.0", "import ctypes; ctypes.CDLL('libmambocapnone.so.9')")
    with pytest.raises(Refusal) as refused:
        home.ensure()
    assert refused.value.sentence == "This system lacks libmambocapnone.so.9."
    assert environment_folder("tiny").exists()


def test_too_small_a_disk_is_refused_before_anything_is_fetched(new_home):
    write_pins(new_home.pins, disk_mb=10**9)
    with pytest.raises(Refusal, match=r"has \d+ MB free, but 1000000001 MB are needed"):
        new_home.ensure()
    assert not environment_folder("tiny").exists()


def test_two_installations_do_not_meet(new_home):
    with held(environment_folder("tiny").with_name("tiny.lock"), "it"), pytest.raises(Refusal) as refused:
        new_home.ensure()
    assert refused.value.sentence == "Another process is installing the environment tiny at this moment."


def test_a_home_that_cannot_be_written_is_one_sentence(new_home, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "file"))
    with pytest.raises(Refusal) as refused:
        new_home.ensure()
    assert refused.value.sentence == f"{tmp_path / 'file/environments'} cannot be written (Not a directory)."


def test_no_network_is_one_sentence(home, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nothing listens on the discard port
    write_pins(home.pins, "2.0")
    with pytest.raises(Refusal) as refused:
        ensure("tiny", (), Wish("cpu"), home.told.append)
    assert refused.value.sentence == "The package index could not be reached."


def test_pins_are_found_for_every_environment():
    for name in pins_module.environment_names():
        pins = pins_module.read_pins(name)
        assert pins.requirements and pins.imports and pins.pythons
        assert all("==" in requirement for requirement in pins.requirements)
        assert pins.fingerprint("cpu") != pins.fingerprint("cuda")
