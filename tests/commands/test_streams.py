"""Names of files reach people whatever the encoding of their screens and pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands.pass_on import ROOT, call_module

NAME = "Größe 動き"
# As the pipe of a Windows whose language has no such letters.
ASCII = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize("arguments", [
    ["build.py", "dev", "--blender-config"], ["-m", "backend", "run"],
    ["backend/install.py", "backend", "--yes", "--wheels"],
], ids=["build", "backend", "install"])  # fmt: skip
def test_what_a_screen_cannot_show_is_written_in_another_way(tmp_path: Path, arguments: list[str]):
    (tmp_path / NAME / "4.2").mkdir(parents=True)
    said = subprocess.run([sys.executable, *arguments, str(tmp_path / NAME)], cwd=ROOT, env=ASCII,
                          capture_output=True, encoding="ascii")  # fmt: skip
    assert "Traceback" not in said.stderr
    assert NAME.encode("ascii", "backslashreplace").decode() in said.stdout + said.stderr


def test_the_backend_is_understood_on_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without a word of the encoding a module would write in the system's, here ASCII."""
    for name, value in {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    (tmp_path / "said.json").write_text('"45° ± 1, 動き"', encoding="utf-8")
    said = call_module(Path(sys.executable), "json.tool", ["--no-ensure-ascii", str(tmp_path / "said.json")],
                       stdout=subprocess.PIPE)  # fmt: skip
    assert said.stdout.strip() == '"45° ± 1, 動き"'
