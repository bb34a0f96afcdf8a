"""What is kept under version control: small, free of one machine's traces, and licensed."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LARGEST_MB = 25.0
TEXT = {".py", ".md", ".toml", ".json", ".txt", ".yml", ".yaml", ".sh", ".cfg", ""}
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:root|work|opt/\w|home/\w+|tmp/\w|Users/\w+)(?:/|\b)")
HOSTS = re.compile("|".join((r"pypi\.org", r"pythonhosted\.org", r"registry\.npmjs", r"download\.pytorch",
                             r"deb\.debian", r"huggingface\.co")))  # fmt: skip
NAMES_HOSTS = {"backend/environments/pins.toml", "tests/test_repository.py"}  # the one settings file, and this list
BINARY = {".npz", ".npy", ".mp4", ".pt", ".safetensors", ".task", ".blend", ".glb", ".fbx"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in tracked()
        if path.suffix in TEXT
    ]


def test_the_checkout_stays_small():
    assert sum(path.stat().st_size for path in tracked()) / 1e6 < LARGEST_MB


def test_no_file_names_a_place_on_somebodys_machine():
    assert not [(name, found[0]) for name, text in texts() if (found := MACHINE_PATH.search(text))]


def test_registries_are_named_in_one_settings_file_only():
    assert not [(name, found[0]) for name, text in texts() if name not in NAMES_HOSTS and (found := HOSTS.search(text))]


def test_every_binary_asset_has_its_licence_written_down():
    licences = (ROOT / "assets/LICENSES.md").read_text(encoding="utf-8")
    binaries = [path for path in tracked() if path.suffix in BINARY and path.is_relative_to(ROOT / "assets")]
    assert binaries
    assert not [path.name for path in binaries if path.name not in licences]


def test_the_manifest_keeps_the_rules_of_blenders_platform():
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    assert len(manifest["tagline"]) <= 64 and manifest["tagline"][-1].isalnum()
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert manifest["license"] == ["SPDX:GPL-3.0-or-later"]
    for reason in manifest["permissions"].values():
        assert len(reason) <= 64 and reason[-1].isalnum()


def test_the_continuous_check_runs_the_command_that_developers_run():
    assert "python3 build.py test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
