"""Which build of torch a machine gets."""

from __future__ import annotations

import sys

import pytest

from backend.environments import torch_build
from backend.environments.pins import read_pins
from backend.environments.pip_command import Pip
from backend.environments.torch_build import build_for, install_torch
from motion.refusal import Refusal


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """Puts a program of this name and script before all others."""

    def put(script: str) -> None:
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return put


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize("script, build", [
    ("echo 'GPU 0: NVIDIA H200 (UUID: GPU-1)'", "cuda"),
    ("echo 'NVIDIA-SMI has failed because it could not communicate with the driver'; exit 9", "cpu"),
    ("echo 'No devices were found'", "cpu"),
])  # fmt: skip
def test_cuda_is_taken_where_the_driver_answers(driver, script, build):
    driver(script)
    assert build_for("auto") == build
    assert build_for("cpu") == "cpu"


def test_a_machine_without_the_driver_gets_the_cpu_build(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build_for("auto") == "cpu"
    if sys.platform != "darwin":
        assert build_for("cuda") == "cuda"


def test_macos_has_no_cuda(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Refusal, match="macOS has no CUDA. Choose --device cpu."):
        build_for("cuda")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the ordinary build is the small one")
def test_where_only_the_ordinary_build_is_to_be_had_its_size_is_what_is_expected(tmp_path, monkeypatch):
    asked: list[str] = []

    class HasNoSmallBuild(Pip):
        def install(self, *arguments: str, index: str = "") -> None:
            asked.append(arguments[-1])
            if arguments[-1].endswith("+cpu"):
                raise Refusal("no-such-package", "The index has no such build.", "Choose another.")

    monkeypatch.setattr(torch_build, "_reachable", lambda address: False)
    pip = HasNoSmallBuild(tmp_path / "bin/python", None, tmp_path / "log", 470, tell=lambda step: None)
    install_torch(pip, read_pins("backend").torch, "cpu", tmp_path / "pinned.txt", {"cpu": 470, "cuda": 3010})
    version = read_pins("backend").torch.version
    assert asked == [f"torch=={version}+cpu", f"torch=={version}"]
    assert pip.expected_mb == 3010
