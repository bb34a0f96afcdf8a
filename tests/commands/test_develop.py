"""Linking the checkout into installed Blenders."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.develop import PLACE, ROOT, run, version_folders
from motion.refusal import Refusal


@pytest.fixture
def settings(tmp_path) -> Path:
    for name in ("2.93", "4.2", "5.0", "cache"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_only_blenders_with_extensions_are_linked(settings):
    assert [folder.name for folder in version_folders(settings)] == ["4.2", "5.0"]
    assert run(["--blender-config", str(settings)]) == 0
    for version in ("4.2", "5.0"):
        assert (settings / version / PLACE).resolve() == ROOT
    assert not (settings / "2.93/extensions").exists()


def test_linking_twice_changes_nothing_and_unlinking_leaves_the_checkout(settings):
    for _ in range(2):
        assert run(["--blender-config", str(settings)]) == 0
    assert run(["--blender-config", str(settings), "--remove"]) == 0
    assert not (settings / "4.2" / PLACE).exists()
    assert (ROOT / "blender_manifest.toml").exists()


def test_an_installed_extension_is_never_overwritten(settings):
    installed = settings / "4.2" / PLACE
    installed.mkdir(parents=True)
    (installed / "mine.txt").write_text("kept")
    with pytest.raises(Refusal) as refused:
        run(["--blender-config", str(settings)])
    assert refused.value.sentence == f"{installed} is an installed Mambocap."
    run(["--blender-config", str(settings), "--remove"])
    assert (installed / "mine.txt").read_text() == "kept"


def test_no_blender_is_one_sentence(tmp_path):
    with pytest.raises(Refusal) as refused:
        run(["--blender-config", str(tmp_path)])
    assert refused.value.sentence == f"{tmp_path} holds no settings of Blender 4.2 or newer."
