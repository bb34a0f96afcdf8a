from pathlib import Path

import pytest

from tests.backend.made_up_take import home_without_networks


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of Mambocap in which nobody can detect: takes are made from what is in their cache."""
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    return home_without_networks(tmp_path / "home")


@pytest.fixture
def job(tmp_path: Path, home: Path) -> Path:
    folder = tmp_path / "take"
    folder.mkdir()
    return folder
